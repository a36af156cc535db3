import type { BodyReader } from './body-reader.js';

/** Decides how long a stream is not read after a chunk. */
export interface ReadingPace {
  /** @param tookMs how long it took to read the chunk */
  pauseAfter(tookMs: number): number;
}

/** Pauses a stream whose upstream floods it. */
export class PacedReader implements BodyReader {
  private isReady = true;
  private pauseMs = 0;

  constructor(
    private readonly reader: BodyReader,
    private readonly pace: ReadingPace,
  ) {}

  data(chunk: Buffer): boolean {
    const startedAt = performance.now();
    this.isReady = this.reader.data(chunk);
    this.pauseMs = this.pace.pauseAfter(performance.now() - startedAt);
    return this.isReady && this.pauseMs === 0;
  }

  onDrain(resume: () => void): void {
    const { pauseMs, reader } = this;
    const paused = pauseMs === 0 ? resume : (): void => void setTimeout(resume, pauseMs).unref();
    if (this.isReady || !reader.onDrain) paused();
    else reader.onDrain(paused);
  }

  end(): void {
    this.reader.end();
  }
}
