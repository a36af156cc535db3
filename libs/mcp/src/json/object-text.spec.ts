import { describe, expect, it } from 'vitest';
import { editObject, memberText, ObjectText } from './object-text.js';

describe('editObject', () => {
  const json = '{ "a" : 1.0, "b": {"c": [1, "},\\"", {"d": 12345678901234567890}]} ,"\\u0065":"x" }';

  it('keeps what is not named as it was written', () => {
    expect(editObject(json, { a: '2', z: '"new"' })).toBe(
      '{"b": {"c": [1, "},\\"", {"d": 12345678901234567890}]},"\\u0065":"x","a":2,"z":"new"}',
    );
  });

  it('leaves members out, also those named by escapes, and fills an empty object', () => {
    expect(editObject(json, { b: undefined, e: undefined })).toBe('{"a" : 1.0}');
    expect(editObject('{}', { a: '1' })).toBe('{"a":1}');
    expect(editObject(' { } ', {})).toBe('{}');
  });

  it('takes a member that is no object for an empty one', () => {
    expect(new ObjectText('{"_meta":"x"}').object('_meta').with({ a: '1' })).toBe('{"a":1}');
    expect(new ObjectText('{}').object('_meta').with({})).toBe('{}');
  });

  it('reads an object inside of another one in the same pass', () => {
    const inner = (text: string) => ObjectText.member(text, 'result');
    const result = inner('{"id":1, "result" : {"a": {"x": "}"}, "b":[ {} ]} , "z":{"result":{}}}');
    expect(result?.text).toBe('{"a": {"x": "}"}, "b":[ {} ]}');
    expect(result?.get('a')).toBe('{"x": "}"}');
    expect(result?.with({ a: undefined, c: '1' })).toBe('{"b":[ {} ],"c":1}');
    expect(inner('{"id":1,"result":{ } }')?.with({ a: '1' })).toBe('{"a":1}');
    expect(inner('{"result":{},"id":"x"}')?.text).toBe('{}');
  });

  it('of duplicates takes the last one, as parsers do, also when that is no object', () => {
    expect(ObjectText.member('{"r":{"a":1},"\\u0072":{"b":2}}', 'r')?.text).toBe('{"b":2}');
    expect(ObjectText.member('{"r":{"a":1},"r":[{"b":2}]}', 'r')).toBeUndefined();
    expect(ObjectText.member('{"r":"{\\"b\\":2}"}', 'r')).toBeUndefined();
    expect(ObjectText.member('{"q":{"r":{"a":1}}}', 'r')).toBeUndefined();
  });

  it('reads one member as it was written', () => {
    expect(memberText(json, 'a')).toBe('1.0');
    expect(memberText(json, 'b')).toBe('{"c": [1, "},\\"", {"d": 12345678901234567890}]}');
    expect(memberText(json, 'c')).toBeUndefined();
    expect(memberText('{}', 'a')).toBeUndefined();
  });
});
