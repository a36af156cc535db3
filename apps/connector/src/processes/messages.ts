import type { HandshakeCode } from '@lethe/contracts';
import type { SlotPublicJwk } from '@lethe/sealing';
import type { HandshakeTask } from '../handshake/handshake.js';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';

/** What a slot is for. Holds no credential: this may be any process's memory. */
export interface SlotTask extends HandshakeTask {
  vid: string;
}

/** Parent to slot child. A sealed credential is all that a parent ever holds of one. */
export type ToSlotChild = { kind: 'assign'; task: SlotTask } | { kind: 'open'; sealed: string } | { kind: 'start' };

/** Slot child to parent. */
export type FromSlotChild =
  | { kind: 'ready'; kid: string; publicJwk: SlotPublicJwk }
  | { kind: 'opened' }
  | { kind: 'refused'; code: HandshakeCode }
  | { kind: 'requested'; requests: number }
  | { kind: 'finished'; outcome: HandshakeOutcome };

/** A lent slot as door children know it: they can recognise its id, not make one up. */
export interface ClaimableSlot {
  /** SHA-256 of the slot id, hex. */
  hash: string;
  task: SlotTask;
  /** Epoch seconds. */
  exp: number;
}

/** Parent to door child; the connection comes along with `serve`, unread. */
export type ToDoorChild =
  | { kind: 'serve'; slots: ClaimableSlot[]; hosts: string[]; firstByteTimeoutMs: number }
  | { kind: 'claimed' }
  | { kind: 'claim_lost' };

/** Door child to parent. */
export type FromDoorChild =
  | { kind: 'waiting' }
  | { kind: 'claim'; hash: string }
  | { kind: 'requested'; requests: number }
  | { kind: 'finished'; outcome: HandshakeOutcome };
