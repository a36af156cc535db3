import type { JsonObject, JsonValue } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';

/** A schema with what it refers to and what it adds by `allOf` in one object, and the references that led there. */
export type Flat = { schema: JsonObject; followed: readonly string[] } | { cut: 'cycle' | 'elsewhere' };

/** How many `allOf` and references are put together, at most. */
const MOST_STEPS = 32;

/**
 * Puts a schema together with its `$ref` (only within the document, by a JSON pointer) and its `allOf`. Members of the
 * schema itself count more than those of what it refers to.
 * @param path references that were followed on the way to this schema: one of them again is a cycle
 */
export function flatten(schema: JsonObject, document: unknown, path: readonly string[]): Flat {
  let whole = schema;
  const followed = [...path];
  for (let steps = 0; steps < MOST_STEPS; steps += 1) {
    const { $ref, ...rest } = whole;
    if (typeof $ref === 'string') {
      if (followed.includes($ref)) return { cut: 'cycle' };
      const target = atPointer(document, $ref);
      if (!isObject(target)) return { cut: 'elsewhere' };
      followed.push($ref);
      whole = together(target, rest);
      continue;
    }
    const { allOf, ...own } = whole;
    if (!Array.isArray(allOf)) return { schema: whole, followed };
    whole = allOf
      .slice(0, MOST_STEPS)
      .filter(isObject)
      .reduce((sum, part) => together(part, sum), own);
  }
  return { schema: whole, followed };
}

/** What a fragment with a JSON pointer (RFC 6901, section 6) names in a document; undefined if there is nothing. */
export function atPointer(document: unknown, reference: string): JsonValue | undefined {
  if (!reference.startsWith('#') || (reference.length > 1 && reference[1] !== '/')) return undefined;
  let at: unknown = document;
  for (const step of reference.slice(1).split('/').slice(1)) {
    const name = unescaped(step);
    if (Array.isArray(at)) at = at[Number(name)];
    else if (isObject(at) && Object.hasOwn(at, name)) at = at[name];
    else return undefined;
  }
  return isObject(at) ? at : undefined;
}

/** Both schemas: properties and required names of both, of everything else what `own` has. */
function together(other: JsonObject, own: JsonObject): JsonObject {
  const whole = { ...other, ...own };
  const properties = [other['properties'], own['properties']].filter(isObject);
  if (properties.length > 0) whole['properties'] = { ...properties[0], ...properties[1] };
  const required = [other['required'], own['required']].filter(Array.isArray);
  if (required.length > 0) whole['required'] = required.flat();
  // A `$ref` of the other one is followed next; one here was, before.
  const { $ref } = other;
  return $ref === undefined ? whole : { ...whole, $ref };
}

function unescaped(step: string): string {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return step;
  }
}
