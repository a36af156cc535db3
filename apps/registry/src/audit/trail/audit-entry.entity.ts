import type { JsonObject } from '@lethe/contracts';
import { defineEntity, p } from '@mikro-orm/postgresql';
import type { Actor } from './actor.js';
import type { AdminRole } from '@lethe/platform';
import type { TargetKind } from './audited-kind.js';

/**
 * `done`: something changed; `role_required`: an administrator asked for what their role does not allow; `refused`: something
 * was not used, because it is not what Lethe wrote, or not for this use.
 */
export const AUDIT_OUTCOMES = ['done', 'role_required', 'refused'] as const;
/** One of `AUDIT_OUTCOMES`. */
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

const Schema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    /** 1, 2, 3, … without a gap. */
    seq: p.bigint('number').primary().autoincrement(false),
    recordedAt: p.datetime(3).fieldName('at'),
    actorKind: p.string().$type<Actor['kind']>(),
    actorId: p.string(),
    actorName: p.string(),
    actorRole: p.string().$type<AdminRole>().nullable(),
    operation: p.string(),
    outcome: p.string().$type<AuditOutcome>(),
    targetKind: p.string().$type<TargetKind>().nullable(),
    targetId: p.string().nullable(),
    targetSlug: p.string().nullable(),
    before: p.json<JsonObject>().columnType('json').nullable(),
    after: p.json<JsonObject>().columnType('json').nullable(),
    requestId: p.string().nullable(),
    previousHash: p.string(),
    /** Authentication code over all of the above; its key is not in the database. */
    hash: p.string(),
  },
});

/** Who changed what, and when. The database refuses to change or delete a row. */
export class AuditEntry extends Schema.class {}
Schema.setClass(AuditEntry);
