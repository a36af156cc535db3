import type { JsonObject, UpstreamFacts } from '@lethe/contracts';

/** What negotiation learns; the lists may add to it. */
export type VisitFacts = Omit<UpstreamFacts, 'listScope'>;

/** One negotiated conversation with an upstream, whatever its era. */
export interface Visit {
  readonly facts: VisitFacts;
  /** A request's result, verbatim; `undefined` when the upstream does not know the method. */
  ask(method: string, params: JsonObject): Promise<JsonObject | undefined>;
  close(): Promise<void>;
}

/** How connectors introduce themselves to upstreams. */
export const CLIENT_INFO = { name: 'lethe-connector', version: '0.1.0' } as const;
