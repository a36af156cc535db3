/** Exchanges that run, so that a graceful end can wait for them. */
export class InFlight {
  private readonly running = new Set<Promise<void>>();
  private draining = false;

  /** From now on connections end with their answer. */
  get isDraining(): boolean {
    return this.draining;
  }

  track(exchange: Promise<void>): Promise<void> {
    this.running.add(exchange);
    return exchange.finally(() => this.running.delete(exchange));
  }

  /** Resolves when nothing runs any more, or the time is up. */
  async drain(limitMs: number): Promise<void> {
    this.draining = true;
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
    const idle = (async () => {
      while (this.running.size > 0) await Promise.allSettled([...this.running]);
    })();
    await Promise.race([idle, limit]);
    clearTimeout(timer);
  }
}
