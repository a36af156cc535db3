import { Database } from '@lethe/persistence';
import { Trust } from '@lethe/sealing';
import { Injectable } from '@nestjs/common';
import { TamperLog } from '../rows/tamper-log.service.js';
import { AuditLogService } from './audit-log.service.js';
import { AuditMarks } from './audit-marks.service.js';
import type { AuditVerificationView, BrokenWhy } from './audit.view.js';
import { type AuditHead, EMPTY_CHAIN, headOf, isEntryGenuine } from './trail/audit-chain.js';
import type { AuditEntry } from './trail/audit-entry.entity.js';

interface Broken {
  firstBroken: number;
  why: BrokenWhy;
}

/** Checks that the audit log is what was written. */
@Injectable()
export class AuditVerification {
  private running: Promise<AuditVerificationView> | undefined;

  constructor(
    private readonly database: Database,
    private readonly trust: Trust,
    private readonly log: AuditLogService,
    private readonly marks: AuditMarks,
    private readonly tamper: TamperLog,
  ) {}

  /** Reads all of it, once at a time: whoever asks meanwhile gets the same answer. */
  verify(): Promise<AuditVerificationView> {
    this.running ??= this.check().finally(() => (this.running = undefined));
    return this.running;
  }

  private async check(): Promise<AuditVerificationView> {
    const known = await this.marks.known();
    const { head, broken } = await this.walk(known);
    if (broken) this.tamper.report('audit_entry', String(broken.firstBroken));
    const problem = broken ?? { firstBroken: null, why: null };
    const state = broken ? 'broken' : 'intact';
    return { state, entries: head.seq, head: head.hash, ...problem, knownUntil: known?.seq ?? null };
  }

  /** Up to the last entry, or the first that is not what was written. */
  private async walk(known: AuditHead | undefined): Promise<{ head: AuditHead; broken?: Broken }> {
    let head = EMPTY_CHAIN;
    for await (const entries of this.log.batches()) {
      for (const entry of entries) {
        const broken = this.problemOf(entry, head, known);
        if (broken) return { head, broken };
        head = { seq: entry.seq, hash: entry.hash };
      }
    }
    const isCut = known !== undefined && known.seq > head.seq;
    return isCut ? { head, broken: { firstBroken: head.seq + 1, why: 'truncated' } } : { head };
  }

  private problemOf(entry: AuditEntry, before: AuditHead, known: AuditHead | undefined): Broken | undefined {
    const expected = before.seq + 1;
    if (entry.seq > expected) return { firstBroken: expected, why: 'missing' };
    if (entry.previousHash !== before.hash || !isEntryGenuine(this.trust.rowsMac(), entry)) {
      return { firstBroken: entry.seq, why: 'changed' };
    }
    const isAnother = known?.seq === entry.seq && known.hash !== entry.hash;
    return isAnother ? { firstBroken: entry.seq, why: 'replaced' } : undefined;
  }

  /** Whether the log still has the entry that is known to be its last, and which entry is the last now. */
  async newestSince(known: AuditHead | undefined): Promise<{ head: AuditHead; hasKnown: boolean }> {
    return this.database.read(async (em) => {
      const head = await headOf(em);
      if (!known) return { head, hasKnown: true };
      const rows = await em.execute<{ hash: string }[]>(`select hash from audit_entry where seq = ?`, [known.seq]);
      return { head, hasKnown: rows[0]?.hash === known.hash };
    });
  }
}
