import type { JsonValue } from '@lethe/contracts';
import type { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import type { SubscriptionFilter } from './subscription-filter.js';

/** Who hears an upstream's news. */
export interface NotificationListener {
  /** A notification of the upstream: what was asked for, and nothing else. */
  notification(method: string, json: string, params: JsonValue | undefined): void;
  /** The upstream tells no more; not called after the signal. */
  ended(): void;
}

/** The news of one upstream, as long as somebody listens; one object per era of the upstream. */
export interface NotificationSource {
  /**
   * Resolves with what the upstream will tell of, once it has said so; the news then come until the signal.
   * @throws LetheError about the upstream
   */
  open(
    credentials: UpstreamCredentials,
    wanted: SubscriptionFilter,
    listener: NotificationListener,
    signal: AbortSignal,
  ): Promise<SubscriptionFilter>;
}
