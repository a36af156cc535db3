import type { OrderClaims } from '@lethe/contracts';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';
import type { ProcessEnd } from '../processes/one-shot-process.js';

/** A handshake whose process is gone. */
export interface FinishedHandshake {
  order: OrderClaims;
  slot: string;
  outcome: HandshakeOutcome;
  startedAt: Date;
  end: ProcessEnd;
}
