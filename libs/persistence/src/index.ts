export { type ChangeObserver, type RowChange, withinTransaction } from './change-observer.js';
export { Database, hideDriverError } from './database.js';
export { holdLease, releaseLease } from './leases.js';
export { migrate } from './migrate.js';
export { persistenceMigrations } from './migrations.js';
export { NEEDED_SINCE } from './unknown-migrations.js';
export { PersistenceModule, type PersistenceOptions } from './persistence.module.js';
export { OutboxMessage } from './outbox/outbox-message.entity.js';
export { PublishedSnapshot } from './outbox/published-snapshot.entity.js';
export { OutboxRelay, type RelayOptions, type SnapshotSink } from './outbox/outbox-relay.job.js';
export {
  forgetMessages,
  lastRevision,
  publishedRevision,
  lockPublishing,
  nextRevision,
  recordBlock,
  recordSnapshot,
  type Snapshot,
} from './outbox/record-snapshot.js';
export { sendAgain } from './outbox/send-again.js';
