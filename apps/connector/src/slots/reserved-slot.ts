import type { VerificationOrder } from '@lethe/contracts';
import type { ProcessEnd } from '../processes/one-shot-process.js';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';
import type { Slot } from './slot.js';

/** A process that runs a handshake: the slot's own, or a door process in its place. */
export interface HandshakeProcess {
  readonly pid: number | undefined;
  readonly outcome: HandshakeOutcome | undefined;
  readonly requests: number;
  readonly ended: Promise<ProcessEnd>;
  kill(): void;
}

/** A slot that is reserved for one order, until a time, for one use. */
export class ReservedSlot {
  private use: 'unused' | 'taken' = 'unused';
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
    if (this.use === 'taken' || this.exp * 1000 <= now.getTime()) return false;
    this.use = 'taken';
    return true;
  }

  get isUnused(): boolean {
    return this.use === 'unused';
  }
}
