import { LOGGER, type Logger, RecurringWork } from '@lethe/platform';
import { Inject, Injectable } from '@nestjs/common';
import { TamperLog } from '../rows/tamper-log.service.js';
import { AuditMarks } from './audit-marks.service.js';
import { AuditVerification } from './audit-verification.service.js';
import { AuditTrail } from './trail/audit-trail.service.js';

/** After a change, others may follow at once. Until then, only this process knows the end. */
const AFTER_CHANGE_MS = 20;
const EVERY_MS = 30_000;
/** The log has the end of the audit log, too: logs are mostly kept elsewhere. */
const LOG_EVERY_MS = 3_600_000;

/** Keeps how far the audit log goes outside of the database. What is known is never replaced by a log that lacks it. */
@Injectable()
export class KeepAuditMark {
  private readonly rounds;
  private loggedAtMs = -Infinity;
  private loggedSeq = 0;
  private saidMissing = false;

  constructor(
    private readonly trail: AuditTrail,
    private readonly verification: AuditVerification,
    private readonly marks: AuditMarks,
    private readonly tamper: TamperLog,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const recurrence = { everyMs: EVERY_MS, afterChangeMs: AFTER_CHANGE_MS };
    this.rounds = new RecurringWork(
      logger,
      'The note on the bus of how far the audit log goes',
      () => this.keep(),
      recurrence,
    );
  }

  start(): void {
    this.trail.onWritten((part) => {
      this.marks.note(part);
      this.rounds.soon();
    });
    this.rounds.start();
  }

  /** What was written last is noted before. */
  stop(): Promise<void> {
    this.rounds.now();
    return this.rounds.stop();
  }

  /** One round. @throws LetheError `database_unavailable`, `bus_unavailable` */
  async keep(nowMs = performance.now()): Promise<void> {
    const known = await this.marks.known();
    const { head, hasKnown } = await this.verification.newestSince(known);
    if (!hasKnown) return this.sayMissing(known?.seq ?? 0);
    this.saidMissing = false;
    if (this.marks.lacks(head)) await this.marks.keep(head);
    if (head.seq === this.loggedSeq || nowMs - this.loggedAtMs < LOG_EVERY_MS) return;
    this.loggedAtMs = nowMs;
    this.loggedSeq = head.seq;
    this.logger.info({ count: head.seq, hash: head.hash }, 'The audit log goes to this entry');
  }

  private sayMissing(seq: number): void {
    if (!this.saidMissing) this.tamper.report('audit_entry', String(seq));
    this.saidMissing = true;
  }
}
