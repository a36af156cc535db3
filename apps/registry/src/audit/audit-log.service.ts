import { Database } from '@lethe/persistence';
import { Injectable } from '@nestjs/common';
import type { AdminIdentity } from '../admins/admin-identity.js';
import { limitOf, numberOf } from '../rest/paging.js';
import type { AuditExportQuery, AuditQuery } from './audit.dto.js';
import { type AuditEntryView, toAuditEntryView } from './audit.view.js';
import { AuditEntry } from './trail/audit-entry.entity.js';

const BATCH = 500;

/** Reads the audit log. */
@Injectable()
export class AuditLogService {
  constructor(private readonly database: Database) {}

  /** Newest first. Entries about other administrators are only for the role admin. */
  list(query: AuditQuery, reader: AdminIdentity): Promise<AuditEntry[]> {
    const { actor, operation, target, from, to } = query;
    const before = numberOf(query, 'bigint');
    const conditions = [
      before !== undefined && { seq: { $lt: before } },
      actor !== undefined && { $or: [{ actorId: actor }, { actorName: actor }] },
      operation !== undefined && { operation },
      target !== undefined && { $or: [{ targetId: target }, { targetSlug: target }, { targetKind: target }] },
      between(from, to),
      reader.role !== 'admin' && NOT_ABOUT_OTHERS(reader.id),
    ].filter((condition) => condition !== false);
    return this.database.read((em) =>
      em.find(AuditEntry, { $and: conditions }, { orderBy: { seq: 'desc' }, limit: limitOf(query) + 1 }),
    );
  }

  /** All entries in their order, as JSON lines; read as fast as they are taken. */
  async *lines({ from, to }: AuditExportQuery): AsyncGenerator<string> {
    for await (const entries of this.batches(between(from, to))) {
      yield entries.map((entry) => `${JSON.stringify(toAuditEntryView(entry) satisfies AuditEntryView)}\n`).join('');
    }
  }

  /** In their order. An entry that is written meanwhile may be missing. */
  async *batches(condition: object = {}): AsyncGenerator<AuditEntry[]> {
    let last = 0;
    for (;;) {
      const where = { $and: [condition, { seq: { $gt: last } }] };
      const entries = await this.database.read((em) =>
        em.find(AuditEntry, where, { orderBy: { seq: 'asc' }, limit: BATCH }),
      );
      if (entries.length > 0) yield entries;
      if (entries.length < BATCH) return;
      last = entries.at(-1)?.seq ?? last;
    }
  }
}

function between(from: string | undefined, to: string | undefined): object {
  const since = from !== undefined && { $gte: new Date(from) };
  const until = to !== undefined && { $lt: new Date(to) };
  return since || until ? { recordedAt: { ...since, ...until } } : {};
}

const NOT_ABOUT_OTHERS = (reader: string): object => ({
  $or: [{ targetKind: null }, { targetKind: { $ne: 'administrator' } }, { targetId: reader }],
});
