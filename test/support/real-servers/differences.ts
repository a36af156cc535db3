import type { JsonValue } from '@lethe/contracts';
import type { Observation } from './observe.js';

/** One place where two observations differ. */
export interface Difference {
  /** Such as `capabilities.tools.listChanged` or `tools.echo.inputSchema.type`. */
  path: string;
  direct: JsonValue | undefined;
  through: JsonValue | undefined;
}

/** Every place in which what is seen through Lethe differs from what is seen directly. */
export function differences(direct: Observation, through: Observation): Difference[] {
  const one = flat(direct);
  const other = flat(through);
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths]
    .map((path) => ({ path, direct: one.get(path), through: other.get(path) }))
    .filter((found) => JSON.stringify(found.direct) !== JSON.stringify(found.through));
}

/** Leaves by path; empty objects and lists are leaves too. Items of lists have their names in the path, so that order is seen. */
function flat(value: JsonValue | Observation, path = '', into = new Map<string, JsonValue>()): Map<string, JsonValue> {
  if (Array.isArray(value)) {
    into.set(`${path}.length`, value.length);
    value.forEach((item, index) => flat(item, `${path}.${nameOf(item) ?? index}`, into));
    return into;
  }
  if (typeof value !== 'object' || value === null) return into.set(path, value);
  const members = Object.entries(value);
  if (members.length === 0) into.set(path, {});
  for (const [name, member] of members) flat(member, path === '' ? name : `${path}.${name}`, into);
  return into;
}

function nameOf(item: JsonValue): string | undefined {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return undefined;
  const name = item['name'] ?? item['uri'] ?? item['uriTemplate'];
  return typeof name === 'string' ? name : undefined;
}
