import type { JsonValue } from '@lethe/contracts';
import type { UpstreamCredentials } from '../../credentials/upstream-credentials.js';
import type { ReadingPace } from '../../upstream/paced-reader.js';
import type { SubscriptionFilter } from './subscription-filter.js';

/** Handles the notifications of one upstream. */
export interface NotificationListener {
  /** A notification that the filter selects. */
  notification(method: string, json: string, params: JsonValue | undefined): void;
  /** A message that the filter does not select. */
  ignored?(): void;
  readonly pace?: ReadingPace;
  /** The upstream ended the stream; not called after the signal aborted. */
  ended(): void;
}

/** Opens the notifications of one upstream; one implementation per era of the upstream. */
export interface NotificationSource {
  /**
   * Resolves with the part of the filter that the upstream acknowledged. Its notifications are then delivered until the
   * signal aborts.
   * @throws LetheError about the upstream
   */
  open(
    credentials: UpstreamCredentials,
    wanted: SubscriptionFilter,
    listener: NotificationListener,
    signal: AbortSignal,
  ): Promise<SubscriptionFilter>;
}
