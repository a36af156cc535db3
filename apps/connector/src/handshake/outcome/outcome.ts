import type {
  CatalogueCounts,
  CatalogueItem,
  HandshakeCode,
  SkippedItem,
  UpstreamFacts,
  VerificationWarning,
} from '@lethe/contracts';
import type { HandshakeFailureDetail } from './handshake-failure.js';

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
} & HandshakeFailureDetail;
/** The result that the one-shot process sends after a handshake. */
export type HandshakeOutcome = VerifiedOutcome | FailedOutcome;
