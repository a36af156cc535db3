import type { JsonValue } from '@lethe/contracts';
import type { Lent } from '../../credentials/upstream-credentials.js';
import type { NewsFilter } from './subscription-filter.js';

/** Who hears an upstream's news. */
export interface NewsListener {
  /** A notification of the upstream: what was asked for, and nothing else. */
  heard(method: string, json: string, params: JsonValue | undefined): void;
  /** The upstream tells no more; not called after the signal. */
  ended(): void;
}

/** The news of one upstream, as long as somebody listens; one object per era of the upstream. */
export interface UpstreamNews {
  /**
   * Resolves with what the upstream will tell of, once it has said so; the news then come until the signal.
   * @throws LetheError about the upstream
   */
  open(lent: Lent, wanted: NewsFilter, listener: NewsListener, signal: AbortSignal): Promise<NewsFilter>;
}
