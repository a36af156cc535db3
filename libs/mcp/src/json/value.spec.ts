import { describe, expect, it } from 'vitest';
import { parseJson } from './value.js';

describe('parseJson', () => {
  it('reads names written with an escape as what they are, at any depth, whatever V8 has seen in their place before', () => {
    const text = String.raw`{"outer":{"first":1,"\u0069nput":{"second":1,"\u006eame":"\u0022\u005C\\u0041\u00e9"}}}`;
    // Objects that begin like these are in no other test: V8 remembers for the rest of the process.
    for (let seen = 0; seen < 3; seen++) {
      JSON.parse(String.raw`{"outer":{"first":1,"\\u006":1}}`);
      JSON.parse(String.raw`{"second":1,"\\u00":1}`);
    }
    expect(parseJson(text)).toEqual({ outer: { first: 1, input: { second: 1, name: String.raw`"\\u0041é` } } });
  });

  it('changes no value, and no name but in its spelling', () => {
    const text = String.raw`[{ "x\\u0041\u0041\"\u00e9" : "\u0041\": \\", "\u0022y" :["\u0041", {}] }, "\u0041\""]`;
    expect(parseJson(text)).toEqual([{ 'x\\u0041A"é': 'A": \\', '"y': ['A', {}] }, 'A"']);
  });

  it('takes an escape for no JSON where none may stand', () => {
    expect(parseJson(String.raw`{"id":\u0031}`)).toBeUndefined();
    expect(parseJson(String.raw`\u007b}`)).toBeUndefined();
  });
});
