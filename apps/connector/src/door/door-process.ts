import type { Socket } from 'node:net';
import type { DoorSlot, FromDoorChild, ToDoorChild } from '../processes/messages.js';
import { OneShot, type ProcessEnd } from '../processes/one-shot-process.js';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';
import type { Worker } from '../slots/reserved-slot.js';

const FIRST_BYTE_TIMEOUT_MS = 5_000;
/** From the connection to the claim; reading has shorter times of its own. */
const CLAIM_TIMEOUT_MS = 20_000;
const END_GRACE_MS = 500;

export interface DoorDuty {
  /** What a fresh process is given: the unread connection, and the slots it may recognise. */
  serve: () => { socket: Socket; slots: DoorSlot[]; hosts: string[] };
  claim: (hash: string) => boolean;
}

/** One door child as its parent sees it. */
export class DoorKeeper implements Worker {
  outcome: HandshakeOutcome | undefined;
  requests = 0;
  /** It has claimed a slot. */
  isAtWork = false;
  readonly ended: Promise<ProcessEnd>;
  private readonly process: OneShot<ToDoorChild, FromDoorChild>;

  constructor(
    childFile: string,
    private readonly duty: DoorDuty,
  ) {
    this.process = new OneShot(childFile, 'door', (message) => this.hear(message));
    this.ended = this.process.ended;
    const idle = setTimeout(() => {
      if (!this.isAtWork) this.kill();
    }, CLAIM_TIMEOUT_MS);
    void this.ended.then(() => clearTimeout(idle));
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  kill(): void {
    this.process.kill();
  }

  private hear(message: FromDoorChild): void {
    if (message.kind === 'waiting') this.serve();
    else if (message.kind === 'claim') this.answerClaim(message.hash);
    else if (message.kind === 'requested') this.requests = message.requests;
    else {
      this.outcome ??= message.outcome;
      void this.process.endWithin(END_GRACE_MS);
    }
  }

  private serve(): void {
    const { socket, slots, hosts } = this.duty.serve();
    this.process.tell({ kind: 'serve', slots, hosts, firstByteTimeoutMs: FIRST_BYTE_TIMEOUT_MS }, socket);
  }

  private answerClaim(hash: string): void {
    this.isAtWork ||= this.duty.claim(hash);
    this.process.tell({ kind: this.isAtWork ? 'claimed' : 'claim_lost' });
  }
}
