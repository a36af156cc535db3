/** Bounds work that others cause: what comes while its owner has enough of it running is dropped, never queued. */
export class ConcurrencyLimit {
  private readonly running = new WeakMap<object, number>();

  constructor(private readonly limit: number) {}

  /** Whether the work was begun. Nobody waits for it, and its failure means nothing. */
  begin(owner: object, work: () => Promise<unknown>): boolean {
    const before = this.running.get(owner) ?? 0;
    if (before >= this.limit) return false;
    this.running.set(owner, before + 1);
    const done = (): void => void this.running.set(owner, (this.running.get(owner) ?? 1) - 1);
    work().then(done, done);
    return true;
  }
}
