import type {
  AuthScheme,
  CatalogueCounts,
  CatalogueItem,
  HandshakeCode,
  SkippedItem,
  UpstreamFacts,
  VerificationWarning,
} from '@lethe/contracts';

/** What a successful handshake found. */
export interface DiscoveredCatalogue {
  facts: UpstreamFacts;
  items: CatalogueItem[];
  skipped: SkippedItem[];
  counts: CatalogueCounts;
  warnings: VerificationWarning[];
  digest: string;
}

/** What a handshake did, however it ended. */
export interface HandshakeTrace {
  /** Origins that requests were sent to. */
  origins: string[];
  requests: number;
}

/** A handshake that found a catalogue. */
export type VerifiedOutcome = HandshakeTrace & { status: 'verified' } & DiscoveredCatalogue;
/** A handshake that failed with a closed code. */
export type FailedOutcome = HandshakeTrace & {
  status: 'failed';
  code: HandshakeCode;
  httpStatus?: number;
  /** With a 401: the known scheme that the upstream asks for. */
  scheme?: AuthScheme;
  pointer?: string;
};
/** The result that the one-shot process sends after a handshake. */
export type HandshakeOutcome = VerifiedOutcome | FailedOutcome;
