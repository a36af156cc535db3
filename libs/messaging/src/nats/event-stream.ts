import { EVENT_STREAM } from '@lethe/contracts';
import {
  DiscardPolicy,
  JetStreamApiCodes,
  JetStreamApiError,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  type JetStreamManager,
} from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { madeWithReplicas } from './replicas.js';
import { JETSTREAM_TIMEOUT_MS } from './retry.js';

const DAY_MS = 24 * 60 * 60 * 1_000;

const CONFIG = {
  name: EVENT_STREAM.name,
  subjects: [...EVENT_STREAM.subjects],
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  discard: DiscardPolicy.Old,
  max_age: nanos(7 * DAY_MS),
  max_bytes: 1024 * 1024 * 1024,
  duplicate_window: nanos(10 * 60 * 1_000),
};

/**
 * Creates the stream of durable events if it is missing, with this many copies, and adds subjects that an older version did not have.
 * @throws Error if this user may not do that; another service can, so try again later
 */
export async function ensureEventStream(connection: NatsConnection, replicas: number): Promise<JetStreamManager> {
  const manager = await jetstreamManager(connection, { checkAPI: false, timeout: JETSTREAM_TIMEOUT_MS });
  try {
    const { config } = await manager.streams.info(EVENT_STREAM.name);
    const missing = EVENT_STREAM.subjects.filter((subject) => !config.subjects.includes(subject));
    if (missing.length > 0) {
      await manager.streams.update(EVENT_STREAM.name, { subjects: [...config.subjects, ...missing] });
    }
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== JetStreamApiCodes.StreamNotFound) throw error;
    await madeWithReplicas(replicas, (count) => manager.streams.add({ ...CONFIG, num_replicas: count }));
  }
  return manager;
}
