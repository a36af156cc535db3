import type { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import type { SubscriptionFilter } from './subscription-filter.js';
import type { NotificationListener, NotificationSource } from './notification-source.js';

const FIRST_DELAY_MS = 1_000;
const MAX_DELAY_MS = 60_000;

/**
 * Opens the notifications of one upstream, and opens them again whenever they end, after increasing delays, until the
 * signal aborts. The credentials are those of the client's request, which is still open.
 */
export async function resubscribe(
  source: NotificationSource,
  credentials: UpstreamCredentials,
  filter: SubscriptionFilter,
  listener: Omit<NotificationListener, 'ended'>,
  signal: AbortSignal,
): Promise<SubscriptionFilter> {
  let delayMs = FIRST_DELAY_MS;
  const open = (): Promise<SubscriptionFilter> =>
    source.open(credentials, filter, { ...listener, ended: reopen }, signal);
  const reopen = (): void => {
    if (signal.aborted) return;
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      open().then(() => (delayMs = FIRST_DELAY_MS), reopen);
    }, delayMs).unref();
    const stop = (): void => clearTimeout(timer);
    signal.addEventListener('abort', stop, { once: true });
    delayMs = Math.min(delayMs * 2, MAX_DELAY_MS);
  };
  return open();
}
