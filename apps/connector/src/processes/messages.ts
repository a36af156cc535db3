import type { HandshakeCode } from '@lethe/contracts';
import type { SlotPublicJwk } from '@lethe/sealing';
import type { HandshakeTask } from '../handshake/client/handshake-task.js';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';

/** The task of a slot. It contains no credential, so any process may store it. */
export interface SlotTask extends HandshakeTask {
  vid: string;
  /** Without one, the handshake itself shows whether the upstream needs one: there is nothing to find out before. */
  hasCredential: boolean;
}

/** Requests that a process announces before it sends them, so that those of a killed process are counted too. */
export interface SentTrace {
  requests: number;
  origins: string[];
}

/** A process announces the requests of its handshake, and those without a credential. */
type Announcement = ({ kind: 'requested' } & SentTrace) | ({ kind: 'discovered' } & SentTrace);

/** From parent to slot process. A parent only ever has the sealed form of a credential. */
export type ToSlotChild =
  { kind: 'warm' } | { kind: 'assign'; task: SlotTask } | { kind: 'open'; sealed: string } | { kind: 'start' };

/** From slot process to parent. */
export type FromSlotChild =
  | { kind: 'ready'; kid: string; publicJwk: SlotPublicJwk }
  | { kind: 'warmed' }
  | { kind: 'opened' }
  | { kind: 'refused'; code: HandshakeCode }
  | Announcement
  | { kind: 'finished'; outcome: HandshakeOutcome };

/** A reserved slot as door processes know it. They can recognize its id but not guess it. */
export interface ClaimableSlot {
  /** SHA-256 of the slot id, hex. */
  hash: string;
  task: SlotTask;
  /** Epoch seconds. */
  exp: number;
}

/** From parent to door process. `serve` is sent with the unread connection. */
export type ToDoorChild =
  | { kind: 'serve'; slots: ClaimableSlot[]; hosts: string[]; firstByteTimeoutMs: number }
  | { kind: 'claimed' }
  | { kind: 'claim_lost' };

/** From door process to parent. */
export type FromDoorChild =
  | { kind: 'waiting' }
  | { kind: 'claim'; hash: string }
  | Announcement
  | { kind: 'finished'; outcome: HandshakeOutcome };
