const MIB = 1024 * 1024;

/** Log since the last checkpoint that makes another one worth while. A crash replays what there is. */
const LONG_LOG_BYTES = 16 * MIB;

const IS_LONG = `select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn) > ${LONG_LOG_BYTES} as "isLong"
  from pg_control_checkpoint()`;

/** How often it looks. */
const EVERY_MS = 60_000;

/**
 * Writes a checkpoint when the log has become long. PGlite has no process that does, so its log would grow for as long as it is
 * open, and after a crash all of it would be replayed (`findings/pglite-writes-no-checkpoint-while-open.sh`).
 * @param url of the database; as a client like others it gets the backend when no transaction is open
 * @returns ends it, when a checkpoint that has begun is written
 */
export function writeCheckpoints(url: string, everyMs = EVERY_MS): () => Promise<void> {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    // A database that can't be asked now is asked again the next time.
    running = running.then(() => checkpointIfLong(url)).catch(() => undefined);
  }, everyMs).unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}

async function checkpointIfLong(url: string): Promise<void> {
  // Loaded only now, as the start does not wait for it.
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ isLong: boolean }>(IS_LONG);
    if (rows[0]?.isLong === true) await client.query('checkpoint');
  } finally {
    await client.end();
  }
}
