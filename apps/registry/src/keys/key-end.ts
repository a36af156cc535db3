import type { CallerKey } from './caller-key.entity.js';

type Ends = Pick<CallerKey, 'expiresAt' | 'endsAt'>;

/** When a key ends: with its expiry, or before; null if it does not. */
export function endOf({ expiresAt, endsAt }: Ends): Date | null {
  if (!expiresAt || !endsAt) return endsAt ?? expiresAt ?? null;
  return endsAt < expiresAt ? endsAt : expiresAt;
}

/** Whether a key has ended by itself. As for the proxies, it ends with the beginning of the second. */
export function hasKeyEnded(key: Ends, now: Date): boolean {
  const end = epochSeconds(endOf(key));
  return end !== null && end * 1_000 <= now.getTime();
}

/** As the entries for proxies have it. */
export function epochSeconds(date: Date | null | undefined): number | null {
  return date ? Math.floor(date.getTime() / 1000) : null;
}
