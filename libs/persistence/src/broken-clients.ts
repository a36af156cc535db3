import type pg from 'pg';

/** By then, whoever has a client whose connection broke has noticed it. */
const GRACE_MS = 1_000;

/**
 * Gives clients back to their pool whose connection broke in a transaction. Kysely gives a client back when the transaction has
 * been rolled back, which is impossible then, so the pool would have one place less from then on.
 */
export function giveBackBroken(pool: pg.Pool): void {
  const taken = new Set<pg.PoolClient>();
  pool.on('acquire', (client) => taken.add(client));
  pool.on('release', (_error, client) => taken.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      setTimeout(() => {
        if (taken.has(client)) client.release(true);
      }, GRACE_MS).unref();
    });
  });
}
