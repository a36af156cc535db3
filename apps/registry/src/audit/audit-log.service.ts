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
      ABOUT(target),
      between(from, to),
      VISIBLE_TO(reader),
    ].filter((condition) => condition !== false);
    return this.database.read((em) =>
      em.find(AuditEntry, { $and: conditions }, { orderBy: { seq: 'desc' }, limit: limitOf(query) + 1 }),
    );
  }

  /** Those with a number above `after` and up to `upTo` that `reader` may see, in their order. */
  between(
    after: number,
    upTo: number,
    { reader, target, limit }: { reader: AdminIdentity; target: string | undefined; limit: number },
  ): Promise<AuditEntry[]> {
    const conditions = [{ seq: { $gt: after, $lte: upTo } }, ABOUT(target), VISIBLE_TO(reader)];
    return this.database.read((em) => em.find(AuditEntry, { $and: conditions }, { orderBy: { seq: 'asc' }, limit }));
  }

  /** Whether no entry after this one was taken away. */
  async hasAllAfter(seq: number): Promise<boolean> {
    const [first] = await this.database.read((em) =>
      em.execute<{ seq: string }[]>(`select seq from audit_entry order by seq limit 1`),
    );
    return first === undefined ? seq === 0 : Number(first.seq) <= seq + 1;
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

const ABOUT = (target: string | undefined): object =>
  target === undefined ? {} : { $or: [{ targetId: target }, { targetSlug: target }, { targetKind: target }] };

/** Entries about other administrators are only for the role admin. */
const VISIBLE_TO = ({ id, role }: AdminIdentity): object =>
  role === 'admin' ? {} : { $or: [{ targetKind: null }, { targetKind: { $ne: 'administrator' } }, { targetId: id }] };
