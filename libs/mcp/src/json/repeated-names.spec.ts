import { describe, expect, it } from 'vitest';
import { repeatsName } from './repeated-names.js';

describe('a name that an object has twice', () => {
  it.each([
    '{"a":1,"a":2}',
    '{"x":{"a":{},"b":[],"a":1}}',
    '[1,{"x":[{"a":"}","a":1}]}]',
    String.raw`{"a":1,"\u0061":2}`,
    '{"a":{"b":1},"c":2,"a":3}',
  ])('is found in %s', (json) => {
    expect(repeatsName(json)).toBe(true);
  });

  it.each([
    '{}',
    '[]',
    '"a"',
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a"}',
    '{"a":"\\"a\\":1","b":["a","a"]}',
  ])('is not found in %s', (json) => {
    expect(repeatsName(json)).toBe(false);
  });
});
