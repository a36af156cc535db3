import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { outliveReaders } from './closed-pipe.js';

describe('a stream that nobody reads any more', () => {
  it.each(['EPIPE', 'EIO', 'ERR_STREAM_DESTROYED'])('does not end the command: %s', (code) => {
    const stream = new PassThrough();
    outliveReaders(stream);
    expect(() => stream.emit('error', Object.assign(new Error('write'), { code }))).not.toThrow();
    expect(() => stream.emit('error', new Error('another'))).toThrow('another');
  });
});
