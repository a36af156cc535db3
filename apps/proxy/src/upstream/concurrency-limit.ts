/**
 * Limits work that others can cause. When an owner has `limit` pieces of work running, more work is dropped, never
 * queued.
 */
export class ConcurrencyLimit {
  private readonly running = new WeakMap<object, number>();

  constructor(private readonly limit: number) {}

  /** Returns false when the work was dropped. Nobody waits for the work; its failure is ignored. */
  begin(owner: object, work: () => Promise<unknown>): boolean {
    const before = this.running.get(owner) ?? 0;
    if (before >= this.limit) return false;
    this.running.set(owner, before + 1);
    const done = (): void => void this.running.set(owner, (this.running.get(owner) ?? 1) - 1);
    work().then(done, done);
    return true;
  }
}
