import { jetstream } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';
import { madeWithReplicas } from './replicas.js';
import { JETSTREAM_TIMEOUT_MS } from './retry.js';

/** Opens a bucket of the last value of each key, and creates it if it is missing. An existing one stays as it is. */
export function ensureBucket(connection: NatsConnection, bucket: string, replicas: number): Promise<KV> {
  return madeWithReplicas(replicas, (count) => kvOf(connection).create(bucket, { history: 1, replicas: count }));
}

/** The buckets of this connection. */
export function kvOf(connection: NatsConnection): Kvm {
  return new Kvm(jetstream(connection, { timeout: JETSTREAM_TIMEOUT_MS }));
}

/** Name of the stream that holds a bucket. */
export function bucketStream(bucket: string): string {
  return `KV_${bucket}`;
}
