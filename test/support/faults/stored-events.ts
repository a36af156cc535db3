import { EVENT_STREAM } from '@lethe/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { eventually } from '../eventually.js';
import type { Violations } from './violations.js';
import type { World } from './world.js';

/** Waits until every stored event was handled. One that is not is lost. */
export async function finishedEvents(world: World, violations: Violations): Promise<void> {
  const servers = world.nats.url.split(',').map((url) => new URL(url).host);
  const connection = await connect({ servers, ...world.natsLogin('operator') });
  try {
    const manager = await jetstreamManager(connection);
    await eventually(async () => {
      for await (const { name, num_pending: pending, num_ack_pending: unacknowledged } of manager.consumers.list(
        EVENT_STREAM.name,
      ))
        if (pending + unacknowledged > 0) throw new Error(`${name}: ${pending} and ${unacknowledged}`);
    }, 60_000).catch((error: unknown) => violations.add('lost events', String(error)));
  } finally {
    await connection.close();
  }
}
