import type { Lent } from '../../credentials/upstream-credentials.js';
import type { NewsFilter } from './subscription-filter.js';
import type { NewsListener, UpstreamNews } from './notification-source.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

/**
 * News of one upstream that are listened to again when they end, after longer and longer pauses, until the signal. The
 * credential is the one of the request that listens and is still open.
 */
export async function keepNews(
  news: UpstreamNews,
  lent: Lent,
  wanted: NewsFilter,
  heard: NewsListener['heard'],
  signal: AbortSignal,
): Promise<NewsFilter> {
  let pauseMs = FIRST_PAUSE_MS;
  const open = (): Promise<NewsFilter> => news.open(lent, wanted, { heard, ended: again }, signal);
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
