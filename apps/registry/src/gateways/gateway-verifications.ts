import type { CatalogueCounts, UpstreamFacts } from '@lethe/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Gateway } from './gateway.entity.js';

/** What a gateway shows of its verifications. */
export interface VerificationSummary {
  /** The one whose result serves; absent until the first success. */
  serving?: { counts: CatalogueCounts | null; facts: UpstreamFacts | null };
  /** The newest one, whatever became of it. */
  last?: { id: string; state: string; code: string | null };
}

/** Reads what gateways show of their verifications. A port: the room `verifications`, above this one, implements it. */
export abstract class GatewayVerifications {
  /** By the id of the gateway, in a fixed number of queries. */
  abstract summarize(em: EntityManager, gateways: Gateway[]): Promise<Map<string, VerificationSummary>>;
}
