import type { JsonValue } from '@lethe/contracts';
import { canonicalJson } from '@lethe/sealing';

/** Places that are named at most. More would not help a reader. */
const MAX_POINTERS = 100;

/**
 * JSON pointers (RFC 6901) to what differs between two values, the deepest that tell it: a changed text, an added or removed
 * member.
 */
export function changedPointers(before: JsonValue | undefined, after: JsonValue | undefined): string[] {
  const found: string[] = [];
  collect(before, after, '', found);
  return found;
}

function collect(before: JsonValue | undefined, after: JsonValue | undefined, at: string, found: string[]): void {
  if (found.length >= MAX_POINTERS) return;
  const [a, b] = [membersOf(before), membersOf(after)];
  if (a === undefined || b === undefined || Array.isArray(before) !== Array.isArray(after)) {
    if (!isSame(before, after)) found.push(at);
    return;
  }
  for (const name of new Set([...a.keys(), ...b.keys()])) {
    collect(a.get(name), b.get(name), `${at}/${escaped(name)}`, found);
  }
}

function membersOf(value: JsonValue | undefined): Map<string, JsonValue> | undefined {
  return typeof value === 'object' && value !== null ? new Map(Object.entries(value)) : undefined;
}

function isSame(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}

function escaped(name: string): string {
  return name.replaceAll('~', '~0').replaceAll('/', '~1');
}
