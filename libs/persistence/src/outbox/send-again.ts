import type { EntityManager } from '@mikro-orm/postgresql';
import { lockPublishing, nextRevision } from './record-snapshot.js';

/**
 * Adds published values to the outbox again, in the given order, because a bucket lost them. Values that already wait there
 * are not added twice. Returns how many will be sent.
 */
export async function sendAgain(em: EntityManager, snapshots: { bucket: string; key: string }[]): Promise<number> {
  await lockPublishing(em);
  let count = 0;
  for (const { bucket, key } of snapshots) {
    const rows = await em.execute<unknown[]>(
      `insert into outbox_message (seq, bucket, key, value, created_at)
       select ?, bucket, key, value, ? from published_snapshot p where bucket = ? and key = ? and not exists (
         select 1 from outbox_message o where o.bucket = p.bucket and o.key = p.key and o.sent_at is null)
       returning seq`,
      [await nextRevision(em), new Date(), bucket, key],
    );
    count += rows.length;
  }
  return count;
}
