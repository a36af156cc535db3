import { AsyncLocalStorage } from 'node:async_hooks';
import { LOGGER, type Logger, RecurringFailure } from '@lethe/platform';
import { canonicalJson } from '@lethe/sealing';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { TamperLog } from '../../rows/tamper-log.service.js';
import { REGISTRY } from './actor.js';
import { AuditTrail } from './audit-trail.service.js';
import type { TargetKind } from './audited-kind.js';
import type { Finding } from './finding.js';

/** A finding that is reported again in this time is not looked at. */
const REMEMBERED_MS = 10 * 60_000;
const MOST_REMEMBERED = 10_000;
/** So long nothing is looked at that is about a target of which the log has enough. */
const FULL_MS = 60_000;
/** More that wait are not looked at: each costs a transaction. */
const MOST_WAITING = 200;
const SAID_EVERY_MS = 3_600_000;
/** An id or a slug. Other keys of rows may be anything that somebody else wrote. */
const KEY = /^[a-z0-9-]{1,64}$/;

const KINDS: Record<string, TargetKind> = {
  ...{ admin: 'administrator', caller_key: 'key', virtual_server: 'server' },
  ...{ gateway: 'gateway', item_version: 'gateway', kept_credential: 'gateway' },
};

/**
 * Writes to the audit log what the registry finds in the database that it did not write, and what other services report. Each in
 * a transaction of its own, after the one that found it: that one is often rolled back.
 */
@Injectable()
export class Findings {
  private readonly known = new LRUCache<string, true>({ max: MOST_REMEMBERED, ttl: REMEMBERED_MS });
  private readonly full = new LRUCache<string, true>({ max: MOST_REMEMBERED, ttl: FULL_MS });
  private readonly failure: RecurringFailure;
  /** Leaves the transaction and the request of whoever reports. */
  private readonly outside = AsyncLocalStorage.snapshot();
  private running = Promise.resolve();
  private waiting = 0;
  private saidAtMs = -Infinity;

  constructor(
    private readonly trail: AuditTrail,
    @Inject(LOGGER) private readonly logger: Logger,
    tamper: TamperLog,
  ) {
    this.failure = new RecurringFailure(logger, 'Noting in the audit log what was refused');
    tamper.onFound((table, key) => this.noteRow(table, key));
  }

  /** Resolves when everything that was noted is written. */
  async stop(): Promise<void> {
    await this.running;
  }

  note(finding: Finding): void {
    const { operation, key, after } = finding;
    const id = canonicalJson([operation, key, after]);
    if (this.known.has(id) || this.full.has(key)) return;
    if (this.waiting >= MOST_WAITING) return this.sayTooMany();
    this.known.set(id, true);
    this.waiting += 1;
    this.running = this.running.then(() => this.outside(() => this.write(finding, id)));
  }

  private async write(finding: Finding, id: string): Promise<void> {
    try {
      if ((await this.trail.found(finding)) === 'too_many') {
        this.full.set(finding.key, true);
        this.sayTooMany();
      }
      this.failure.succeeded();
    } catch (error) {
      this.known.delete(id);
      this.failure.failed(error);
    } finally {
      this.waiting -= 1;
    }
  }

  /** The log that was changed can't say so itself. */
  private noteRow(table: string, key: string): void {
    if (table === 'audit_entry') return;
    const kind = KINDS[table];
    this.note({
      ...{ actor: REGISTRY, operation: 'rowTampered', key },
      after: { table, ...(kind === undefined && KEY.test(key) && { row: key }) },
      about: async (em) => ({ target: kind && KEY.test(key) ? await this.trail.targetOf(em, kind, key) : null }),
    });
  }

  private sayTooMany(): void {
    if (performance.now() - this.saidAtMs < SAID_EVERY_MS) return;
    this.saidAtMs = performance.now();
    this.logger.error('More is refused than the audit log takes in an hour; the other log has all of it');
  }
}
