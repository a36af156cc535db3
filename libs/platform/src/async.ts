import { setTimeout as delay } from 'node:timers/promises';

/** Limits how much work runs at once for one owner. Work beyond the limit is dropped, not queued. */
export class ConcurrencyLimit {
  private readonly running = new WeakMap<object, number>();

  constructor(private readonly limit: number) {}

  /** Starts the work in the background and ignores its failure. Returns false if it was dropped. */
  begin(owner: object, work: () => Promise<unknown>): boolean {
    const before = this.running.get(owner) ?? 0;
    if (before >= this.limit) return false;
    this.running.set(owner, before + 1);
    const done = (): void => void this.running.set(owner, (this.running.get(owner) ?? 1) - 1);
    work().then(done, done);
    return true;
  }
}

/** Maps items with at most `limit` of them in progress. The results are in the order of the items. */
export async function mapConcurrent<T, R>(
  limit: number,
  items: readonly T[],
  work: (item: T, at: number) => Promise<R> | R,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const worker = async (): Promise<void> => {
    for (const [at, item] of queue) results[at] = await work(item, at);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

/** Resolves with the result of the work. After `limitMs` it rejects with the error of `tooLong`; the work continues. */
export async function withTimeout<T>(limitMs: number, work: Promise<T>, tooLong: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(tooLong()), limitMs);
  });
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits until the work has ended, but not longer than `limitMs`; the work continues. Rejects only if the work does. */
export async function waitAtMost(limitMs: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** How a wait may end early, and whether it keeps the process running. */
export interface SleepOptions {
  /** Ends the wait early, without an error. */
  signal?: AbortSignal;
  /** If false, the wait alone does not keep the process running. */
  ref?: boolean;
}

/** Waits. Resolves early, without an error, if the signal aborts. */
export async function sleep(ms: number, options: SleepOptions = {}): Promise<void> {
  await delay(ms, undefined, options).catch(() => undefined);
}

/** The delay before the next attempt. It doubles after each failure, up to `mostMs`. */
export function backOffMs(failures: number, { firstMs, mostMs }: { firstMs: number; mostMs: number }): number {
  return Math.min(firstMs * 2 ** failures, mostMs);
}
