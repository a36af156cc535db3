import { randomUUID } from 'node:crypto';
import { Database, OutboxRelay } from '@lethe/persistence';
import { LOGGER, type Logger, RecurringFailure } from '@lethe/platform';
import type { Provider } from '@nestjs/common';
import { PublishedBuckets } from './published-buckets.service.js';

const INTERVAL_MS = 500;
/** After a crash, another relay or the next start takes over when this time has passed. */
const LEASE_MS = 5_000;

/** Provides the relay that moves values from the outbox to the buckets. */
export const relayProvider: Provider = {
  provide: OutboxRelay,
  inject: [Database, PublishedBuckets, LOGGER],
  useFactory: (database: Database, buckets: PublishedBuckets, logger: Logger) => {
    const failure = new RecurringFailure(logger, 'Relaying the outbox');
    return new OutboxRelay(database, buckets, {
      holder: randomUUID(),
      intervalMs: INTERVAL_MS,
      leaseMs: LEASE_MS,
      onFailure: (error) => failure.failed(error),
      onSuccess: () => failure.succeeded(),
    });
  },
};
