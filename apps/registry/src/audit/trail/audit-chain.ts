import type { JsonObject } from '@lethe/contracts';
import { withinTransaction } from '@lethe/persistence';
import type { RowsMac } from '@lethe/sealing';
import type { EntityManager } from '@mikro-orm/postgresql';
import { withoutCredential } from '../../rest/clear-credential.js';
import type { Actor } from './actor.js';
import { AuditEntry, type AuditOutcome } from './audit-entry.entity.js';
import type { TargetKind } from './audited-kind.js';

/** What an entry says, before it has its place in the chain. */
export interface AuditRecord {
  actor: Actor;
  operation: string;
  outcome: AuditOutcome;
  target: { kind: TargetKind; id: string; slug: string | null } | null;
  before: JsonObject | null;
  after: JsonObject | null;
  requestId: string | null;
}

/** The end of the chain. */
export interface AuditHead {
  /** How many entries there are. */
  seq: number;
  hash: string;
}

/** A part of the chain that one transaction appends. */
export interface AuditPart {
  /** The entry before it. */
  follows: AuditHead;
  head: AuditHead;
}

/** The end of a chain without entries. */
export const EMPTY_CHAIN: AuditHead = { seq: 0, hash: '0'.repeat(64) };

const PURPOSE = 'audit-entry';
/** An arbitrary number, the same in all replicas. Held from the first entry of a transaction to its end. */
const CHAIN_LOCK = 5_331_943;

function contentOf(entry: Omit<AuditEntry, 'hash'>): object {
  return {
    seq: entry.seq,
    at: entry.recordedAt.toISOString(),
    actor: [entry.actorKind, entry.actorId, entry.actorName, entry.actorRole ?? null],
    operation: entry.operation,
    outcome: entry.outcome,
    target: [entry.targetKind ?? null, entry.targetId ?? null, entry.targetSlug ?? null],
    before: entry.before ?? null,
    after: entry.after ?? null,
    requestId: entry.requestId ?? null,
    previousHash: entry.previousHash,
  };
}

/** The authentication code of an entry. */
export function entryHash(rows: RowsMac, entry: Omit<AuditEntry, 'hash'>): string {
  return rows.tag(PURPOSE, contentOf(entry));
}

/** Whether the registry wrote this entry in its present form. */
export function isEntryGenuine(rows: RowsMac, entry: AuditEntry): boolean {
  return rows.matches(PURPOSE, contentOf(entry), entry.hash);
}

/** The last entry that is committed, or written by this transaction. */
export async function headOf(em: EntityManager): Promise<AuditHead> {
  const [last] = await em.execute<{ seq: string; hash: string }[]>(
    `select seq, hash from audit_entry order by seq desc limit 1`,
  );
  return last === undefined ? EMPTY_CHAIN : { seq: Number(last.seq), hash: last.hash };
}

/** Waits for the transactions that append, until this one ends. */
export async function lockChain(em: EntityManager): Promise<void> {
  await em.execute(`select pg_advisory_xact_lock(${CHAIN_LOCK})`);
}

/**
 * Appends records in the transaction of `em`, and returns their part of the chain. Transactions that append wait for each other,
 * so call it last.
 */
export async function appendEntries(
  em: EntityManager,
  rows: RowsMac,
  records: readonly AuditRecord[],
): Promise<AuditPart> {
  await lockChain(em);
  const writing = withinTransaction(em);
  const follows = await headOf(em);
  let { seq, hash } = follows;
  for (const { actor, target, ...record } of records) {
    const entry = {
      seq: (seq += 1),
      recordedAt: new Date(),
      actorKind: actor.kind,
      actorId: actor.id,
      actorName: withoutCredential(actor.name),
      actorRole: actor.role ?? null,
      ...record,
      targetKind: target?.kind ?? null,
      targetId: target?.id ?? null,
      targetSlug: target?.slug ?? null,
      previousHash: hash,
    };
    hash = entryHash(rows, entry);
    await writing.insert(AuditEntry, { ...entry, hash });
  }
  return { follows, head: { seq, hash } };
}
