import { setTimeout as delay } from 'node:timers/promises';

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

/** Maps with at most `limit` items under way; results in the order of the items. */
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

/** The result of the work, or the error of `tooLong` after this time; the work goes on. */
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

/** Waits until the work has ended, but not longer than this; the work goes on. Fails only as the work does. */
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
  /** Ends the wait; nothing is thrown. */
  signal?: AbortSignal;
  /** False: a process with nothing else to do ends meanwhile. */
  ref?: boolean;
}

/** Waits; returns early, without an error, when the signal says that nobody waits any more. */
export async function sleep(ms: number, options: SleepOptions = {}): Promise<void> {
  await delay(ms, undefined, options).catch(() => undefined);
}

/** How long to wait before the next attempt: twice as long after each one that failed, and never longer than `mostMs`. */
export function backOffMs(failures: number, { firstMs, mostMs }: { firstMs: number; mostMs: number }): number {
  return Math.min(firstMs * 2 ** failures, mostMs);
}
