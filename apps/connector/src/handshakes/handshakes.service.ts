import { LOGGER, type Logger } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CONNECTOR_OPTIONS, type ConnectorOptions } from './connector-options.js';
import { HandshakeReporter } from '../reports/handshake-reports.service.js';
import type { LentSlot, Worker } from '../slots/reserved-slot.js';
import type { Opening } from '../slots/slot.js';
import { SlotsService } from './slots.service.js';

/** A process tells its parent that it opened the envelope within this; the registry waits a little longer. */
const OPEN_TIMEOUT_MS = 1_900;
/** A process ends itself at its deadline; one that does not is ended. */
const OVERDUE_GRACE_MS = 500;

/** Carries handshakes from the accepted credential to the report, which is sent exactly once. */
@Injectable()
export class HandshakesService {
  private readonly running = new Set<Promise<void>>();

  constructor(
    @Inject(CONNECTOR_OPTIONS) private readonly options: ConnectorOptions,
    private readonly slots: SlotsService,
    private readonly reporter: HandshakeReporter,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Hands a sealed credential to its slot. A slot takes one, whatever becomes of it. */
  async open(slotId: string, vid: string, sealed: string): Promise<Opening> {
    const lent = this.slots.lent.find(slotId);
    if (lent?.order.vid !== vid || lent.order.credential === 'none' || !lent.claim(new Date())) {
      return { status: 'slot_gone' };
    }
    const startedAt = new Date();
    const opening = await lent.slot.open(sealed, OPEN_TIMEOUT_MS);
    if (opening.status === 'accepted') this.follow(lent, startedAt);
    else this.slots.release(lent);
    return opening;
  }

  /** An order without a credential needs no envelope. */
  start(lent: LentSlot): void {
    if (!lent.claim(new Date())) return;
    lent.slot.start();
    this.follow(lent, new Date());
  }

  /** A door child works in the slot's stead: the slot's own process, and its key, are not needed any more. */
  takeOver(lent: LentSlot, worker: Worker): void {
    lent.worker = worker;
    lent.slot.kill();
    this.follow(lent, new Date());
  }

  /** Waits for what runs; what is not done in time is killed and reported as such. */
  async finish(graceMs: number): Promise<void> {
    const overdue = setTimeout(() => {
      for (const { worker } of this.slots.lent.all()) worker.kill();
    }, graceMs);
    while (this.running.size > 0) await Promise.allSettled(this.running);
    clearTimeout(overdue);
  }

  private follow(lent: LentSlot, startedAt: Date): void {
    const run = this.watch(lent, startedAt).catch((error: unknown) => {
      this.log.error({ vid: lent.order.vid, err: error }, 'A handshake could not be reported');
    });
    this.running.add(run);
    void run.finally(() => this.running.delete(run));
  }

  private async watch(lent: LentSlot, startedAt: Date): Promise<void> {
    let isOverdue = false;
    const deadline = setTimeout(() => {
      isOverdue = true;
      lent.worker.kill();
    }, this.options.handshakeTimeoutMs + OVERDUE_GRACE_MS);
    const end = await lent.worker.ended;
    clearTimeout(deadline);
    this.slots.release(lent);
    const { order, slot, worker } = lent;
    const outcome = worker.outcome ?? {
      status: 'failed' as const,
      code: isOverdue ? ('upstream_timeout' as const) : ('handshake_crashed' as const),
      requests: worker.requests,
      origins: worker.requests > 0 ? [new URL(order.url).origin] : [],
    };
    await this.reporter.report({ order, slot: slot.id, outcome, startedAt, end });
  }
}
