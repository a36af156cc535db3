import { describe, expect, it } from 'vitest';
import { LIMITS, readSchema, type SchemaNode } from './read-schema.js';

const nested = (depth: number): object =>
  depth === 0 ? { type: 'string' } : { type: 'object', properties: { in: nested(depth - 1) } };
const deepest = (node: SchemaNode): SchemaNode => (node.members[0] ? deepest(node.members[0].node) : node);
const count = (node: SchemaNode): number =>
  1 + [...node.members.map((member) => member.node), ...node.variants].reduce((sum, each) => sum + count(each), 0);

describe('readSchema', () => {
  it('reads names, types, what is required, defaults, limits and allowed values', () => {
    const { members } = readSchema({
      type: 'object',
      required: ['text'],
      properties: {
        text: { type: 'string', description: 'What to say', minLength: 1 },
        times: { type: ['integer', 'null'], default: 1, maximum: 9 },
        tone: { enum: ['calm', 'loud'] },
        kind: { const: 7 },
      },
    });
    expect(members.map(({ name, isRequired }) => [name, isRequired])).toEqual([
      ['text', true],
      ['times', false],
      ['tone', false],
      ['kind', false],
    ]);
    expect(members[0]?.node).toMatchObject({
      types: ['string'],
      description: 'What to say',
      rules: [['minLength', '1']],
    });
    expect(members[1]?.node).toMatchObject({ types: ['integer', 'null'], byDefault: 1, rules: [['maximum', '9']] });
    expect(members.slice(2).map(({ node }) => node.allowed)).toEqual([['calm', 'loud'], [7]]);
  });

  it('follows references within the document, of both drafts, and puts allOf together', () => {
    const node = readSchema({
      allOf: [{ $ref: '#/definitions/base' }, { properties: { own: { $ref: '#/$defs/a~1b' } }, required: ['own'] }],
      definitions: { base: { type: 'object', properties: { id: { type: 'integer' } }, required: ['id'] } },
      $defs: { 'a/b': { type: 'boolean', description: 'theirs' } },
    });
    expect(node.members.map(({ name, isRequired, node: { types } }) => [name, isRequired, ...types])).toEqual([
      ['id', true, 'integer'],
      ['own', true, 'boolean'],
    ]);
  });

  it('keeps what stands beside a reference', () => {
    const document = {
      $ref: '#/$defs/a',
      description: 'mine',
      $defs: { a: { type: 'string', description: 'theirs' } },
    };
    expect(readSchema(document)).toMatchObject({ types: ['string'], description: 'mine' });
  });

  it('stops at a schema that refers to itself, in one step or in several', () => {
    const tree = { $ref: '#/$defs/t', $defs: { t: { type: 'object', properties: { next: { $ref: '#/$defs/t' } } } } };
    expect(readSchema(tree).members[0]?.node.cut).toBe('cycle');
    expect(readSchema({ $ref: '#' }).cut).toBe('cycle');
    const pair = { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { allOf: [{ $ref: '#/$defs/a' }] } } };
    expect(readSchema(pair).cut).toBe('cycle');
  });

  it('does not follow references to elsewhere or to nothing', () => {
    for (const $ref of ['https://evil.example/schema', '#/$defs/none', '#anchor', '#/__proto__', '#/constructor/name'])
      expect(readSchema({ $ref }).cut).toBe('elsewhere');
  });

  it('reads only so deep, and only so many parts', () => {
    expect(deepest(readSchema(nested(200))).cut).toBe('depth');
    const many = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`p${n}`, { type: 'string' }]));
    expect(count(readSchema({ type: 'object', properties: many }))).toBeLessThanOrEqual(LIMITS.parts + 2);
  });

  it('ends for references that double at each step', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 60 }, (_, n) => [`d${n}`, { anyOf: [1, 2].map(() => ({ $ref: `#/$defs/d${n + 1}` })) }]),
    );
    const node = readSchema({ $ref: '#/$defs/d0', $defs });
    expect(count(node)).toBeLessThan(5 * LIMITS.parts);
  });

  it('reads a member called __proto__ as a member, and changes no prototype', () => {
    const schema: unknown = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string"},"constructor":{}}}',
    );
    expect(readSchema(schema).members.map(({ name }) => name)).toEqual(['__proto__', 'constructor']);
    expect(Object.hasOwn(Object.prototype, 'type')).toBe(false);
  });

  it.each([
    undefined,
    null,
    true,
    7,
    'text',
    [],
    { type: 9, properties: [], enum: 'x', required: 3, oneOf: {}, allOf: 1 },
  ])('throws for nothing: %j', (schema) => {
    expect(readSchema(schema).members).toEqual([]);
  });
});
