import type { JsonObject } from '@lethe/contracts';
import { ApiProperty } from '@nestjs/swagger';
import { ActorView } from '../admins/admin.view.js';
import { AUDIT_OUTCOMES, type AuditEntry, type AuditOutcome } from './trail/audit-entry.entity.js';
import type { TargetKind } from './trail/audited-kind.js';

/** What an entry is about. */
export class AuditTargetView {
  @ApiProperty({ enum: ['administrator', 'gateway', 'key', 'server', 'verification'] }) kind!: TargetKind;
  @ApiProperty() id!: string;
  @ApiProperty({ nullable: true, type: String, description: 'Of a verification, that of its gateway' })
  slug!: string | null;
}

/** One entry of the audit log. */
export class AuditEntryView {
  @ApiProperty({ description: '1, 2, 3, … without a gap' }) seq!: number;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty() actor!: ActorView;
  @ApiProperty({ description: '`operationId` of the request; without a request an event, such as `verification.lost`' })
  operation!: string;
  @ApiProperty({
    enum: AUDIT_OUTCOMES,
    description: '`role_required`: refused, because another role is needed; `refused`: not used, because of what it is',
  })
  outcome!: AuditOutcome;
  @ApiProperty({ nullable: true, type: AuditTargetView, description: 'Null for a request that was refused' })
  target!: AuditTargetView | null;
  @ApiProperty({ nullable: true, type: Object, description: 'What the admin API showed of it; null if it is new' })
  before!: JsonObject | null;
  @ApiProperty({
    nullable: true,
    type: Object,
    description: 'What it shows since, or what was refused; null if it was removed',
  })
  after!: JsonObject | null;
  @ApiProperty({ nullable: true, type: String, description: '`requestId` of the log' }) requestId!: string | null;
  @ApiProperty() previousHash!: string;
  @ApiProperty({ description: 'Authentication code over the entry, with `previousHash`' }) hash!: string;
}

/** Whether the audit log is whole. */
export class AuditVerificationView {
  @ApiProperty({ enum: ['intact', 'broken'] }) state!: 'intact' | 'broken';
  @ApiProperty({ description: 'How many entries were checked' }) entries!: number;
  @ApiProperty({ description: '`hash` of the last one' }) head!: string;
  @ApiProperty({ nullable: true, type: Number, description: 'The first entry that is not what was written' })
  firstBroken!: number | null;
  @ApiProperty({
    nullable: true,
    enum: ['missing', 'changed', 'truncated', 'replaced'],
    type: String,
    description:
      '`missing`: the entry is not there; `changed`: it, or its place, is another; `truncated`: the last entries are gone; ' +
      '`replaced`: it is genuine, but another one had its place',
  })
  why!: BrokenWhy | null;
  @ApiProperty({ nullable: true, type: Number, description: 'The newest entry that is known outside of the database' })
  knownUntil!: number | null;
}

/** Why an entry is not what was written. */
export type BrokenWhy = 'missing' | 'changed' | 'truncated' | 'replaced';

/** Converts an entry to its form in the admin API. */
export function toAuditEntryView(entry: AuditEntry): AuditEntryView {
  const { seq, operation, outcome, before, after, requestId, previousHash, hash } = entry;
  const { actorKind: kind, actorId: id, actorName: name, actorRole: role } = entry;
  return {
    seq,
    at: entry.recordedAt.toISOString(),
    actor: { kind, id, name, ...(role && { role }) },
    operation,
    outcome,
    target: targetOf(entry),
    before: before ?? null,
    after: after ?? null,
    requestId: requestId ?? null,
    previousHash,
    hash,
  };
}

function targetOf({ targetKind, targetId, targetSlug }: AuditEntry): AuditTargetView | null {
  return targetKind && targetId ? { kind: targetKind, id: targetId, slug: targetSlug ?? null } : null;
}
