import type {
  AuthorizationProblem,
  CatalogueCounts,
  CatalogueItem,
  HandshakeCode,
  SkippedItem,
  UpstreamFacts,
  HandshakeWarning,
} from '@lethe/contracts';
import type { HandshakeFailureDetail } from './handshake-failure.js';

/** What a successful handshake found. */
export interface DiscoveredCatalogue {
  facts: UpstreamFacts;
  items: CatalogueItem[];
  skipped: SkippedItem[];
  counts: CatalogueCounts;
  warnings: HandshakeWarning[];
  digest: string;
  /** Why the facts about tokens are missing or incomplete, if they are. */
  authorizationProblem?: AuthorizationProblem;
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
