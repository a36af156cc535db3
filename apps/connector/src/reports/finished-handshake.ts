import type { DiscoveryTrace, VerificationOrder } from '@lethe/contracts';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';
import type { ProcessEnd } from '../processes/one-shot-process.js';

/** A handshake whose process is gone. */
export interface FinishedHandshake {
  order: VerificationOrder;
  slot: string;
  outcome: HandshakeOutcome;
  discovery: DiscoveryTrace;
  startedAt: Date;
  end: ProcessEnd;
}
