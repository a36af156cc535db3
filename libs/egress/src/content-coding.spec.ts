import {
  brotliCompressSync,
  createBrotliCompress,
  createDeflate,
  createGzip,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { contentCodings, decoded, UndecodableBody } from './content-coding.js';

const TEXT = JSON.stringify({
  text: 'é'.repeat(1_000),
  random: Array.from({ length: 500 }, (_, n) => (n * 7919) % 997),
});

async function* pieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function textOf(body: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('content codings', () => {
  it('are read in any case, and from repeated headers', () => {
    expect(contentCodings('GZip, br')).toEqual(['gzip', 'br']);
    expect(contentCodings(['deflate', 'gzip'])).toEqual(['deflate', 'gzip']);
  });

  it.each([undefined, '', 'identity', 'utf-8', 'gzip, utf-8', 'compress'])('are none for %s', (header) => {
    expect(contentCodings(header)).toEqual([]);
  });
});

describe('a decoded body', () => {
  it.each([
    ['gzip', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
    ['deflate', deflateRawSync(TEXT)],
    ['br', brotliCompressSync(TEXT)],
    ['zstd', zstdCompressSync(TEXT)],
    ['deflate, br, gzip', gzipSync(brotliCompressSync(deflateSync(TEXT)))],
  ])('is what was encoded with %s, wherever its chunks are cut', async (header, bytes) => {
    for (const size of [1, 7, bytes.length]) {
      expect(await textOf(decoded(pieces(bytes, size), contentCodings(header)))).toBe(TEXT);
    }
  });

  it('is the body itself without codings', async () => {
    const body = pieces(Buffer.from(TEXT), 7);
    expect(decoded(body, [])).toBe(body);
  });

  it.each([
    ['gzip', () => createGzip()],
    ['br', () => createBrotliCompress()],
    ['deflate', () => createDeflate()],
  ])('passes each part of %s on at once: the next one comes when it was seen', async (coding, create) => {
    const coded: Buffer[] = [];
    const encoder = create().on('data', (chunk: Buffer) => coded.push(chunk));
    const parts = ['one', 'two', 'three'];
    const seen = parts.map(() => Promise.withResolvers<string>());
    async function* flushed(): AsyncGenerator<Buffer> {
      for (const [at, part] of parts.entries()) {
        encoder.write(part);
        await new Promise<void>((resolve) => encoder.flush(resolve));
        yield Buffer.concat(coded.splice(0));
        expect(await seen[at]?.promise).toBe(part);
      }
    }
    let at = 0;
    for await (const chunk of decoded(flushed(), [coding])) seen[at++]?.resolve(chunk.toString());
    expect(at).toBe(parts.length);
  });

  it('is decoded no further than it is read', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    let length = 0;
    for await (const chunk of decoded(pieces(bomb, bomb.length), ['gzip'])) {
      length += chunk.length;
      if (length > 100_000) break;
    }
    expect(length).toBeLessThan(200_000);
  });

  it.each([
    ['gzip', Buffer.from(TEXT)],
    ['br', Buffer.from(TEXT)],
    ['gzip, gzip, gzip, gzip, gzip, gzip', gzipSync(TEXT)],
  ])('is an error when it is not %s', async (header, bytes) => {
    await expect(textOf(decoded(pieces(bytes, 100), contentCodings(header)))).rejects.toThrow(UndecodableBody);
  });

  it('is an error when what is between two codings has no end, though nothing of it is left to read', async () => {
    const nothing = Buffer.alloc(20 * 1024 * 1024, gzipSync(''));
    const bomb = gzipSync(gzipSync(nothing));
    expect(bomb.length).toBeLessThan(1_000);
    const body = decoded(pieces(bomb, bomb.length), ['gzip', 'gzip', 'gzip']);
    await expect(textOf(body)).rejects.toThrow(UndecodableBody);
  });

  it('is empty for an empty body', async () => {
    expect(await textOf(decoded(pieces(Buffer.alloc(0), 1), ['gzip']))).toBe('');
  });

  it('ends with the error of the body itself', async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield gzipSync(TEXT).subarray(0, 20);
      throw new Error('reset');
    }
    await expect(textOf(decoded(broken(), ['gzip']))).rejects.toThrow('reset');
  });
});
