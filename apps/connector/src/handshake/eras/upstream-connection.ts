import type { JsonObject, UpstreamFacts } from '@lethe/contracts';

/** The facts that negotiation finds out about an upstream. Listing adds the scope of its lists. */
export type NegotiatedFacts = Omit<UpstreamFacts, 'listScope'>;

/** An initialized connection to an upstream of either era. */
export interface UpstreamConnection {
  readonly facts: NegotiatedFacts;
  /** Sends a request and returns its result verbatim; `undefined` if the upstream does not know the method. */
  request(method: string, params: JsonObject): Promise<JsonObject | undefined>;
  close(): Promise<void>;
}

/** The client info that connectors send to upstreams. */
export const CLIENT_INFO = { name: 'lethe-connector', version: '0.1.0' } as const;
