import { randomBytes } from 'node:crypto';
import type { HandshakeCode } from '@lethe/contracts';
import type { SlotPublicJwk } from '@lethe/sealing';
import type { FromSlotChild, SlotTask, ToSlotChild } from '../processes/messages.js';
import { OneShot, type ProcessEnd } from '../processes/one-shot-process.js';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';

/** What a slot's process said to the sealed credential. */
export type Opening = { status: 'accepted' } | { status: 'refused'; code: HandshakeCode } | { status: 'slot_gone' };

/** The public half of a slot's one-time key. */
export interface SlotIdentity {
  kid: string;
  publicJwk: SlotPublicJwk;
}

/** A process that has handed over its result has nothing left to do. */
const END_GRACE_MS = 500;

/** One slot as its parent sees it: a process with a key of its own, good for one handshake. */
export class Slot {
  readonly id = randomBytes(16).toString('hex');
  /** Resolves once the process has made its key; `undefined` when it ended before. */
  readonly ready: Promise<SlotIdentity | undefined>;
  readonly ended: Promise<ProcessEnd>;
  outcome: HandshakeOutcome | undefined;
  /** Requests it has announced, so that a killed process's visits are counted too. */
  requests = 0;
  private readonly process: OneShot<ToSlotChild, FromSlotChild>;
  private readonly openings = new Set<(opening: Opening) => void>();
  private greet: (identity: SlotIdentity | undefined) => void = () => undefined;

  constructor(childFile: string) {
    this.ready = new Promise((resolve) => (this.greet = resolve));
    this.process = new OneShot(childFile, 'slot', (message) => this.hear(message));
    this.ended = this.process.ended;
    void this.ended.then(() => {
      this.greet(undefined);
      this.settle({ status: 'slot_gone' });
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  assign(task: SlotTask): void {
    this.process.tell({ kind: 'assign', task });
  }

  /** Hands over a sealed credential, once; resolves when the process has opened it, refused it, or taken too long. */
  open(sealed: string, timeoutMs: number): Promise<Opening> {
    const opening = this.nextOpening(timeoutMs);
    this.process.tell({ kind: 'open', sealed });
    return opening;
  }

  /** Starts the handshake without a credential. */
  start(): void {
    this.process.tell({ kind: 'start' });
  }

  kill(): void {
    this.process.kill();
  }

  private nextOpening(timeoutMs: number): Promise<Opening> {
    return new Promise((resolve) => {
      const overdue = setTimeout(() => {
        this.kill();
        resolve({ status: 'slot_gone' });
      }, timeoutMs);
      this.openings.add((opening) => {
        clearTimeout(overdue);
        resolve(opening);
      });
    });
  }

  private hear(message: FromSlotChild): void {
    if (message.kind === 'ready') this.greet({ kid: message.kid, publicJwk: message.publicJwk });
    else if (message.kind === 'opened') this.settle({ status: 'accepted' });
    else if (message.kind === 'refused') this.settle({ status: 'refused', code: message.code });
    else if (message.kind === 'requested') this.requests = message.requests;
    else {
      this.outcome ??= message.outcome;
      void this.process.endWithin(END_GRACE_MS);
    }
  }

  private settle(opening: Opening): void {
    for (const done of this.openings) done(opening);
    this.openings.clear();
  }
}
