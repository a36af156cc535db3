import { MAX_MESSAGE_BYTES } from '@lethe/contracts';
import { IsArray, IsOptional, IsString } from 'class-validator';
import { describe, expect, it } from 'vitest';
import { decodePayload, encodePayload, validPayload } from './payload.js';

class Letter {
  @IsString() text!: string;
  @IsOptional() @IsArray() items?: unknown[];
}

describe('decodePayload', () => {
  it('makes an instance and leaves unknown members out', () => {
    const letter = decodePayload(Letter, '{"text":"a","more":1}');
    expect(letter).toBeInstanceOf(Letter);
    expect(letter).toEqual({ text: 'a' });
  });

  it('keeps nested values verbatim, members such as "constructor" and "__proto__" included', () => {
    const text = '{"text":"a","items":[{"constructor":1,"__proto__":{"x":1},"then":null,"toString":"s"}]}';
    expect(JSON.stringify(decodePayload(Letter, text))).toBe(text);
  });

  it.each(['', 'x', 'null', '[]', '"a"', '{}', '{"text":1}', '{"text":"a","items":{}}'])('refuses %s', (text) => {
    expect(decodePayload(Letter, text)).toBeUndefined();
  });

  it('lets no payload replace the prototype of its class', () => {
    const letter = decodePayload(Letter, '{"text":"a","__proto__":{"isAdmin":true}}');
    expect(letter === undefined || !('isAdmin' in letter)).toBe(true);
  });
});

describe('validPayload', () => {
  it('refuses what is no object', () => {
    expect([undefined, null, 1, 'a', []].map((value) => validPayload(Letter, value))).toEqual(Array(5).fill(undefined));
  });
});

describe('encodePayload', () => {
  it('refuses what is longer than a bus message may be, in bytes', () => {
    const room = MAX_MESSAGE_BYTES - '{"text":""}'.length;
    expect(encodePayload({ text: 'a'.repeat(room) })).toHaveLength(MAX_MESSAGE_BYTES);
    expect(() => encodePayload({ text: 'a'.repeat(room + 1) })).toThrow(RangeError);
    expect(() => encodePayload({ text: 'ü'.repeat(room - 10) })).toThrow(RangeError);
  });
});
