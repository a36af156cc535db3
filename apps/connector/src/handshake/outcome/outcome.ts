import type { CatalogueCounts, CatalogueItem, HandshakeCode, SkippedItem, UpstreamFacts } from '@lethe/contracts';

/** What a successful handshake found. */
export interface FoundCatalogue {
  facts: UpstreamFacts;
  items: CatalogueItem[];
  skipped: SkippedItem[];
  counts: CatalogueCounts;
  digest: string;
}

/** What a handshake did, whichever way it ended. */
export interface HandshakeTrace {
  /** Origins that were dialled. */
  origins: string[];
  requests: number;
}

export type Verified = HandshakeTrace & { status: 'verified' } & FoundCatalogue;
export type Failed = HandshakeTrace & {
  status: 'failed';
  code: HandshakeCode;
  httpStatus?: number;
  pointer?: string;
};
/** All that leaves the child of a handshake. */
export type HandshakeOutcome = Verified | Failed;
