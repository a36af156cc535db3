import type { AuditEntry } from '../../api/audit.js';

/** One field of what an entry is about. */
export interface EntryField {
  name: string;
  /** As people read it; undefined where it was not there. */
  before: string | undefined;
  after: string | undefined;
  isChanged: boolean;
}

/** JSON of at most so many characters stands in one line. */
const SHORT = 40;

/** The fields of an entry before and after, in the order of the admin API: those that changed, and those that did not. */
export function entryFields({ before, after }: Pick<AuditEntry, 'before' | 'after'>): {
  changed: EntryField[];
  same: EntryField[];
} {
  const [was, is] = [before ?? {}, after ?? {}];
  const names = [...new Set([...Object.keys(is), ...Object.keys(was)])];
  const fields = names.map((name) => {
    const sides = { before: shown(was[name]), after: shown(is[name]) };
    return { name, ...sides, isChanged: sides.before !== sides.after };
  });
  return { changed: fields.filter(({ isChanged }) => isChanged), same: fields.filter(({ isChanged }) => !isChanged) };
}

function shown(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string') return value;
  const line = JSON.stringify(value);
  return line.length <= SHORT ? line : JSON.stringify(value, null, 2);
}
