import { activeSpan, LOGGER, type Logger, type Span, type Tracer, TRACER } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { CONNECTOR_OPTIONS, type ConnectorOptions, longestHandshakeMs } from './connector-options.js';
import { HandshakeReportsService } from '../reports/handshake-reports.service.js';
import type { ReservedSlot, HandshakeProcess } from '../slots/reserved-slot.js';
import type { OpenResult } from '../slots/slot.js';
import { endHandshakeSpan } from './handshake-span.js';
import { SlotsService } from './slots.service.js';

/** How long a process may take to open the envelope. The registry waits a little longer. */
const OPEN_TIMEOUT_MS = 1_900;

/** Runs handshakes from the accepted credential to the report, which is sent exactly once. */
@Injectable()
export class HandshakesService {
  private readonly running = new Set<Promise<void>>();

  constructor(
    @Inject(CONNECTOR_OPTIONS) private readonly options: ConnectorOptions,
    private readonly slots: SlotsService,
    private readonly reports: HandshakeReportsService,
    @Inject(LOGGER) private readonly log: Logger,
    @Inject(TRACER) private readonly tracer: Tracer | undefined,
  ) {}

  /** Hands a sealed credential to its slot. A slot accepts one attempt, whatever its result. */
  async open(slotId: string, vid: string, sealed: string): Promise<OpenResult> {
    const reserved = this.slots.reserved.find(slotId);
    if (reserved?.order.vid !== vid || reserved.order.credential === 'none' || !reserved.claim(new Date())) {
      return { status: 'slot_gone' };
    }
    const startedAt = new Date();
    const result = await reserved.slot.open(sealed, OPEN_TIMEOUT_MS);
    if (result.status === 'accepted') this.track(reserved, startedAt);
    else this.slots.release(reserved);
    return result;
  }

  /** Starts the handshake of an order that needs no credential. */
  start(reserved: ReservedSlot): void {
    if (!reserved.claim(new Date())) return;
    reserved.slot.start();
    this.track(reserved, new Date());
  }

  /** Lets a door process replace the slot's own process, whose key is no longer needed. */
  takeOver(reserved: ReservedSlot, process: HandshakeProcess): void {
    reserved.process = process;
    reserved.slot.kill();
    this.track(reserved, new Date());
  }

  /**
   * Ends a reservation or its handshake at once. Resolves when the process is gone; false if there is no such reservation
   * any more. A handshake that ran is reported as `cancelled`, with what it had done.
   */
  async cancel(slotId: string, vid: string): Promise<boolean> {
    const reserved = this.slots.reserved.find(slotId);
    if (reserved?.order.vid !== vid) return false;
    reserved.isCancelled = true;
    const { ended } = reserved.process;
    if (reserved.claim(new Date())) this.slots.release(reserved);
    else reserved.process.kill();
    await ended;
    return true;
  }

  /** Waits for running handshakes. Those that are not done in time are killed and reported. */
  async finish(graceMs: number): Promise<void> {
    const overdue = setTimeout(() => {
      for (const { process } of this.slots.reserved.all()) process.kill();
    }, graceMs);
    while (this.running.size > 0) await Promise.allSettled(this.running);
    clearTimeout(overdue);
  }

  private track(reserved: ReservedSlot, startedAt: Date): void {
    const parent = activeSpan.getStore();
    const span = parent && this.tracer?.child(parent);
    const done = this.runToEnd(reserved, startedAt, span).catch((error: unknown) => {
      this.log.error({ vid: reserved.order.vid, err: error }, 'A handshake could not be reported');
    });
    this.running.add(done);
    void done.finally(() => this.running.delete(done));
  }

  private async runToEnd(reserved: ReservedSlot, startedAt: Date, span: Span | undefined): Promise<void> {
    let isOverdue = false;
    const deadline = setTimeout(() => {
      isOverdue = true;
      reserved.process.kill();
    }, longestHandshakeMs(this.options));
    const end = await reserved.process.ended;
    clearTimeout(deadline);
    this.slots.release(reserved);
    const { order, slot, process } = reserved;
    const outcome = (reserved.isCancelled ? undefined : process.outcome) ?? {
      status: 'failed' as const,
      code: reserved.isCancelled
        ? ('cancelled' as const)
        : isOverdue
          ? ('upstream_timeout' as const)
          : ('handshake_crashed' as const),
      requests: process.requested.requests,
      origins: process.requested.origins,
    };
    if (span && this.tracer) endHandshakeSpan(this.tracer, span, order, outcome);
    await this.reports.report({ order, slot: slot.id, outcome, discovery: reserved.discovery, startedAt, end });
  }
}
