import type { JsonObject } from '@lethe/contracts';
import type { EntityManager } from '@mikro-orm/postgresql';
import { canonicalJson } from '@lethe/sealing';
import type { Actor } from './actor.js';
import { type AuditRecord, lockChain } from './audit-chain.js';

/** Something that was not used, because it is not what Lethe wrote, or not for this use. */
export interface Finding {
  actor: Actor;
  /** An event: nobody asked for it. */
  operation: string;
  /** What it is about, for telling findings apart. */
  key: string;
  /** What was found: closed codes and numbers. */
  after: JsonObject;
  /** What it is about; undefined if nobody needs to know of it. */
  about: (em: EntityManager) => Promise<Pick<AuditRecord, 'target'> | undefined>;
}

/** The same finding has one entry in this time, however often and by however many services it is reported. */
export const FINDING_EVERY_MS = 24 * 3_600_000;
/** Whoever can write to database or bus can cause findings. */
const IN_MS = 3_600_000;
const MOST = 100;
const MOST_OF_ONE_TARGET = 20;

/**
 * Whether a finding gets an entry, in the transaction that writes it. Transactions that append wait here for each other, so of
 * two registries that hear of the same finding, one finds the entry of the other.
 */
export async function isDue(em: EntityManager, record: AuditRecord, now: Date): Promise<'due' | 'known' | 'too_many'> {
  await lockChain(em);
  const { operation, target, after } = record;
  const found = await em.execute<{ id: string | null; at: string; operation: string; after: JsonObject | null }[]>(
    `select target_id as id, at, operation, after from audit_entry where outcome = 'refused' and at > ?
     order by at desc limit ${MOST * 24}`,
    [new Date(now.getTime() - FINDING_EVERY_MS)],
  );
  const id = target?.id ?? null;
  const isSame = (other: (typeof found)[number]): boolean =>
    other.id === id && other.operation === operation && canonicalJson(other.after) === canonicalJson(after);
  if (found.some(isSame)) return 'known';
  const lately = found.filter(({ at }) => now.getTime() - new Date(at).getTime() < IN_MS);
  const about = lately.filter((other) => other.id === id);
  return lately.length >= MOST || about.length >= MOST_OF_ONE_TARGET ? 'too_many' : 'due';
}
