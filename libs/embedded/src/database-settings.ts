/**
 * PostgreSQL's settings for a small registry that one backend serves, instead of those for a server. They are given at
 * every start, as a data directory of an earlier version has others in its `postgresql.conf`. None changes how durable a
 * commit is.
 */
export const DATABASE_SETTINGS: Readonly<Record<string, string>> = {
  // Memory that PGlite has used once stays its own. The files are in the memory of the operating system anyway.
  shared_buffers: '16MB',
  wal_buffers: '256kB',
  maintenance_work_mem: '16MB',
  // Tables in shared memory have a row for each backend, and there is one. Three are reserved for superusers.
  max_connections: '5',
  // A migration locks more tables and indexes than what is left of the rows for locks.
  max_locks_per_transaction: '256',
  // Segments of the log that a checkpoint keeps to use them again; twice the segment of an earlier version is the least.
  min_wal_size: '32MB',
  max_wal_size: '64MB',
  max_wal_senders: '0',
  max_replication_slots: '0',
  autovacuum_worker_slots: '1',
};
