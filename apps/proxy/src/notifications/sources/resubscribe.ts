import { LetheError } from '@lethe/platform';
import type { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import type { SubscriptionFilter } from './subscription-filter.js';
import type { NotificationListener, NotificationSource } from './notification-source.js';

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

/** Errors that pass: the upstream is there, or can be, and may answer the next time. */
const PASSING = new Set(['upstream_unreachable', 'upstream_rate_limited', 'upstream_unavailable']);
const PASSING_FAILURES: readonly unknown[] = ['closed_early', 'not_acknowledged'];

/**
 * Opens the notifications of one upstream, and opens them again whenever they end, after increasing delays, until the
 * signal aborts. The credentials are those of the client's request, which is still open.
 * @param joined called if the first attempt fails with an error that passes, and a later one succeeds
 * @throws what the first attempt does
 */
export async function resubscribe(
  source: NotificationSource,
  credentials: UpstreamCredentials,
  filter: SubscriptionFilter,
  notification: NotificationListener['notification'],
  signal: AbortSignal,
  joined: (agreed: SubscriptionFilter) => void = () => undefined,
): Promise<SubscriptionFilter> {
  let delayMs = FIRST_DELAY_MS;
  let hasJoined = false;
  const open = async (): Promise<SubscriptionFilter> => {
    const agreed = await source.open(credentials, filter, { notification, ended: () => reopen(undefined) }, signal);
    delayMs = FIRST_DELAY_MS;
    return agreed;
  };
  const openLate = async (): Promise<void> => {
    try {
      const agreed = await open();
      if (!hasJoined) joined(agreed);
      hasJoined = true;
    } catch (error) {
      reopen(error);
    }
  };
  const reopen = (error: unknown): void => {
    if (signal.aborted) return;
    const stop = (): void => clearTimeout(timer);
    const begin = (): void => {
      signal.removeEventListener('abort', stop);
      void openLate();
    };
    const timer = setTimeout(begin, Math.max(delayMs, waitMs(error))).unref();
    signal.addEventListener('abort', stop, { once: true });
    delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
  };
  try {
    const agreed = await open();
    hasJoined = true;
    return agreed;
  } catch (error) {
    if (passes(error)) reopen(error);
    throw error;
  }
}

function passes(error: unknown): boolean {
  if (!(error instanceof LetheError)) return false;
  const { why, httpStatus } = error.detail;
  return PASSING.has(error.code) || PASSING_FAILURES.includes(why) || Number(httpStatus) >= 500;
}

/** How long the upstream asks to wait. */
function waitMs(error: unknown): number {
  const seconds = error instanceof LetheError ? error.detail['retryAfterSeconds'] : undefined;
  return typeof seconds === 'number' ? seconds * 1_000 : 0;
}
