import type { Change } from '../../api/reviews.js';

/** One field of a definition that differs. */
export interface FieldChange {
  /** JSON pointer into the content. */
  pointer: string;
  /** Names and indexes that lead to it; `definition` is left out. */
  path: string[];
  /** Undefined where it was not there. */
  before: unknown;
  after: unknown;
  /** The definition for the legacy era differs in the same way. */
  isInBothEras: boolean;
}

type Content = NonNullable<Change['after']>;
const [CURRENT, LEGACY] = ['/definition', '/legacyDefinition'];

/** The fields of a change: what differs, or all of what was added or removed. */
export function fieldChanges({ changes, before, after }: Change): FieldChange[] {
  const pointers = before !== undefined && after !== undefined ? changes : membersOf(after ?? before);
  const fields = pointers.map((pointer) => fieldAt(pointer, before, after));
  const isRepeated = (field: FieldChange): boolean =>
    field.pointer.startsWith(LEGACY) && fields.some((other) => isSameIn(other, field));
  return fields
    .filter((field) => !isRepeated(field))
    .map((field) => ({ ...field, isInBothEras: fields.some((other) => isSameIn(field, other)) }));
}

function fieldAt(pointer: string, before: Content | undefined, after: Content | undefined): FieldChange {
  const path = namesOf(pointer);
  return {
    pointer,
    path: path[0] === 'definition' ? path.slice(1) : path,
    before: valueAt(before, pointer),
    after: valueAt(after, pointer),
    isInBothEras: false,
  };
}

/** Whether `legacy` is the same change as `field`, in the other definition of the item. */
function isSameIn(field: FieldChange, legacy: FieldChange): boolean {
  return (
    field.pointer.startsWith(CURRENT) &&
    legacy.pointer === LEGACY + field.pointer.slice(CURRENT.length) &&
    JSON.stringify([field.before, field.after]) === JSON.stringify([legacy.before, legacy.after])
  );
}

/** Pointers to each member of the definitions, and to what else there is. */
function membersOf(content: Content | undefined): string[] {
  if (content === undefined) return [];
  return Object.entries(content).flatMap(([part, value]) =>
    isObject(value) ? Object.keys(value).map((name) => `/${part}/${escaped(name)}`) : [`/${part}`],
  );
}

/** The value at a JSON pointer (RFC 6901); undefined if there is none. */
export function valueAt(value: unknown, pointer: string): unknown {
  let at = value;
  for (const name of namesOf(pointer)) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    at = new Map<string, unknown>(Object.entries(at)).get(name);
  }
  return at;
}

function namesOf(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
