import { describe, expect, it } from 'vitest';
import { acceptsGzip, toLatin1Bytes } from './encodings.js';

describe('Accept-Encoding', () => {
  it.each(['gzip', 'gzip, deflate', 'br,gzip;q=0.5', 'deflate, GZIP ; q=1.0, *;q=0', 'x-gzip', 'gzip;q=0.001'])(
    'takes gzip: %s',
    (header) => expect(acceptsGzip(header)).toBe(true),
  );

  it.each([
    undefined,
    '',
    'identity',
    '*',
    'gzip;q=0',
    'br, gzip; q=0.000, deflate',
    'gzipped',
    'not-gzip',
    'gzip;v=1',
  ])('does not: %s', (header) => expect(acceptsGzip(header)).toBe(false));
});

describe('toLatin1Bytes', () => {
  it.each(['', 'plain ~', 'é', '\u007f', '\u0080', '\ud800', '日本', 'a\nb', '🂡'])(
    'has one character for each byte of the UTF-8 of %j',
    (text) => {
      expect(Buffer.from(toLatin1Bytes(text), 'latin1')).toEqual(Buffer.from(text));
    },
  );
});
