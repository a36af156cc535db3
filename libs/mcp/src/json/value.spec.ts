import { describe, expect, it } from 'vitest';
import { parseJson } from './value.js';

describe('parseJson', () => {
  it('reads names written with an escape as what they are, at any depth, whatever V8 has seen in their place before', () => {
    const text = String.raw`{"id":1,"result":{"a":1,"\u0069nput":{"b":1,"\u006eame":"\u0022\u005C\\u0041\u00e9"}}}`;
    for (let seen = 0; seen < 3; seen++) {
      JSON.parse(String.raw`{"id":1,"result":{"a":1,"\\u006":1}}`);
      JSON.parse(String.raw`{"b":1,"\\u00":1}`);
    }
    expect(parseJson(text)).toEqual({ id: 1, result: { a: 1, input: { b: 1, name: String.raw`"\\u0041é` } } });
  });

  it('takes an escape for no JSON where none may stand', () => {
    expect(parseJson(String.raw`{"id":\u0031}`)).toBeUndefined();
    expect(parseJson(String.raw`\u007b}`)).toBeUndefined();
  });
});
