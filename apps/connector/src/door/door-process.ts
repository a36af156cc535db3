import type { Socket } from 'node:net';
import type { ClaimableSlot, FromDoorChild, ToDoorChild } from '../processes/messages.js';
import { OneShotProcess, type ProcessEnd } from '../processes/one-shot-process.js';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';
import type { HandshakeProcess } from '../slots/reserved-slot.js';

const FIRST_BYTE_TIMEOUT_MS = 5_000;
/** From the connection to the claim; reading has shorter times of its own. */
const CLAIM_TIMEOUT_MS = 20_000;
const END_GRACE_MS = 500;

export interface DoorCallbacks {
  /** What a fresh process is given: the unread connection, and the slots it may recognise. */
  serve: () => { socket: Socket; slots: ClaimableSlot[]; hosts: string[] };
  claim: (hash: string) => boolean;
}

/** One door child as its parent sees it. */
export class DoorProcess implements HandshakeProcess {
  outcome: HandshakeOutcome | undefined;
  requests = 0;
  /** It has claimed a slot. */
  isAtWork = false;
  readonly ended: Promise<ProcessEnd>;
  private readonly process: OneShotProcess<ToDoorChild, FromDoorChild>;

  constructor(
    childFile: string,
    private readonly callbacks: DoorCallbacks,
  ) {
    this.process = new OneShotProcess(childFile, 'door', (message) => this.handleMessage(message));
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

  private handleMessage(message: FromDoorChild): void {
    if (message.kind === 'waiting') this.serve();
    else if (message.kind === 'claim') this.answerClaim(message.hash);
    else if (message.kind === 'requested') this.requests = message.requests;
    else {
      this.outcome ??= message.outcome;
      void this.process.endWithin(END_GRACE_MS);
    }
  }

  private serve(): void {
    const { socket, slots, hosts } = this.callbacks.serve();
    this.process.send({ kind: 'serve', slots, hosts, firstByteTimeoutMs: FIRST_BYTE_TIMEOUT_MS }, socket);
  }

  private answerClaim(hash: string): void {
    this.isAtWork ||= this.callbacks.claim(hash);
    this.process.send({ kind: this.isAtWork ? 'claimed' : 'claim_lost' });
  }
}
