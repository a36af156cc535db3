import type { JsonObject } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';

/** The arguments of a prompt as a JSON Schema: they have names and descriptions, and are texts all. */
export function promptSchema(list: unknown): JsonObject {
  const named = (Array.isArray(list) ? list : []).filter(isObject);
  const properties = named.flatMap(({ name, title, description }) =>
    typeof name === 'string'
      ? [
          [
            name,
            {
              type: 'string',
              ...(typeof title === 'string' && { title }),
              ...(typeof description === 'string' && { description }),
            },
          ] as const,
        ]
      : [],
  );
  const required = named.flatMap(({ name, required: isRequired }) =>
    typeof name === 'string' && isRequired === true ? [name] : [],
  );
  return { type: 'object', properties: Object.fromEntries(properties), required };
}

/** The variables of a URI template (RFC 6570) as a JSON Schema. */
export function templateSchema(names: readonly string[]): JsonObject {
  const properties = Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
  return { type: 'object', properties, required: [...names] };
}
