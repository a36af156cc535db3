import type { EntityManager } from '@mikro-orm/postgresql';

/**
 * Acquires or renews the lease `name` for `ttlMs`. Returns false while another holder's lease is valid. Uses the database's
 * clock, so that replicas with different clocks agree.
 */
export async function holdLease(em: EntityManager, name: string, holder: string, ttlMs: number): Promise<boolean> {
  const rows = await em.execute<{ holder: string }[]>(
    `insert into lease (name, holder, expires_at) values (?, ?, clock_timestamp() + ? * interval '1 millisecond')
     on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at
     where lease.holder = excluded.holder or lease.expires_at < clock_timestamp()
     returning holder`,
    [name, holder, ttlMs],
  );
  return rows[0]?.holder === holder;
}

/** Releases a lease, so that another replica need not wait until it expires. */
export async function releaseLease(em: EntityManager, name: string, holder: string): Promise<void> {
  await em.execute(`delete from lease where name = ? and holder = ?`, [name, holder]);
}
