import type { EntityManager } from '@mikro-orm/postgresql';
import { lockPublishing, reserveRevisions } from './record-snapshot.js';

/**
 * Adds published values of a bucket to the outbox again, in the given order, because the bucket lost them. Values that
 * already wait there are not added twice. Returns how many will be sent.
 */
export async function sendAgain(em: EntityManager, bucket: string, keys: readonly string[]): Promise<number> {
  await lockPublishing(em);
  const last = await reserveRevisions(em, keys.length);
  // One statement for all: nobody can publish meanwhile.
  const rows = await em.execute<unknown[]>(
    `insert into outbox_message (seq, bucket, key, value, created_at)
     select ?::bigint + lost.n, p.bucket, p.key, p.value, ?
     from jsonb_array_elements_text(?::jsonb) with ordinality as lost(key, n)
     join published_snapshot p on p.bucket = ? and p.key = lost.key
     where not exists (
       select 1 from outbox_message o where o.bucket = p.bucket and o.key = p.key and o.sent_at is null)
     returning seq`,
    [last - keys.length, new Date(), JSON.stringify(keys), bucket],
  );
  return rows.length;
}
