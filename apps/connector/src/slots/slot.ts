import { randomBytes } from 'node:crypto';
import type { HandshakeCode } from '@lethe/contracts';
import type { SlotPublicJwk } from '@lethe/sealing';
import type { FromSlotChild, SentTrace, SlotTask, ToSlotChild } from '../processes/messages.js';
import { OneShotProcess, type ProcessEnd } from '../processes/one-shot-process.js';
import type { HandshakeOutcome } from '../handshake/outcome/outcome.js';

/** The response of a slot's process to a sealed credential. */
export type OpenResult = { status: 'accepted' } | { status: 'refused'; code: HandshakeCode } | { status: 'slot_gone' };

/** The public half of a slot's one-time key. */
export interface SlotPublicKey {
  kid: string;
  publicJwk: SlotPublicJwk;
}

/** A process that has sent its result has nothing left to do. */
const EXIT_GRACE_MS = 500;

/** One slot as its parent sees it: a process with its own key, for one handshake. */
export class Slot {
  readonly id = randomBytes(16).toString('hex');
  /** Resolves when the process has made its key; `undefined` if it ended before. */
  readonly ready: Promise<SlotPublicKey | undefined>;
  readonly ended: Promise<ProcessEnd>;
  outcome: HandshakeOutcome | undefined;
  requested: SentTrace = { requests: 0, origins: [] };
  discovered: SentTrace = { requests: 0, origins: [] };
  private readonly process: OneShotProcess<ToSlotChild, FromSlotChild>;
  private readonly waiting = new Set<(result: OpenResult) => void>();
  private readonly warmed: Promise<void>;
  private isToldToWarmUp = false;
  private resolveReady: (key: SlotPublicKey | undefined) => void = () => undefined;
  private resolveWarmed: () => void = () => undefined;

  constructor(childFile: string) {
    this.ready = new Promise((resolve) => (this.resolveReady = resolve));
    this.warmed = new Promise((resolve) => (this.resolveWarmed = resolve));
    this.process = new OneShotProcess(childFile, 'slot', (message) => this.handleMessage(message));
    this.ended = this.process.ended;
    void this.ended.then(() => {
      this.resolveReady(undefined);
      this.resolveWarmed();
      this.resolveOpens({ status: 'slot_gone' });
    });
  }

  get pid(): number | undefined {
    return this.process.pid;
  }

  /** Lets the process load and warm up what a handshake needs, once. Resolves when it has, or when it is gone. */
  warmUp(): Promise<void> {
    if (!this.isToldToWarmUp) this.process.send({ kind: 'warm' });
    this.isToldToWarmUp = true;
    return this.warmed;
  }

  assign(task: SlotTask): void {
    this.process.send({ kind: 'assign', task });
  }

  /** Sends the sealed credential, once. Resolves when the process has opened it, rejected it, or taken too long. */
  open(sealed: string, timeoutMs: number): Promise<OpenResult> {
    const result = this.nextOpenResult(timeoutMs);
    this.process.send({ kind: 'open', sealed });
    return result;
  }

  /** Starts the handshake without a credential. */
  start(): void {
    this.process.send({ kind: 'start' });
  }

  kill(): void {
    this.process.kill();
  }

  private nextOpenResult(timeoutMs: number): Promise<OpenResult> {
    return new Promise((resolve) => {
      const overdue = setTimeout(() => {
        this.kill();
        resolve({ status: 'slot_gone' });
      }, timeoutMs);
      this.waiting.add((result) => {
        clearTimeout(overdue);
        resolve(result);
      });
    });
  }

  private handleMessage(message: FromSlotChild): void {
    if (message.kind === 'ready') this.resolveReady({ kid: message.kid, publicJwk: message.publicJwk });
    else if (message.kind === 'warmed') this.resolveWarmed();
    else if (message.kind === 'opened') this.resolveOpens({ status: 'accepted' });
    else if (message.kind === 'refused') this.resolveOpens({ status: 'refused', code: message.code });
    else if (message.kind === 'requested') this.requested = message;
    else if (message.kind === 'discovered') this.discovered = message;
    else {
      this.outcome ??= message.outcome;
      void this.process.endWithin(EXIT_GRACE_MS);
    }
  }

  private resolveOpens(result: OpenResult): void {
    for (const done of this.waiting) done(result);
    this.waiting.clear();
  }
}
