import type { CatalogueCounts, UpstreamFacts, VerificationWarning } from '@lethe/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Gateway } from './gateway.entity.js';

/** Changes of the newest result that are not served. */
export interface ReviewCounts {
  /** Changes that wait for a review, by what they are. */
  added: number;
  changed: number;
  removed: number;
  /** Changes that were rejected. */
  rejected: number;
}

/** What a gateway shows of its verifications. */
export interface VerificationSummary {
  /** The verification whose result serves; absent before the first success. */
  serving?: { counts: CatalogueCounts | null; facts: UpstreamFacts | null; warnings: VerificationWarning[] };
  /** Why a result waits for a review, if one does. */
  review?: string;
  /** How many changes wait or were rejected; absent if all are served. */
  reviewCounts?: ReviewCounts;
  /** The newest verification, in any state. */
  last?: { id: string; state: string; code: string | null };
}

/**
 * What an upstream has that is not served: changes that wait for a review or were rejected, or of which only proxies have seen
 * something.
 */
export type Drift = 'pending' | 'suspected' | 'rejected';

/**
 * Port for reading what gateways show of their verifications. The room `verifications`, which lies above, implements
 * it.
 */
export abstract class GatewayVerifications {
  /** By the id of the gateway, in a fixed number of queries. */
  abstract summarize(em: EntityManager, gateways: Gateway[]): Promise<Map<string, VerificationSummary>>;

  /** Condition for gateways whose upstreams have, or may have, what is not served. */
  abstract hasDrift(drift: Drift): object;
}
