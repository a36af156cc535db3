import type { VerificationOrder } from '@lethe/contracts';
import type { ProcessEnd } from '../processes/one-shot-process.js';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';
import type { Slot } from './slot.js';

/** A process that runs a handshake: the slot's own, or a door process in its place. */
export interface HandshakeProcess {
  readonly pid: number | undefined;
  readonly outcome: HandshakeOutcome | undefined;
  readonly requests: number;
  readonly origins: readonly string[];
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

  get isUnused(): boolean {
    return this.claimedAt === undefined;
  }

  /** When it is given back at the latest, in epoch milliseconds: at the end of its life, or of its handshake. */
  endsBy(longestUseMs: number): number {
    return this.claimedAt === undefined ? this.exp * 1000 : this.claimedAt.getTime() + longestUseMs;
  }
}
