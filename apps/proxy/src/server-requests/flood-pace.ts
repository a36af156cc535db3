/** Share of a processor core that one upstream may use for notifications that reach no client: one in this many. */
const ONE_IN = 20;
/** Fewer in one chunk are no flood. */
const FLOOD = 16;
/** Longest pause, so that a flood can end. */
const MAX_PAUSE_MS = 1_000;

/** How long the streams of one upstream are not read after each chunk of a flood, so that other calls have the processor. */
export class FloodPace {
  private freeAt = 0;

  /**
   * How long to pause after a chunk.
   * @param dropped notifications in it that were dropped or held
   * @param tookMs how long it took to read the chunk
   */
  pauseMs(dropped: number, tookMs: number, nowMs: number): number {
    if (dropped < FLOOD) return 0;
    // Streams of one upstream wait one after the other.
    this.freeAt = Math.min(Math.max(this.freeAt, nowMs) + tookMs * ONE_IN, nowMs + MAX_PAUSE_MS);
    return this.freeAt - nowMs;
  }
}
