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

  /** Resolves when nothing runs any more, or the time is up. */
  async drain(limitMs: number): Promise<void> {
    this.draining = true;
    if (this.running === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
