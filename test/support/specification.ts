import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import type { Era } from '@lethe/contracts';

interface Definition {
  additionalProperties?: unknown;
  $ref?: string;
  anyOf?: Definition[];
  properties?: { method?: { const?: string } };
}
type Schema = Record<string, Definition>;

/** A direction of a message, and the definition of the schema that lists the methods of one kind in it. */
const DIRECTIONS = { client: ['ClientRequest', 'ClientNotification'], server: ['ServerRequest', 'ServerNotification'] };
/** In the modern era servers ask inside a result. */
const ASKED = 'InputRequest';

/** Methods that the specification's schemas know, over all revisions of an era. */
export function specifiedMethods(era: Era, from: 'client' | 'server'): Set<string> {
  const schemas = specificationSchemas().filter((schema) => 'DiscoverRequest' in schema === (era === 'modern'));
  const roots = [...DIRECTIONS[from], ...(from === 'server' ? [ASKED] : [])];
  return new Set(schemas.flatMap((schema) => roots.flatMap((root) => methodsOf(schema, schema[root]))));
}

/** A definition in the schema of each revision of an era that has it. */
export function specifiedDefinitions(era: Era, name: string): Definition[] {
  const schemas = specificationSchemas().filter((schema) => 'DiscoverRequest' in schema === (era === 'modern'));
  return schemas.flatMap((schema) => schema[name] ?? []);
}

function methodsOf(schema: Schema, definition: Definition | undefined): string[] {
  if (definition === undefined) return [];
  const { $ref, anyOf, properties } = definition;
  if (anyOf) return anyOf.flatMap((one) => methodsOf(schema, one));
  if ($ref !== undefined) return methodsOf(schema, schema[$ref.split('/').at(-1) ?? '']);
  const method = properties?.method?.const;
  return method === undefined ? [] : [method];
}

/** The JSON schemas of the revisions, which the conformance suite carries in its bundle and nowhere else. */
function specificationSchemas(): Schema[] {
  const file = fileURLToPath(import.meta.resolve('@modelcontextprotocol/conformance/package.json'));
  const bundle = readFileSync(file.replace(/package\.json$/, 'dist/index.js'), 'utf8');
  return [...bundle.matchAll(/=\{\$schema:`[^`]*`,(definitions|\$defs):\{/g)].map((match) => {
    const start = match.index + 1;
    const value: Record<string, Schema> = runInNewContext(`(${literalAt(bundle, start)})`);
    return value[match[1] ?? ''] ?? {};
  });
}

/** The object literal that begins here; its strings are in backticks. */
function literalAt(text: string, start: number): string {
  let depth = 0;
  for (let at = start; at < text.length; at += 1) {
    const char = text[at];
    if (char === '`') for (at += 1; text[at] !== '`'; at += 1) if (text[at] === '\\') at += 1;
    if (char === '{') depth += 1;
    if (char === '}' && (depth -= 1) === 0) return text.slice(start, at + 1);
  }
  throw new Error('a literal without an end');
}
