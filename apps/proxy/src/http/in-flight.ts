import { setImmediate } from 'node:timers/promises';

/** Counts running exchanges, so that a graceful shutdown can wait for them. */
export class InFlight {
  private running = 0;
  private draining = false;
  private idle: (() => void) | undefined;

  /** Shutdown has begun: each connection ends with its next response. */
  get isDraining(): boolean {
    return this.draining;
  }

  begin(): void {
    this.running += 1;
  }

  end(): void {
    this.running -= 1;
    if (this.running === 0) this.idle?.();
  }

  /**
   * Resolves when no exchange runs any more, or after `limitMs`; then at the end of the event-loop turn, so that responses
   * queued in it have left.
   */
  async drain(limitMs: number): Promise<void> {
    this.draining = true;
    if (this.running > 0) await this.untilIdle(limitMs);
    await setImmediate();
  }

  private async untilIdle(limitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
