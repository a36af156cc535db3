import type { CatalogueItem, JsonObject } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { holdBackSchemas } from './held-back-schemas.js';
import { MAX_SCHEMA_BYTES, SchemaCompiler } from './schema-compiler.js';

const OBJECT = { type: 'object' };
const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';

function tool(members: JsonObject, name = 't'): CatalogueItem {
  return { kind: 'tool', own: name, definition: { name, inputSchema: OBJECT, ...members } };
}

/** What is served for one tool, and the pointers of what is held back. */
function served(members: JsonObject): { definition: JsonObject | undefined; pointers: unknown[] } {
  const { items, warnings } = holdBackSchemas([tool(members)]);
  return { definition: items[0]?.definition, pointers: warnings.map((each) => 'pointer' in each && each.pointer) };
}

const withProperty = (property: JsonObject, more: JsonObject = {}): JsonObject => ({
  ...OBJECT,
  properties: { good: { type: 'string', pattern: '^a' }, bad: property },
  ...more,
});

describe('schemas that clients can compile', () => {
  it.each<[string, JsonObject]>([
    ['references', withProperty({ $ref: '#/$defs/x' }, { $defs: { x: { type: 'string' } } })],
    ['draft-07', withProperty({ $ref: '#/definitions/x' }, { $schema: DRAFT_07, definitions: { x: {} } })],
    ['2020-12', { $schema: 'https://json-schema.org/draft/2020-12/schema', ...withProperty({ prefixItems: [{}] }) }],
    ['recursion', withProperty({ $ref: '#' })],
    ['unknown keywords and formats', withProperty({ type: 'string', format: 'made-up', 'x-vendor': 1 })],
    ['a pattern that could run for ever', withProperty({ type: 'string', pattern: '^(a+)+$' })],
  ])('are served as they are: %s', (_what, schema) => {
    const members = { inputSchema: schema, outputSchema: schema };
    expect(served(members)).toEqual({ definition: tool(members).definition, pointers: [] });
  });
});

const BAD: [string, JsonObject][] = [
  ['a dangling reference', { $ref: '#/$defs/missing', description: 'text' }],
  ['a reference to another document', { $ref: 'https://example.com/x.json', description: 'text' }],
  ['a pattern of another language', { type: 'string', pattern: '(?P<x>a)', description: 'text' }],
  ['a type that is none', { type: 'any', description: 'text' }],
  ['a keyword of another draft', { type: 'integer', exclusiveMinimum: true, description: 'text' }],
];

describe('a schema that clients can not compile', () => {
  it.each(BAD)('is dropped if it is an output schema: %s', (_what, property) => {
    const { definition, pointers } = served({ title: 'T', outputSchema: withProperty(property) });
    expect(definition).toEqual({ name: 't', title: 'T', inputSchema: OBJECT });
    expect(pointers).toEqual(['/items/0/definition/outputSchema']);
  });

  it.each(BAD)('keeps its good properties and plain ones if it is an input schema: %s', (_what, property) => {
    const inputSchema = withProperty(property, { required: ['bad'], additionalProperties: false, title: 'In' });
    const { definition, pointers } = served({ inputSchema, outputSchema: OBJECT });
    const { type } = property;
    expect(definition).toMatchObject({ name: 't', outputSchema: OBJECT });
    expect(definition?.['inputSchema']).toEqual({
      ...OBJECT,
      title: 'In',
      properties: {
        good: { type: 'string', pattern: '^a' },
        bad: { description: 'text', ...(type !== undefined && type !== 'any' && { type }) },
      },
      required: ['bad'],
    });
    expect(pointers).toEqual(['/items/0/definition/inputSchema']);
  });

  it('keeps the header that a plain property is sent in', () => {
    const { definition } = served({
      inputSchema: withProperty({ $ref: '#/x', type: 'string', 'x-mcp-header': 'Region' }),
    });
    expect(definition).toMatchObject({
      inputSchema: { properties: { bad: { type: 'string', 'x-mcp-header': 'Region' } } },
    });
  });

  it('becomes an empty input schema when nothing of it can be kept', () => {
    const { definition } = served({ inputSchema: { ...OBJECT, required: true, allOf: 1 } });
    expect(definition).toMatchObject({ inputSchema: OBJECT });
    expect(definition?.['inputSchema']).toEqual(OBJECT);
  });

  it('is served as input if clients of one era can compile it, and dropped as output', () => {
    const tuple = withProperty({ type: 'array', items: [{ type: 'string' }] });
    const { definition, pointers } = served({ inputSchema: tuple, outputSchema: tuple });
    expect(definition).toEqual({ name: 't', inputSchema: tuple });
    expect(pointers).toEqual(['/items/0/definition/outputSchema']);
  });

  it('is found in both definitions of an item, and changes no other item', () => {
    const bad = { ...OBJECT, $ref: '#/missing' };
    const good = tool({ outputSchema: OBJECT }, 'good');
    const both = { ...tool({ outputSchema: OBJECT }), legacyDefinition: { name: 't', outputSchema: bad } };
    const resource: CatalogueItem = { kind: 'resource', own: 'x://r', definition: { outputSchema: bad } };
    const { items, warnings } = holdBackSchemas([good, both, resource]);
    expect(items[0]).toBe(good);
    expect(items[1]).toEqual({ ...both, legacyDefinition: { name: 't' } });
    expect(items[2]).toBe(resource);
    expect(warnings).toEqual([{ code: 'schema_held_back', pointer: '/items/1/legacyDefinition/outputSchema' }]);
  });
});

describe('the check of schemas', () => {
  it('takes little time for one that refers many times to a large part of itself', () => {
    const entries = (count: number, of: (n: number) => JsonObject): JsonObject =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`p${n}`, of(n)]));
    const large = { ...OBJECT, properties: entries(400, (n) => ({ type: 'string', enum: ['a', `x${n}`] })) };
    const schema = { ...OBJECT, $defs: { large }, properties: entries(800, () => ({ $ref: '#/$defs/large' })) };
    const before = process.memoryUsage().heapUsed;
    expect(served({ outputSchema: schema }).pointers).toEqual([]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(48 * 1024 * 1024);
  });

  it('leaves long schemas, and those after its time, as they are, and says so', () => {
    const bad = { ...OBJECT, $ref: '#/missing' };
    const long = { ...bad, description: 'x'.repeat(MAX_SCHEMA_BYTES) };
    const unchecked = [{ code: 'schemas_unchecked' }];
    const items = [tool({ outputSchema: long })];
    expect(holdBackSchemas(items)).toEqual({ items, warnings: unchecked });
    let now = 0;
    const slow = new SchemaCompiler(10, () => (now += 5));
    const { warnings } = holdBackSchemas([tool({ outputSchema: bad }), tool({ outputSchema: bad })], slow);
    expect(warnings).toEqual([{ code: 'schema_held_back', pointer: '/items/0/definition/outputSchema' }, ...unchecked]);
  });

  it('names the first hundred', () => {
    const items = Array.from({ length: 120 }, (_, n) => tool({ outputSchema: { $ref: '#/missing' } }, `t${n}`));
    expect(holdBackSchemas(items).warnings).toHaveLength(100);
  });
});
