import type { JsonValue } from '@lethe/contracts';
import type { ChangeResponse } from '../registry/responses.js';

const STATUSES: ReadonlyMap<string, string> = new Map([
  ['pending', 'waits for your review'],
  ['rejected', 'rejected'],
  ['superseded', 'a newer verification took its place'],
  ['applied', 'applied'],
  ['served', 'serves'],
]);

/** How a change is named on the command line. */
export function changeName({ kind, name }: ChangeResponse): string {
  return kind === 'server' ? 'server' : `${kind}:${name}`;
}

/**
 * Formats changes for people, with both texts of what differs. The texts are complete: what is meant to be overlooked may be
 * anywhere in them. Whoever prints them writes hidden characters as escapes.
 */
export function diffText(changes: readonly ChangeResponse[]): string[] {
  return changes.flatMap((change) => [
    `  ${change.change} ${changeName(change)} (${STATUSES.get(change.status) ?? change.status})`,
    ...differences(change),
  ]);
}

/** Counts changes by what they are: `1 added, 2 changed`. */
export function changeCounts(changes: readonly ChangeResponse[]): string {
  const counts = Map.groupBy(changes, ({ change }) => change);
  return [...counts].map(([change, each]) => `${each.length} ${change}`).join(', ');
}

function differences({ change, changes, before, after }: ChangeResponse): string[] {
  if (change === 'removed') return [];
  if (before === undefined || after === undefined) return members(after);
  return changes.flatMap((pointer) => [
    `    ${pointer === '' ? 'all of it' : pointer}`,
    ...lines('-', valueAt(before, pointer)),
    ...lines('+', valueAt(after, pointer)),
  ]);
}

/** A new definition, member by member. */
function members(after: JsonValue | undefined): string[] {
  if (typeof after !== 'object' || after === null || Array.isArray(after)) return [];
  return Object.entries(after).flatMap(([variant, content]) =>
    typeof content === 'object' && content !== null && !Array.isArray(content)
      ? Object.entries(content).flatMap(([name, value]) => [`    /${variant}/${name}`, ...lines('+', value)])
      : [`    /${variant}`, ...lines('+', content)],
  );
}

/** Each line of a text is one line; another value is its JSON. */
function lines(sign: '+' | '-', value: JsonValue | undefined): string[] {
  if (value === undefined) return [];
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.split(/\r?\n/).map((line) => `      ${sign} ${line}`);
}

/** The value at a JSON pointer (RFC 6901). */
function valueAt(value: JsonValue | undefined, pointer: string): JsonValue | undefined {
  let at = value;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = new Map<string, JsonValue>(Object.entries(at)).get(name);
  }
  return at;
}
