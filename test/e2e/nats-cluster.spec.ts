import { rm } from 'node:fs/promises';
import { BUCKETS, EVENT_STREAM, SUBJECTS } from '@lethe/contracts';
import { jetstream, jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import type { NatsCluster, NatsClusterServer } from '../support/nats-cluster.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { type SeparateParts, startClusteredParts } from '../support/separate.js';
import { TwoOfEach } from '../support/two-of-each.js';

const CONVERGED_MS = 15_000;
/** An event that was on its way through a server that is gone comes again after 30 s without an acknowledgement. */
const REDELIVERED_MS = 45_000;
/** Published values that NATS loses. */
const MANY = 300;
const HANDSHAKE = { LETHE_HANDSHAKE_TIMEOUT_MS: '3000', LETHE_SLOT_TTL_SECONDS: '15' };

/** Its tests are lines of the table in ARCHITECTURE.md. */
describe.runIf(realPartsAvailable())('a part that is down, over a NATS cluster', () => {
  let parts: SeparateParts<NatsCluster>;
  let lethe: TwoOfEach;
  let operator: NatsConnection;
  let manager: JetStreamManager;

  beforeAll(async () => {
    parts = await startClusteredParts();
    const registry = { ...HANDSHAKE, LETHE_NATS_REPLICAS: '3' };
    lethe = await TwoOfEach.start(parts, { registry, connector: HANDSHAKE });
    operator = await connect({
      servers: parts.nats.url.split(','),
      ...parts.natsLogin('operator'),
      maxReconnectAttempts: -1,
      pingInterval: 1_000,
    });
    manager = await jetstreamManager(operator, { checkAPI: false });
  });
  afterAll(async () => {
    await operator?.close();
    await lethe?.stop();
    await parts?.close();
  });

  const leaderOfEvents = (): Promise<NatsClusterServer> =>
    eventually(async () => {
      const leader = (await manager.streams.info('lethe-events')).cluster?.leader;
      const server = parts.nats.servers.find(({ name }) => name === leader);
      if (!server) throw new Error('the events have no leader');
      return server;
    }, CONVERGED_MS);
  /** Nothing may happen to another server before. */
  const allCurrent = () =>
    eventually(async () => {
      const current = await Promise.all(parts.nats.servers.map((server) => server.isCurrent()));
      expect(current).toEqual([true, true, true]);
    }, 60_000);

  /** Every result that a connector stored took effect, and none was given up. */
  async function expectNoLostEvent(): Promise<void> {
    // The test asks the same servers, which may still be finding their leader.
    const stored = await eventually(storedResults, CONVERGED_MS);
    expect(stored.length).toBeGreaterThan(0);
    const client = new pg.Client({ connectionString: parts.databaseUrl });
    await client.connect();
    try {
      await eventually(async () => {
        const { rows } = await client.query<{ id: string; state: string }>('select id, state from verification');
        const states = new Map(rows.map(({ id, state }) => [id, state]));
        expect(stored.filter((vid) => states.get(vid) !== 'verified')).toEqual([]);
      }, REDELIVERED_MS);
    } finally {
      await client.end();
    }
  }

  /** The verifications of which the stream holds a result. */
  async function storedResults(): Promise<string[]> {
    const { subjects } = (await manager.streams.info('lethe-events', { subjects_filter: '>' })).state;
    expect(subjects).not.toHaveProperty([SUBJECTS.dead]);
    const filter = { filter_subjects: SUBJECTS.gatewayVerified };
    const consumer = await jetstream(operator).consumers.get('lethe-events', filter);
    const max_messages = subjects?.[SUBJECTS.gatewayVerified] ?? 0;
    const vids: string[] = [];
    for await (const message of await consumer.fetch({ max_messages, expires: 5_000 })) {
      vids.push(message.json<{ vid: string }>().vid);
    }
    expect(vids).toHaveLength(max_messages);
    return vids;
  }

  it('one NATS server of three: every call; verifications and publications wait until another server leads', async () => {
    verifies('operations.parts-down');
    const leader = await leaderOfEvents();
    await lethe.whileCalling(async () => {
      const meanwhile = lethe.verify();
      await leader.kill();
      expect(await lethe.worksAfter(Date.now())).toBeLessThan(CONVERGED_MS);
      await meanwhile;
    });
    await expectNoLostEvent();
    // It is lost for good: another one, with nothing, takes its place.
    await rm(leader.storeDir, { recursive: true });
    await leader.restart();
    await allCurrent();

    const unreachable = await leaderOfEvents();
    await lethe.whileCalling(async () => {
      const meanwhile = lethe.verify();
      unreachable.freeze();
      // Nobody notices at once: an election begins after 4 to 9 s without a sign of life, and may be repeated.
      const tookMs = await lethe.worksAfter(Date.now()).finally(() => unreachable.thaw());
      expect(tookMs).toBeLessThan(3 * CONVERGED_MS);
      expect(await lethe.worksAfter(Date.now())).toBeLessThan(CONVERGED_MS);
      await meanwhile;
    });
    await allCurrent();
    await expectNoLostEvent();
  }, 300_000);

  it('two NATS servers of three: as without NATS, until one of them is back', async () => {
    verifies('operations.parts-down');
    const two = parts.nats.servers.slice(0, 2);
    await lethe.whileCalling(async () => {
      lethe.refused.length = 0;
      for (const server of two) server.freeze();
      const published = await lethe.publish();
      const meanwhile = lethe.verify();
      await eventually(() => expect(lethe.refused).toContain('bus_unavailable'), 30_000).finally(() => {
        for (const server of two) server.thaw();
      });
      expect(await lethe.worksAfter(Date.now())).toBeLessThan(CONVERGED_MS);
      await lethe.served(published);
      await meanwhile;
    });
    await allCurrent();
    await expectNoLostEvent();
  }, 120_000);

  it('what NATS stores: every call; the registry makes it again from PostgreSQL', async () => {
    verifies('operations.parts-down');
    const streams = Object.values(BUCKETS).map((bucket) => `KV_${bucket}`);
    const stored = () => Promise.all(streams.map(async (name) => (await manager.streams.info(name)).state.messages));
    await lethe.publishMany(MANY);
    const before = await eventually(async () => {
      const counts = await stored();
      expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(MANY);
      return counts;
    });
    /** Everything is there again, and what is made meanwhile takes effect. */
    const expectConverged = async (): Promise<void> => {
      const begun = Date.now();
      const isWhole = eventually(async () => {
        const counts = await stored();
        for (const [at, count] of before.entries()) expect(counts[at]).toBeGreaterThanOrEqual(count);
      }, CONVERGED_MS);
      const [tookMs] = await Promise.all([lethe.worksAfter(begun), isWhole]);
      expect(tookMs).toBeLessThan(CONVERGED_MS);
      expect(await lethe.worksAfter(Date.now())).toBeLessThan(CONVERGED_MS);
    };
    await lethe.whileCalling(async () => {
      await parts.nats.wipe();
      await expectConverged();
      // An operator does the same, and no connection breaks.
      for (const name of [EVENT_STREAM.name, ...streams]) await manager.streams.delete(name);
      await expectConverged();
    });
    const late = await lethe.add('proxy');
    await eventually(async () => expect((await fetch(`${late.url}/readyz`)).status).toBe(200));
    expect(await lethe.callEach()).toEqual(['done', 'done', 'done']);
  }, 300_000);
});
