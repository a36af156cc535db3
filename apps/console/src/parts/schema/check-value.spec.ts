import type { JsonValue } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { checkValue } from './check-value.js';

const OBJECT = {
  type: 'object',
  required: ['text'],
  additionalProperties: false,
  properties: {
    text: { type: 'string' },
    n: { type: 'integer', maximum: 3 },
    list: { type: 'array', items: { enum: ['a'] } },
  },
};

describe('checkValue', () => {
  it('finds nothing in a value that fits', () => {
    expect(checkValue(OBJECT, { text: 'x', n: 3, list: ['a'] })).toEqual({ isChecked: true, broken: [] });
  });

  it('says where which rule is broken', () => {
    const { broken } = checkValue(OBJECT, { n: 4, list: ['a', 'b'] });
    expect(broken).toContainEqual({ pointer: '', keyword: 'required' });
    expect(broken).toContainEqual({ pointer: '/n', keyword: 'maximum' });
    expect(broken).toContainEqual({ pointer: '/list/1', keyword: 'enum' });
  });

  it('knows draft-07 and 2020-12, and checks by both', () => {
    const seven = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      definitions: { s: { type: 'string' } },
      properties: { a: { $ref: '#/definitions/s' } },
    };
    const newer = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $defs: { s: { type: 'string' } },
      properties: { a: { $ref: '#/$defs/s' } },
    };
    for (const schema of [seven, newer]) {
      expect(checkValue(schema, { a: 1 }).broken).toContainEqual({ pointer: '/a', keyword: 'type' });
      expect(checkValue(schema, { a: 'x' }).broken).toEqual([]);
    }
  });

  it('runs no regular expression of a stranger, and keeps a property that is called pattern', () => {
    const evil = {
      type: 'object',
      properties: { pattern: { type: 'string', pattern: '^(a+)+$' } },
      patternProperties: { '^(a+)+$': false },
    };
    const begun = performance.now();
    expect(checkValue(evil, { pattern: `${'a'.repeat(60)}!` })).toEqual({ isChecked: true, broken: [] });
    expect(checkValue(evil, { pattern: 1 }).broken).toContainEqual({ pointer: '/pattern', keyword: 'type' });
    expect(performance.now() - begun).toBeLessThan(1_000);
  });

  it('checks by no schema that refers to itself without end, to elsewhere, or is too large', () => {
    const huge = { properties: Object.fromEntries(Array.from({ length: 30_000 }, (_, n) => [`p${n}`, {}])) };
    for (const schema of [{ $ref: '#' }, { $ref: 'https://evil.example/x' }, huge, 'no schema', null])
      expect(checkValue(schema, { a: 1 })).toEqual({ isChecked: false, broken: [] });
  });

  it('gives up on comparisons that multiply, by references, by the depth of the value or by its length', () => {
    const twice = ($ref: string) => ({ allOf: [{ $ref }, { $ref }] });
    const $defs: Record<string, object> = { n40: { type: 'string' } };
    for (let n = 0; n < 40; n += 1) $defs[`n${n}`] = twice(`#/$defs/n${n + 1}`);
    let deep: JsonValue = {};
    for (let n = 0; n < 40; n += 1) deep = { a: deep };
    const long = Array.from({ length: 60_000 }, (_, n) => n);
    const begun = performance.now();
    expect(checkValue({ uniqueItems: true }, long)).toEqual({ isChecked: false, broken: [] });
    expect(checkValue({ items: { enum: long.map(String) } }, long)).toEqual({ isChecked: false, broken: [] });
    expect(checkValue({ ...twice('#/$defs/n0'), $defs }, 'x')).toEqual({ isChecked: false, broken: [] });
    expect(checkValue({ properties: { a: twice('#') } }, deep)).toEqual({ isChecked: false, broken: [] });
    expect(performance.now() - begun).toBeLessThan(5_000);
  });

  it('checks a long value by an ordinary schema', () => {
    const list = Array.from({ length: 5_000 }, (_, n) => ({ id: n, name: `n${n}` }));
    const items = { type: 'object', properties: { id: { type: 'integer' }, name: { type: 'string' } } };
    expect(checkValue({ uniqueItems: true }, [1, 2, 1]).broken).toContainEqual({ pointer: '', keyword: 'uniqueItems' });
    expect(checkValue({ type: 'array', items }, list)).toEqual({ isChecked: true, broken: [] });
    expect(checkValue({ type: 'array', items }, [...list, { id: 'x' }]).broken).toContainEqual({
      ...{ pointer: '/5000/id', keyword: 'type' },
    });
  });

  it('takes no name from a prototype for one that was typed', () => {
    const schema: unknown = JSON.parse(
      '{"required":["__proto__","constructor"],"properties":{"toString":{"type":"string"}}}',
    );
    expect(checkValue(schema, {}).broken.every(({ keyword }) => keyword === 'required')).toBe(true);
    expect(checkValue(schema, {}).broken).not.toEqual([]);
    expect(checkValue(schema, JSON.parse('{"__proto__":1,"constructor":2}'))).toEqual({ isChecked: true, broken: [] });
  });
});
