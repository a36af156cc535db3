import { Duplex } from 'node:stream';
import { decoded } from '@lethe/egress';
import type { Done } from '@lethe/platform';
import type { BodyReader } from './body-reader.js';

/**
 * Decodes a body for its reader. No faster than it is read: while the reader waits, neither is decoded nor read from the
 * upstream. Calls `done` when the reader has everything, or with the error that ended it.
 */
export class DecodedBody implements BodyReader {
  private readonly stream: Duplex;

  constructor(codings: readonly string[], reader: BodyReader, done: Done) {
    const stream = Duplex.from((coded: AsyncIterable<Buffer>) => decoded(coded, codings));
    const guarded = (act: () => void): void => {
      try {
        act();
      } catch (error) {
        done(error);
        stream.destroy();
      }
    };
    const read = (chunk: Buffer): void => {
      if (reader.data(chunk)) return;
      stream.pause();
      reader.onDrain?.(() => stream.resume());
    };
    const end = (): void => {
      reader.end();
      done();
    };
    stream.on('data', (chunk: Buffer) => guarded(() => read(chunk)));
    stream.on('end', () => guarded(end));
    stream.on('error', done);
    this.stream = stream;
  }

  data(chunk: Buffer): boolean {
    // After a pause undici delivers an empty chunk. Writing it would pause again, without end.
    return chunk.length === 0 || this.stream.write(chunk);
  }

  onDrain(resume: () => void): void {
    this.stream.once('drain', resume);
  }

  /** The coded body is complete. */
  end(): void {
    this.stream.end();
  }

  /** Ends it early. The reader gets nothing more. */
  close(): void {
    this.stream.destroy();
  }
}
