import { setImmediate } from 'node:timers/promises';

/** How many exchanges run, so that a graceful end can wait for them. */
export class InFlight {
  private running = 0;
  private draining = false;
  private idle: (() => void) | undefined;

  /** From now on connections end with their answer. */
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

  /** Resolves when nothing runs any more and the last answers have left, which they do at a turn's end; or the time is up. */
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
