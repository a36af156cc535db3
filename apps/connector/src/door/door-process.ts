import type { Socket } from 'node:net';
import type { ClaimableSlot, FromDoorChild, SentTrace, ToDoorChild } from '../processes/messages.js';
import { OneShotProcess, type ProcessEnd } from '../processes/one-shot-process.js';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';
import type { HandshakeProcess } from '../slots/reserved-slot.js';

const FIRST_BYTE_TIMEOUT_MS = 5_000;
/** From the connection to the claim. The process has shorter timeouts of its own for reading. */
const CLAIM_TIMEOUT_MS = 20_000;
const EXIT_GRACE_MS = 500;

/** The door's answers to requests of a door process. */
export interface DoorCallbacks {
  /** Called when the process is ready. Returns the unread connection and the slots that it may claim. */
  serve: () => { socket: Socket; slots: ClaimableSlot[]; hosts: string[] };
  claim: (hash: string) => boolean;
}

/** A one-shot process that serves one connection of the door, as its parent sees it. */
export class DoorProcess implements HandshakeProcess {
  outcome: HandshakeOutcome | undefined;
  requested: SentTrace = { requests: 0, origins: [] };
  discovered: SentTrace = { requests: 0, origins: [] };
  hasClaimed = false;
  readonly ended: Promise<ProcessEnd>;
  private readonly process: OneShotProcess<ToDoorChild, FromDoorChild>;

  constructor(
    childFile: string,
    private readonly callbacks: DoorCallbacks,
  ) {
    this.process = new OneShotProcess(childFile, 'door', (message) => this.onMessage(message));
    this.ended = this.process.ended;
    const overdue = setTimeout(() => {
      if (!this.hasClaimed) this.kill();
    }, CLAIM_TIMEOUT_MS);
    void this.ended.then(() => clearTimeout(overdue));
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  kill(): void {
    this.process.kill();
  }

  private onMessage(message: FromDoorChild): void {
    if (message.kind === 'waiting') this.serve();
    else if (message.kind === 'claim') this.decideClaim(message.hash);
    else if (message.kind === 'requested') this.requested = message;
    else if (message.kind === 'discovered') this.discovered = message;
    else {
      this.outcome ??= message.outcome;
      void this.process.endWithin(EXIT_GRACE_MS);
    }
  }

  private serve(): void {
    const { socket, slots, hosts } = this.callbacks.serve();
    this.process.send({ kind: 'serve', slots, hosts, firstByteTimeoutMs: FIRST_BYTE_TIMEOUT_MS }, socket);
  }

  private decideClaim(hash: string): void {
    this.hasClaimed ||= this.callbacks.claim(hash);
    this.process.send({ kind: this.hasClaimed ? 'claimed' : 'claim_lost' });
  }
}
