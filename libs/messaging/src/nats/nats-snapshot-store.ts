import type { KV } from '@nats-io/kv';
import { LetheError, type Logger } from '@lethe/platform';
import { assertMessageSize } from '../payload.js';
import { assertSnapshotKey, SnapshotStore, type SnapshotEntry, type SnapshotWatch } from '../snapshot-store.js';
import { ensureBucket, kvOf } from './bucket.js';
import type { NatsLink } from './nats-link.js';
import { NatsSnapshotWatch } from './nats-snapshot-watch.js';

/** Buckets of JetStream KV. Missing ones are created if this user may do that. */
export class NatsSnapshotStore extends SnapshotStore {
  constructor(
    private readonly link: NatsLink,
    private readonly checkMs: number,
    private readonly replicas: number,
    private readonly logger: Logger | undefined,
  ) {
    super();
  }

  async put(bucket: string, key: string, value: string): Promise<void> {
    assertSnapshotKey(key);
    assertMessageSize(value);
    await this.use(bucket, (store) => store.put(key, value));
  }

  async get(bucket: string, key: string): Promise<string | undefined> {
    assertSnapshotKey(key);
    const entry = await this.use(bucket, (store) => store.get(key));
    return entry?.operation === 'PUT' ? entry.string() : undefined;
  }

  async watch(bucket: string, onEntry: (entry: SnapshotEntry) => void | Promise<void>): Promise<SnapshotWatch> {
    const watch = new NatsSnapshotWatch(this.link, bucket, onEntry, this.checkMs, this.logger);
    return { ready: watch.ready, stop: () => watch.stop() };
  }

  /** Opens a bucket. If that fails, creates it and opens it again. */
  private async use<T>(bucket: string, action: (store: KV) => Promise<T>): Promise<T> {
    if (!this.link.isConnected()) throw new LetheError('bus_unavailable');
    try {
      const connection = await this.link.connection();
      const ensured = () => ensureBucket(connection, bucket, this.replicas);
      return await action(await kvOf(connection).open(bucket)).catch(async () => action(await ensured()));
    } catch (error) {
      throw new LetheError('bus_unavailable', {}, { cause: error });
    }
  }
}
