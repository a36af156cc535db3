import type { JsonValue } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import {
  controlFor,
  controlOf,
  emptyOf,
  firstValue,
  fitsRoughly,
  memberOf,
  typedNumber,
  withMember,
  withoutNull,
} from './form-control.js';
import { readSchema } from './read-schema.js';

const control = (schema: object) => controlOf(withoutNull(readSchema(schema)));

describe('controlOf', () => {
  it.each<[object, string]>([
    [{ type: 'string' }, 'text'],
    [{ type: 'integer' }, 'integer'],
    [{ type: ['number', 'null'] }, 'number'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: 'string', enum: ['a'] }, 'choice'],
    [{ type: 'array', items: { type: 'string' } }, 'list'],
    [{ type: 'array' }, 'json'],
    [{ type: 'object', properties: { a: {} } }, 'group'],
    [{ type: 'object', additionalProperties: true }, 'json'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'text'],
    [{ oneOf: [{ type: 'string' }, { type: 'integer' }] }, 'variants'],
    [{ $ref: '#' }, 'json'],
    [{}, 'json'],
  ])('%j is edited as %s', (schema, expected) => {
    expect(control(schema)).toBe(expected);
  });

  it('edits a value as JSON that its control could not show without loss', () => {
    expect(controlFor(readSchema({ type: 'string' }), null)).toBe('json');
    expect(controlFor(readSchema({ type: 'string' }), { a: 1 })).toBe('json');
    expect(controlFor(readSchema({ enum: ['a', 'b'] }), 'c')).toBe('json');
    expect(controlFor(readSchema({ type: 'string' }), undefined)).toBe('text');
  });
});

describe('values of a form', () => {
  it('begins with required defaults and constants, and leaves everything else out', () => {
    const schema = {
      type: 'object',
      required: ['kind', 'size', 'inner', 'text'],
      properties: {
        kind: { const: 'k' },
        size: { type: 'integer', default: 3 },
        inner: { type: 'object', required: ['deep'], properties: { deep: { default: true }, other: { default: 1 } } },
        text: { type: 'string' },
        maybe: { type: 'string', default: 'x' },
      },
    };
    expect(firstValue(readSchema(schema))).toEqual({ kind: 'k', size: 3, inner: { deep: true } });
  });

  it('keeps members that the form knows nothing of, and the order of those it changes', () => {
    const before: JsonValue = { a: 1, unknown: [null], b: 2 };
    expect(JSON.stringify(withMember(before, 'a', 9))).toBe('{"a":9,"unknown":[null],"b":2}');
    expect(withMember(before, 'a', undefined)).toEqual({ unknown: [null], b: 2 });
    expect(before).toEqual({ a: 1, unknown: [null], b: 2 });
  });

  it('sets a member called __proto__ as a member', () => {
    const value = withMember({}, '__proto__', { polluted: true });
    expect(JSON.stringify(value)).toBe('{"__proto__":{"polluted":true}}');
    expect(memberOf(value, '__proto__')).toEqual({ polluted: true });
    expect(memberOf({}, '__proto__')).toBeUndefined();
    expect(memberOf({}, 'constructor')).toBeUndefined();
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('takes as numbers only what JSON and JavaScript keep', () => {
    expect(['', ' 7 ', '-1.5', '1e3'].map(typedNumber)).toEqual([undefined, 7, -1.5, 1000]);
    for (const text of ['abc', '1e999', '9007199254740993', '0x10x', 'Infinity', '-'])
      expect(typedNumber(text)).toBe(text);
  });

  it('finds the variant of a value by its type and by what has to be there', () => {
    const [file, link, number] = readSchema({
      oneOf: [
        { type: 'object', required: ['kind'], properties: { kind: { const: 'file' } } },
        { type: 'object', required: ['kind'], properties: { kind: { const: 'link' } } },
        { type: 'number' },
      ],
    }).variants;
    if (!file || !link || !number) throw new Error('three variants');
    expect([file, link, number].map((each) => fitsRoughly(each, { kind: 'link' }))).toEqual([false, true, false]);
    expect([file, link, number].map((each) => fitsRoughly(each, 3))).toEqual([false, false, true]);
  });

  it('adds entries of the right type to a list', () => {
    const empties = [{ type: 'string' }, { type: 'integer' }, { enum: ['a', 'b'] }, { type: 'array', items: {} }, {}];
    expect(empties.map((schema) => emptyOf(readSchema(schema)))).toEqual(['', 0, 'a', [], null]);
  });
});
