import { BUCKETS, EVENT_STREAM, MARKS_BUCKET } from '@lethe/contracts';
import { SnapshotStore } from '@lethe/messaging';
import { createLogger } from '@lethe/platform';
import type { INestApplication } from '@nestjs/common';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { startBusApp } from '../support/messaging-app.js';
import { type NatsCluster, startNatsCluster } from '../support/nats-cluster.js';
import { isNatsServerAvailable, type NatsServer, startNatsServer } from '../support/nats-server.js';
import { natsConfiguration, natsPasswords, type NatsUser } from '../support/nats-users.js';

const STREAMS = [EVENT_STREAM.name, ...[...Object.values(BUCKETS), MARKS_BUCKET].map((bucket) => `KV_${bucket}`)];
const TIMING = { watchCheckMs: 100, startWaitMs: 5_000 };

describe.skipIf(!isNatsServerAvailable())('the copies of the stream and the buckets', () => {
  const passwords = natsPasswords();
  const apps: INestApplication[] = [];
  let config: string;
  let single: NatsServer;
  let cluster: NatsCluster;
  let operator: NatsConnection;
  let manager: JetStreamManager;

  /** A registry's part of the bus, with the permissions that it has in production, and what it logs. */
  async function registry({ url }: { url: string }, replicas: number, user: NatsUser = 'registry') {
    const natsUrl = url.replaceAll('//', `//${user}:${passwords[user]}@`);
    const lines: string[] = [];
    const logger = createLogger('registry', 'debug', { write: (line) => void lines.push(line) });
    const app = await startBusApp({ natsUrl, replicas, service: 'registry', timing: TIMING }, { logger });
    apps.push(app);
    return { app, store: app.get(SnapshotStore), lines };
  }
  const end = () => Promise.all(apps.splice(0).map((app) => app.close()));
  const counts = async (of = manager) =>
    Promise.all(STREAMS.map(async (name) => (await of.streams.info(name)).config.num_replicas));
  const operate = ({ url }: { url: string }) =>
    connect({ servers: url.split(','), user: 'operator', pass: passwords.operator, maxReconnectAttempts: -1 });

  beforeAll(async () => {
    config = await natsConfiguration(passwords);
    [single, cluster] = await Promise.all([startNatsServer({ config }), startNatsCluster(3, config)]);
    operator = await operate(cluster);
    manager = await jetstreamManager(operator, { checkAPI: false });
  });
  afterEach(end);
  afterAll(async () => {
    await operator?.close();
    await Promise.all([single?.stop(), cluster?.stop()]);
  });

  it('are as many as set, and follow the setting up and down, with what they hold', async () => {
    verifies('operations.nats-replicas');
    const { store } = await registry(cluster, 1);
    await eventually(async () => expect(await counts()).toEqual(STREAMS.map(() => 1)), 20_000);
    await store.put(BUCKETS.servers, 'k', 'v');
    for (const replicas of [3, 1, 3]) {
      await end();
      const { store: next } = await registry(cluster, replicas);
      await eventually(async () => expect(await counts()).toEqual(STREAMS.map(() => replicas)), 20_000);
      await eventually(async () => expect(await next.get(BUCKETS.servers, 'k')).toBe('v'));
    }
  }, 60_000);

  it('are not changed to and fro by registries with different settings, as while a new one is rolled out', async () => {
    verifies('operations.nats-replicas');
    const three = STREAMS.map(() => 3);
    await registry(cluster, 1);
    await eventually(async () => expect(await counts()).toEqual(STREAMS.map(() => 1)), 20_000);
    const newer = await registry(cluster, 3);
    await eventually(async () => expect(await counts()).toEqual(three), 20_000);
    apps.splice(apps.indexOf(newer.app), 1);
    await newer.app.close();
    // The older one has looked at everything again when what is deleted is there for the second time.
    for (let round = 0; round < 2; round += 1) {
      await manager.streams.delete(`KV_${BUCKETS.callers}`);
      await eventually(() => manager.streams.info(`KV_${BUCKETS.callers}`), 20_000);
    }
    expect((await counts()).slice(0, 3)).toEqual(three.slice(0, 3));
  }, 60_000);

  it('are fewer where there are too few servers, which is said once, and tried again', async () => {
    verifies('operations.nats-replicas');
    const alone = await operate(single);
    const managerAlone = await jetstreamManager(alone, { checkAPI: false });
    const { store, lines } = await registry(single, 3);
    await eventually(async () => expect(await counts(managerAlone)).toEqual(STREAMS.map(() => 1)), 20_000);
    await store.put(BUCKETS.servers, 'k', 'v');
    const said = () => lines.filter((line) => line.includes('LETHE_NATS_REPLICAS'));
    await eventually(() => expect(said()).toHaveLength(1));
    expect(JSON.parse(said()[0]!)).toMatchObject({ level: 'warn', count: 3, stream: STREAMS });
    await managerAlone.streams.delete(`KV_${BUCKETS.servers}`);
    await eventually(async () => expect(await counts(managerAlone)).toEqual(STREAMS.map(() => 1)), 20_000);
    expect(said()).toHaveLength(1);
    await alone.close();
  });

  it('are missing where NATS has no storage left or the user may not make them, which is a warning once', async () => {
    verifies('operations.nats-replicas');
    const full = await startNatsServer({ config: config.replace('max_file_store: 4GB', 'max_file_store: 1MB') });
    const noStorage = await registry(full, 1);
    const noRight = await registry(single, 1, 'connector');
    for (const [{ lines }, err] of [
      [noStorage, { code: '10047' }],
      [noRight, { cause: { name: 'PermissionViolationError' } }],
    ] as const) {
      const said = () =>
        lines.filter((line) => line.includes('can not be kept')).map((line): unknown => JSON.parse(line));
      await eventually(() => expect(said().length).toBeGreaterThan(2));
      const [first, ...others] = said();
      expect(first).toMatchObject({ level: 'warn', err });
      for (const other of others) expect(other).toMatchObject({ level: 'debug', err });
    }
    await end();
    await full.stop();
  });
});
