import type { EntityManager } from '@mikro-orm/postgresql';

/** One value of published state. */
export interface Snapshot {
  bucket: string;
  key: string;
  value: string;
  /** From `nextRevision`; absent if the key is the value's digest. */
  revision?: number;
}

/**
 * Lets only this transaction publish until it ends. It must be the first statement of every transaction that may publish:
 * locks are then always acquired in one order (this one, then rows), which avoids deadlocks, and the published state is
 * computed from committed data.
 */
export async function lockPublishing(em: EntityManager): Promise<void> {
  await em.execute(`select value from counter where name = 'revision' for update`);
}

/**
 * The next number of the global sequence. Its row stays locked until the transaction ends, so numbers follow the order of
 * commits: a later change never has a smaller number. Call `lockPublishing` first.
 */
export function nextRevision(em: EntityManager): Promise<number> {
  return reserveRevisions(em, 1);
}

/** The last of the next `count` numbers, as `nextRevision`. */
export async function reserveRevisions(em: EntityManager, count: number): Promise<number> {
  const rows = await em.execute<{ value: string }[]>(
    `update counter set value = value + ? where name = 'revision' returning value`,
    [count],
  );
  return Number(rows[0]?.value);
}

/** The revision of what was published last. */
export async function lastRevision(em: EntityManager): Promise<number> {
  const rows = await em.execute<{ value: string }[]>(`select value from counter where name = 'revision'`);
  return Number(rows[0]?.value ?? 0);
}

/** The revision of what is published under a key; undefined if nothing is. */
export async function publishedRevision(em: EntityManager, bucket: string, key: string): Promise<number | undefined> {
  const rows = await em.execute<{ revision: string | null }[]>(
    `select revision from published_snapshot where bucket = ? and key = ?`,
    [bucket, key],
  );
  const revision = rows[0]?.revision;
  return revision === undefined || revision === null ? undefined : Number(revision);
}

/** Publishes a value in the transaction of `em`: writes its published row, and the outbox row that the relay sends. */
export async function recordSnapshot(em: EntityManager, snapshot: Snapshot): Promise<void> {
  const { bucket, key, value, revision } = snapshot;
  const seq = await nextRevision(em);
  const now = new Date();
  await em.execute(
    `insert into published_snapshot (bucket, key, value, revision, updated_at) values (?, ?, ?, ?, ?)
     on conflict (bucket, key) do update set value = excluded.value, revision = excluded.revision, updated_at = excluded.updated_at`,
    [bucket, key, value, revision ?? null, now],
  );
  await em.execute(`insert into outbox_message (seq, bucket, key, value, created_at) values (?, ?, ?, ?, ?)`, [
    seq,
    bucket,
    key,
    value,
    now,
  ]);
}

/** As `recordSnapshot`, for a value whose key is its digest. A value that is already published is not sent again. */
export async function recordBlock(em: EntityManager, block: Snapshot): Promise<void> {
  const known = await em.execute<unknown[]>(`select 1 from published_snapshot where bucket = ? and key = ?`, [
    block.bucket,
    block.key,
  ]);
  if (known.length === 0) await recordSnapshot(em, block);
}

/** Deletes the values of a key that wait to be sent, or were and are not cleaned up yet. The published value stays. */
export async function forgetMessages(em: EntityManager, bucket: string, key: string): Promise<void> {
  await em.execute(`delete from outbox_message where bucket = ? and key = ?`, [bucket, key]);
}
