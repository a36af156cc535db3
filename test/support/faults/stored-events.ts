import { EVENT_STREAM } from '@lethe/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import { eventually } from '../eventually.js';
import type { Violations } from './violations.js';
import type { World } from './world.js';

/** Waits until every stored event was handled. One that is not is lost. */
export async function finishedEvents(world: World, violations: Violations): Promise<void> {
  await asOperator(world, async (connection) => {
    const manager = await jetstreamManager(connection);
    await eventually(async () => {
      for await (const consumer of manager.consumers.list(EVENT_STREAM.name)) {
        const { name, num_pending: pending, num_ack_pending: unacknowledged } = consumer;
        if (pending + unacknowledged > 0) throw new Error(`${name}: ${pending} and ${unacknowledged}`);
      }
    }, 60_000).catch((error: unknown) => violations.add('lost events', String(error)));
  });
}

/** Whether the buckets have everything that the database says is published. @throws Error if they do not */
export async function bucketsAreWhole(world: World): Promise<void> {
  const client = new pg.Client({ connectionString: world.postgres.url.replace(/postgres$/, 'lethe') });
  await client.connect();
  const { rows } = await client.query<{ bucket: string; key: string }>('select bucket, key from published_snapshot');
  await client.end();
  await asOperator(world, async (connection) => {
    for (const bucket of new Set(rows.map((row) => row.bucket))) {
      const found = new Set<string>();
      for await (const key of await (await new Kvm(connection).open(bucket)).keys()) found.add(key);
      const missing = rows.filter((row) => row.bucket === bucket && !found.has(row.key));
      if (missing.length > 0) throw new Error(`${missing.length} keys are missing in ${bucket}`);
    }
  });
}

async function asOperator(world: World, work: (connection: NatsConnection) => Promise<void>): Promise<void> {
  const servers = world.nats.url.split(',').map((url) => new URL(url).host);
  const connection = await connect({ servers, ...world.natsLogin('operator') });
  try {
    await work(connection);
  } finally {
    await connection.close();
  }
}
