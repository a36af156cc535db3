import type { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import type { SubscriptionFilter } from './subscription-filter.js';
import type { NotificationListener, NotificationSource } from './notification-source.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * Opens the notifications of one upstream, and opens them again whenever they end, after growing pauses, until the
 * signal aborts. The credentials are those of the listening request, which is still open.
 */
export async function resubscribe(
  source: NotificationSource,
  credentials: UpstreamCredentials,
  filter: SubscriptionFilter,
  notification: NotificationListener['notification'],
  signal: AbortSignal,
): Promise<SubscriptionFilter> {
  let pauseMs = FIRST_PAUSE_MS;
  const open = (): Promise<SubscriptionFilter> =>
    source.open(credentials, filter, { notification, ended: again }, signal);
  const again = (): void => {
    if (signal.aborted) return;
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      open().then(() => (pauseMs = FIRST_PAUSE_MS), again);
    }, pauseMs).unref();
    const stop = (): void => clearTimeout(timer);
    signal.addEventListener('abort', stop, { once: true });
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  };
  return open();
}
