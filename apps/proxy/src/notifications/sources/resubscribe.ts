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
export function resubscribe(
  source: NotificationSource,
  credentials: UpstreamCredentials,
  filter: SubscriptionFilter,
  listener: Omit<NotificationListener, 'ended'>,
  signal: AbortSignal,
  joined: (agreed: SubscriptionFilter) => void = () => undefined,
): Promise<SubscriptionFilter> {
  const open = (ended: () => void): Promise<SubscriptionFilter> =>
    source.open(credentials, filter, { ...listener, ended }, signal);
  return new LastingSubscription(open, signal, joined).begin();
}

/** One subscription, opened as often as it must be. */
class LastingSubscription {
  private delayMs = FIRST_DELAY_MS;
  private hasJoined = false;

  constructor(
    private readonly open: (ended: () => void) => Promise<SubscriptionFilter>,
    private readonly signal: AbortSignal,
    private readonly joined: (agreed: SubscriptionFilter) => void,
  ) {}

  async begin(): Promise<SubscriptionFilter> {
    try {
      const agreed = await this.attempt();
      this.hasJoined = true;
      return agreed;
    } catch (error) {
      if (passes(error)) this.repeat(error);
      throw error;
    }
  }

  private async attempt(): Promise<SubscriptionFilter> {
    const agreed = await this.open(() => this.repeat());
    this.delayMs = FIRST_DELAY_MS;
    return agreed;
  }

  /** @param error with which the last attempt failed; undefined if the notifications ended */
  private repeat(error?: unknown): void {
    if (this.signal.aborted) return;
    const stop = (): void => clearTimeout(timer);
    const begin = (): void => {
      this.signal.removeEventListener('abort', stop);
      void this.attemptLate();
    };
    const timer = setTimeout(begin, Math.max(this.delayMs, waitMs(error))).unref();
    this.signal.addEventListener('abort', stop, { once: true });
    this.delayMs = Math.min(this.delayMs * 2, MAX_DELAY_MS);
  }

  private async attemptLate(): Promise<void> {
    try {
      const agreed = await this.attempt();
      if (!this.hasJoined) this.joined(agreed);
      this.hasJoined = true;
    } catch (error) {
      this.repeat(error);
    }
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
