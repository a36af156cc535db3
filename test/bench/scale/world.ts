import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUCKETS } from '@lethe/contracts';
import { initTrust, loadTrust } from '@lethe/sealing';
import { type KV, Kvm } from '@nats-io/kv';
import { connect } from '@nats-io/transport-node';
import { startNatsServer } from '../../support/nats-server.js';
import { type Entry, Fleet, type FleetSize } from './fleet.js';

/** A real nats-server whose buckets hold a fleet, and the keys it is signed with. */
export interface World {
  readonly fleet: Fleet;
  readonly trustDir: string;
  readonly natsUrl: string;
  /** An own folder for a proxy. */
  home(name: string): string;
  put(entries: readonly Entry[]): Promise<void>;
  close(): Promise<void>;
}

const AT_ONCE = 64;

export async function startWorld(size: FleetSize, upstreamUrl = 'http://127.0.0.1:9/mcp'): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'lethe-scale-'));
  const trustDir = join(folder, 'trust');
  await initTrust(trustDir, new Date());
  const nats = await startNatsServer();
  const connection = await connect({ servers: nats.url });
  const kvm = new Kvm(connection);
  const buckets = new Map<string, KV>();
  for (const bucket of Object.values(BUCKETS)) buckets.set(bucket, await kvm.create(bucket, { history: 1 }));
  const put = async (entries: readonly Entry[]): Promise<void> => {
    for (const [bucket, key, value] of entries) await buckets.get(bucket)?.put(key, value);
  };
  const fleet = await Fleet.of(size, await loadTrust(trustDir), upstreamUrl);
  let group: Entry[] = [];
  for await (const entry of fleet.entries()) {
    if (group.push(entry) < AT_ONCE) continue;
    await Promise.all(group.map((one) => put([one])));
    group = [];
  }
  await put(group);
  return {
    ...{ fleet, trustDir, natsUrl: nats.url, put },
    home: (name) => join(folder, name),
    close: async () => {
      await connection.close();
      await nats.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
