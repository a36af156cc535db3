import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handshakeSubject } from '@lethe/contracts';
import type { BusTiming } from '@lethe/messaging';
import { readSettings, type Settings } from '@lethe/platform';
import { sealCredential, type Trust } from '@lethe/sealing';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConnector } from '../../apps/connector/src/connector.app.js';
import { bundleChild } from '../support/connector/child-bundle.js';
import { FakeRegistry } from '../support/connector/fake-registry.js';
import { testTrust } from '../support/trust.js';
import { eventually } from '../support/eventually.js';
import { isNatsServerAvailable, type NatsServer, startNatsServer } from '../support/nats-server.js';
import {
  legacyScript,
  type ScriptedExchange,
  startModernUpstream,
  startScriptedUpstream,
} from '../support/upstreams/index.js';

describe.runIf(isNatsServerAvailable())('a connector on a NATS server', () => {
  let nats: NatsServer;
  let home: string;
  let trust: Trust;
  let settings: Settings;
  let bundle: Awaited<ReturnType<typeof bundleChild>>;
  let registry: FakeRegistry;

  beforeAll(async () => {
    nats = await startNatsServer();
    home = await mkdtemp(join(tmpdir(), 'lethe-connector-'));
    trust = testTrust();
    bundle = await bundleChild();
    settings = readSettings({
      LETHE_HOME: home,
      NATS_URL: nats.url,
      CONNECTOR_PORT: '0',
      LETHE_LOG_LEVEL: 'silent',
      LETHE_ALLOWED_UPSTREAMS: '127.0.0.0/8',
    });
    registry = await FakeRegistry.start({ natsUrl: nats.url, service: 'registry' }, trust);
  });
  afterAll(async () => {
    await registry.close();
    await nats.stop();
    await bundle.remove();
    await rm(home, { recursive: true, force: true });
  });

  const start = (timing?: BusTiming) =>
    startConnector({
      settings,
      trust,
      bus: { natsUrl: nats.url, service: 'connector', timing },
      childFile: bundle.file,
    });

  async function withCapturingStream(subject: string, work: () => Promise<void>): Promise<void> {
    const connection = await connect({ servers: nats.url });
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'greedy', subjects: [subject] });
    try {
      await work();
    } finally {
      await manager.streams.delete('greedy');
      await connection.close();
    }
  }

  it('reserves a slot, runs a handshake and reports, as on the embedded bus, and serves its operations endpoints', async () => {
    const upstream = await startModernUpstream({ token: 'nats-token-nats-token', name: 'beta' });
    const connector = await start();
    const order = registry.order(upstream.url);
    const { receipt } = await registry.verify(order, { scheme: 'bearer', token: 'nats-token-nats-token' });
    expect(receipt).toMatchObject({ outcome: 'verified', facts: { era: 'modern' } });
    const ready = await fetch(`${connector.url}/readyz`);
    expect(await ready.json()).toMatchObject({ checks: { bus: true, slots: true } });
    expect(connector.doorUrl).toBeUndefined();
    await connector.close();
    await upstream.close();
  });

  it('publishes a result that NATS was not there to take, as long as the registry waits for it', async () => {
    const listed = Promise.withResolvers<undefined>();
    const isNatsGone = Promise.withResolvers<undefined>();
    const list = async (exchange: ScriptedExchange): Promise<void> => {
      listed.resolve(undefined);
      await isNatsGone.promise;
      exchange.reply({ tools: [] });
    };
    const upstream = await startScriptedUpstream(legacyScript({ answers: { 'tools/list': (one) => void list(one) } }));
    const connector = await start({ publishTimeoutMs: 100 });
    const order = registry.order(upstream.url);
    const reserved = await registry.reserve(order);
    await registry.deliver(reserved, await sealCredential(reserved.offer, { scheme: 'bearer', token: 'a-token' }));
    await listed.promise;
    await nats.kill();
    isNatsGone.resolve(undefined);
    await eventually(async () => {
      const metrics = await (await fetch(`${connector.url}/metrics`)).text();
      expect(metrics).toMatch(/lethe_connector_handshakes_total\{[^}]*code="verified"[^}]*\} 1/);
    });
    await nats.restart();
    expect((await registry.ending(order.vid)).receipt).toMatchObject({ outcome: 'verified' });
    await connector.close();
    await upstream.close();
  });

  it.each([
    ['all handshake subjects', handshakeSubject('*', '*')],
    ['those of one connector', 'lethe.connector.handshake.some-connector.>'],
    ['that of one slot', handshakeSubject('*', '0af1')],
  ])('reserves no slot while a stream captures %s, and does not start then', async (_what, subject) => {
    const connector = await start();
    const order = () => registry.order('http://127.0.0.1:9/mcp');
    await withCapturingStream(subject, async () => {
      const reply = await eventually(() => registry.ask(order()));
      expect(reply).toMatchObject({ status: 'no_slot', reason: 'bus_captured' });
      await expect(start()).rejects.toThrow('captures the handshake subjects');
    });
    expect(await registry.ask(order())).toMatchObject({ status: 'lent' });
    await connector.close();
  });
});
