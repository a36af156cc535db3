import { describe, expect, it } from 'vitest';
import { toLatin1Bytes } from './byte-characters.js';

describe('byteCharacters', () => {
  it.each(['', 'plain ~', 'é', '\u007f', '\u0080', '\ud800', '日本', 'a\nb', '🂡'])(
    'has one character for each byte of the UTF-8 of %j',
    (text) => {
      expect(Buffer.from(toLatin1Bytes(text), 'latin1')).toEqual(Buffer.from(text));
    },
  );
});
