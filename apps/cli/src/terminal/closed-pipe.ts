import type { Writable } from 'node:stream';

/** Codes of a write to a pipe that nobody reads any more. */
const CLOSED: ReadonlySet<unknown> = new Set(['EPIPE', 'ERR_STREAM_DESTROYED']);

/**
 * Lets a command go on when the reader of its output has gone, as in `lethe ls | head -1`: what it has begun is finished,
 * and its exit code is that of its work. Without this the process would end in the middle, with a stack trace.
 */
export function outliveReaders(...streams: readonly Writable[]): void {
  for (const stream of streams) {
    stream.on('error', (error: Error) => {
      if (!('code' in error && CLOSED.has(error.code))) throw error;
    });
  }
}
