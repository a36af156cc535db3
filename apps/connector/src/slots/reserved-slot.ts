import type { VerificationOrder } from '@lethe/contracts';
import type { SentTrace } from '../processes/messages.js';
import type { ProcessEnd } from '../processes/one-shot-process.js';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';
import type { Slot } from './slot.js';

/** A process that runs a handshake: the slot's own, or a door process in its place. */
export interface HandshakeProcess {
  readonly pid: number | undefined;
  readonly outcome: HandshakeOutcome | undefined;
  readonly requested: SentTrace;
  readonly discovered: SentTrace;
  readonly ended: Promise<ProcessEnd>;
  kill(): void;
}

/** A slot that is reserved for one order, until a time, for one use. */
export class ReservedSlot {
  private claimedAt: Date | undefined;
  /** Whether somebody cancelled its handshake: then it has found nothing, whatever the process says. */
  isCancelled = false;
  /** The process that works for it now. */
  process: HandshakeProcess;

  constructor(
    readonly order: VerificationOrder,
    readonly slot: Slot,
    /** Epoch seconds. */
    readonly exp: number,
  ) {
    this.process = slot;
  }

  /** Takes the one use of this slot. True for the first caller, if it is in time. */
  claim(now: Date): boolean {
    if (!this.isUnused || this.exp * 1000 <= now.getTime()) return false;
    this.claimedAt = now;
    return true;
  }

  /** What was asked without a credential, by the slot's own process and by the one in its place. */
  get discovery(): SentTrace {
    const traces = new Set([this.slot.discovered, this.process.discovered]);
    return {
      requests: [...traces].reduce((sum, { requests }) => sum + requests, 0),
      origins: [...new Set([...traces].flatMap(({ origins }) => origins))],
    };
  }

  get isUnused(): boolean {
    return this.claimedAt === undefined;
  }

  /** When it is given back at the latest, in epoch milliseconds: at the end of its life, or of its handshake. */
  endsBy(longestUseMs: number): number {
    return this.claimedAt === undefined ? this.exp * 1000 : this.claimedAt.getTime() + longestUseMs;
  }
}
