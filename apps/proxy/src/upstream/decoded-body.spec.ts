import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { eventually } from '@test/support/eventually.js';
import type { BodyReader } from './body-reader.js';
import { DecodedBody } from './decoded-body.js';

const BOMB = gzipSync(Buffer.alloc(32 * 1024 * 1024));

/** A reader that takes so many bytes and then waits. */
class SlowReader implements BodyReader {
  length = 0;
  hasEnded = false;
  resume: (() => void) | undefined;

  constructor(private readonly maxBytes: number) {}

  data(chunk: Buffer): boolean {
    this.length += chunk.length;
    return this.length < this.maxBytes;
  }

  onDrain(resume: () => void): void {
    this.resume = resume;
  }

  end(): void {
    this.hasEnded = true;
  }
}

function decode(reader: BodyReader): { body: DecodedBody; done: Promise<unknown> } {
  const { promise: done, resolve } = Promise.withResolvers<unknown>();
  return { body: new DecodedBody(['gzip'], reader, resolve), done };
}

describe('a decoded body', () => {
  it('is held back while its reader waits: neither decoded nor read on', async () => {
    const reader = new SlowReader(100_000);
    const { body } = decode(reader);
    let taken = 0;
    while (body.data(BOMB)) taken += 1;
    await eventually(() => expect(reader.resume).toBeDefined());
    expect(reader.length).toBeLessThan(200_000);
    expect(taken).toBeLessThan(20);
    const { length } = reader;
    reader.resume?.();
    await eventually(() => expect(reader.length).toBeGreaterThan(length));
    body.close();
  });

  it('is done when the reader has everything', async () => {
    const reader = new SlowReader(Infinity);
    const { body, done } = decode(reader);
    body.data(gzipSync('hello'));
    body.end();
    expect(await done).toBeUndefined();
    expect(reader).toMatchObject({ length: 5, hasEnded: true });
  });

  it('does not wait after an empty chunk, which undici delivers after each pause', () => {
    const { body } = decode(new SlowReader(1));
    while (body.data(BOMB));
    expect(body.data(Buffer.alloc(0))).toBe(true);
    body.close();
  });

  it('is done with what its reader throws', async () => {
    const thrown = new Error('too long');
    const throwing = (): never => {
      throw thrown;
    };
    const [early, late] = [
      decode({ data: throwing, end: () => undefined }),
      decode({ data: () => true, end: throwing }),
    ];
    for (const { body } of [early, late]) {
      body.data(gzipSync('hello'));
      body.end();
    }
    expect(await early.done).toBe(thrown);
    expect(await late.done).toBe(thrown);
  });

  it('is done with an error when it can not be decoded', async () => {
    const { body, done } = decode(new SlowReader(Infinity));
    body.data(Buffer.from('hello'));
    expect(await done).toMatchObject({ code: 'undecodable_body' });
  });
});
