import { setTimeout as delay } from 'node:timers/promises';

/** Waits, or returns at once when the signal says that nobody waits any more. */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

/** Pauses between attempts that fail: quick at first, then every few seconds. */
export function pauseMs(attempt: number): number {
  return Math.min(100 * 2 ** attempt, 5_000);
}
