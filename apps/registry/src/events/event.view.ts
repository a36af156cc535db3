import type { JsonObject } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { type Actor, ACTOR_KINDS } from '../audit/trail/actor.js';
import type { AuditEntry } from '../audit/trail/audit-entry.entity.js';
import type { TargetKind } from '../audit/trail/audited-kind.js';

/** What can happen. A verification also has an event for each state that it reaches: see `eventType`. */
export const EVENT_TYPES = [
  'gateway.registered',
  'gateway.changed',
  'gateway.verified',
  'gateway.credential_kept',
  'gateway.credential_forgotten',
  'gateway.deleted',
  'verification.begun',
  'verification.awaiting_credential',
  'verification.running',
  'verification.verified',
  'verification.held',
  'verification.reviewed',
  'verification.failed',
  'verification.lost',
  'verification.expired',
  'verification.cancelled',
  'verification.changed',
  'verification.deleted',
  'server.created',
  'server.changed',
  'server.deleted',
  'key.issued',
  'key.changed',
  'key.rotated',
  'key.revoked',
  'administrator.created',
  'administrator.changed',
  'administrator.rotated',
  'administrator.deleted',
] as const;
/** One of `EVENT_TYPES`. */
export type EventType = (typeof EVENT_TYPES)[number];

class EventActorView {
  @ApiProperty({ enum: ACTOR_KINDS }) kind!: Actor['kind'];
  @ApiProperty() id!: string;
}

class EventTargetView {
  @ApiProperty({ enum: ['administrator', 'gateway', 'key', 'server', 'verification'] }) kind!: TargetKind;
  @ApiProperty() id!: string;
  @ApiProperty({ nullable: true, type: String, description: 'Of a verification, that of its gateway' })
  slug!: string | null;
}

/** The data of an event: what happened, and to what. What it looks like now is read with another request. */
export class EventView {
  @ApiProperty({ type: 'integer', description: '`seq` in the audit log' }) id!: number;
  @ApiProperty({ enum: EVENT_TYPES }) type!: EventType;
  @ApiProperty({ format: 'date-time' }) at!: string;
  @ApiProperty() actor!: EventActorView;
  @ApiProperty() target!: EventTargetView;
  @ApiPropertyOptional({ format: 'uuid', description: 'Of a verification' }) gatewayId?: string;
  @ApiPropertyOptional({ type: 'integer', description: 'Of a verification' }) attempt?: number;
  @ApiPropertyOptional({ type: 'integer', description: 'Of the configuration of a gateway or a verification' })
  revision?: number;
  @ApiPropertyOptional({ description: 'Of a gateway or a verification' }) state?: string;
  @ApiPropertyOptional({ description: 'Why a verification failed' }) code?: string;
  @ApiPropertyOptional({ format: 'date-time', description: 'When a kept credential ends' }) until?: string;
}

/** An entry of the audit log as an event; undefined for what was refused. */
export function toEvent(entry: AuditEntry): EventView | undefined {
  const { seq: id, targetKind, targetId, targetSlug } = entry;
  if (!targetKind || !targetId || entry.outcome !== 'done') return undefined;
  const shown = entry.after ?? entry.before ?? {};
  return {
    id,
    type: eventType(targetKind, entry),
    at: entry.recordedAt.toISOString(),
    actor: { kind: entry.actorKind, id: entry.actorId },
    target: { kind: targetKind, id: targetId, slug: targetSlug ?? null },
    ...text(shown, 'gatewayId'),
    ...number(shown, 'attempt'),
    ...(typeof shown['configRevision'] === 'number' && { revision: shown['configRevision'] }),
    ...text(shown, 'state'),
    ...text(shown, 'code'),
    ...untilOf(shown),
  };
}

type Change = Pick<AuditEntry, 'operation' | 'before' | 'after'>;

const IS_ROTATION = /^rotate/;
const TYPES: Record<TargetKind, (change: Change) => EventType> = {
  gateway: ({ operation, before, after }) => {
    if (!before) return 'gateway.registered';
    if (!after) return 'gateway.deleted';
    if (operation === 'keepCredential') return 'gateway.credential_kept';
    if (isObject(before['kept']) && !isObject(after['kept'])) return 'gateway.credential_forgotten';
    const isResult = operation === 'verification.verified' || operation === 'applyVerification';
    return isResult ? 'gateway.verified' : 'gateway.changed';
  },
  server: ({ before, after }) => (!before ? 'server.created' : after ? 'server.changed' : 'server.deleted'),
  key: ({ operation, before, after }) => {
    if (!after) return 'key.revoked';
    if (IS_ROTATION.test(operation)) return 'key.rotated';
    return before ? 'key.changed' : 'key.issued';
  },
  administrator: ({ operation, before, after }) => {
    if (!before) return 'administrator.created';
    if (!after) return 'administrator.deleted';
    return IS_ROTATION.test(operation) ? 'administrator.rotated' : 'administrator.changed';
  },
  verification: verificationType,
};

/** What an entry of the audit log about a target says. */
export function eventType(kind: TargetKind, change: Change): EventType {
  return TYPES[kind](change);
}

function verificationType({ operation, before, after }: Change): EventType {
  if (!before) return 'verification.begun';
  if (!after) return 'verification.deleted';
  if (typeof after['review'] === 'string' && typeof before['review'] !== 'string') return 'verification.held';
  const { state } = after;
  const reached = EVENT_TYPES.find((type) => typeof state === 'string' && type === `verification.${state}`);
  if (reached && state !== before['state']) return reached;
  const isReview = operation === 'applyVerification' || operation === 'rejectVerification';
  return isReview ? 'verification.reviewed' : 'verification.changed';
}

function untilOf({ kept }: JsonObject): { until?: string } {
  const until = isObject(kept) ? kept['until'] : undefined;
  return typeof until === 'string' ? { until } : {};
}

function text<N extends 'gatewayId' | 'state' | 'code'>(shown: JsonObject, name: N): Partial<Record<N, string>> {
  const value = shown[name];
  const found: Partial<Record<N, string>> = {};
  if (typeof value === 'string') found[name] = value;
  return found;
}

function number(shown: JsonObject, name: 'attempt'): { attempt?: number } {
  const value = shown[name];
  return typeof value === 'number' ? { attempt: value } : {};
}
