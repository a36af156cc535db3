import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { handshakeSubject } from '@lethe/contracts';
import { readSettings, type Settings } from '@lethe/platform';
import { initTrust, loadTrust, type Trust } from '@lethe/sealing';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startConnector } from '../../apps/connector/src/connector.app.js';
import { bundleChild } from '../support/connector/child-bundle.js';
import { StandInRegistry } from '../support/connector/stand-in-registry.js';
import { eventually } from '../support/eventually.js';
import { isNatsServerAvailable, type NatsServer, startNatsServer } from '../support/nats-server.js';
import { startModernUpstream } from '../support/upstreams/index.js';

describe.runIf(isNatsServerAvailable())('a connector on a NATS server', () => {
  let nats: NatsServer;
  let home: string;
  let trust: Trust;
  let settings: Settings;
  let bundle: Awaited<ReturnType<typeof bundleChild>>;
  let registry: StandInRegistry;

  beforeAll(async () => {
    nats = await startNatsServer();
    home = await mkdtemp(join(tmpdir(), 'lethe-connector-'));
    await initTrust(join(home, 'trust'), new Date());
    trust = await loadTrust(join(home, 'trust'));
    bundle = await bundleChild();
    settings = readSettings({
      LETHE_HOME: home,
      NATS_URL: nats.url,
      CONNECTOR_PORT: '0',
      LETHE_LOG_LEVEL: 'silent',
      LETHE_ALLOWED_UPSTREAMS: '127.0.0.0/8',
    });
    registry = await StandInRegistry.start({ natsUrl: nats.url, service: 'registry' }, trust);
  });
  afterAll(async () => {
    await registry.close();
    await nats.stop();
    await bundle.remove();
    await rm(home, { recursive: true, force: true });
  });

  const start = () =>
    startConnector({ settings, trust, bus: { natsUrl: nats.url, service: 'connector' }, childFile: bundle.file });

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
