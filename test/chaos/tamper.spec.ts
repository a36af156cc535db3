import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { BUCKETS, EVENT_STREAM, type ReceiptClaims, type ServerManifest, SUBJECTS } from '@lethe/contracts';
import pg from 'pg';
import { decodeJwt } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { callEcho, servedBy } from '../support/calls.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { until } from '../support/processes.js';
import { type Separate, startSeparate } from '../support/separate.js';
import { testTrust } from '../support/trust.js';
import { startModernUpstream, type Upstream } from '../support/upstreams/index.js';

const TOKEN = 'tok_that_only_the_real_upstream_may_see';

/** The attacker's host: counts every byte that arrives. */
async function startTrap(): Promise<{ url: string; bytes: () => number; server: Server }> {
  let bytes = 0;
  const server = createServer((socket) => {
    socket.on('data', (data) => (bytes += data.length));
    socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`, bytes: () => bytes, server };
}

describe.runIf(realPartsAvailable())('a writer with full access', () => {
  let lethe: Separate;
  let upstream: Upstream;
  let trap: Awaited<ReturnType<typeof startTrap>>;
  let database: pg.Client;
  let bus: NatsConnection;
  let gateway: { id: string; slug: string };
  let server: { id: string; slug: string };
  let key: string;

  beforeAll(async () => {
    [lethe, upstream, trap] = await Promise.all([
      startSeparate(),
      startModernUpstream({ token: TOKEN, name: 'target' }),
      startTrap(),
    ]);
    gateway = await lethe.admin.register({ name: 'Target', url: upstream.url }, TOKEN);
    server = await lethe.admin.ask('POST', '/servers', { name: 'Bundle', include: [{ gateway: gateway.slug }] });
    key = await lethe.admin.callerKey();
    await Promise.all(lethe.proxyUrls.map((url) => servedBy(url, server.slug, key)));
    database = new pg.Client({ connectionString: lethe.databaseUrl });
    await database.connect();
    bus = await connect({ servers: lethe.nats.url, ...lethe.natsLogin('operator') });
  });

  afterAll(async () => {
    await database?.end();
    await bus?.close();
    trap?.server.close();
    await upstream?.close();
    await lethe?.stop();
  });

  const headers = () => ({ authorization: `Bearer ${key}`, 'x-upstream-authorization': `Bearer ${TOKEN}` });

  /** Calls through every proxy; whatever they answer, nothing may reach the trap. */
  async function callEverywhere(slug = server.slug): Promise<void> {
    for (const url of lethe.proxyUrls) await callEcho(`${url}/servers/${slug}/mcp`, headers());
    expect(trap.bytes()).toBe(0);
  }

  it('to NATS points no gateway at his own host', async () => {
    verifies('tamper.bus');
    const kvm = new Kvm(bus);
    const servers = await kvm.open(BUCKETS.servers);
    const genuine = (await servers.get(server.slug))?.string() ?? '';
    const claims = decodeJwt<ServerManifest & Record<string, unknown>>(genuine);
    const lie = {
      ...claims,
      revision: claims.revision + 1_000,
      gateways: claims.gateways.map((member) => ({ ...member, url: trap.url })),
    };
    const [header, , signature] = genuine.split('.');
    const forger = testTrust();
    const forgeries = [
      await forger.registrySigner().sign('manifest', lie, new Date()),
      `${header}.${Buffer.from(JSON.stringify(lie)).toString('base64url')}.${signature}`,
      'not a manifest',
    ];
    for (const forgery of forgeries) {
      await servers.put(server.slug, forgery);
      await callEverywhere();
    }
    await servers.delete(server.slug);
    await callEverywhere();
    // What was signed still serves: a wiped or poisoned cache takes nothing down.
    await until('the genuine route to serve', async () =>
      (await callEcho(`${lethe.proxyUrls[0]}/servers/${server.slug}/mcp`, headers())).includes('hello')
        ? true
        : undefined,
    );
  });

  it('to NATS gets no result of his own applied', async () => {
    verifies('tamper.bus');
    // What calls of a test before showed of it may arrive meanwhile.
    const shown = async () => ({ ...(await lethe.admin.ask('GET', `/gateways/${gateway.id}`)), liveness: undefined });
    const before = await shown();
    const forger = testTrust();
    const [last] = (await lethe.admin.ask<{ items: { id: string }[] }>('GET', `/gateways/${gateway.id}/verifications`))
      .items;
    const now = new Date().toISOString();
    const genuine = await lethe.admin.ask<{ receipt: string }>(
      'GET',
      `/gateways/${gateway.id}/verifications/${last?.id}`,
    );
    const forgedReceipt = {
      ...decodeJwt<ReceiptClaims & Record<string, unknown>>(genuine.receipt),
      outcome: 'failed' as const,
    };
    const event = {
      vid: last?.id,
      gatewayId: gateway.id,
      configRevision: 1,
      attempt: 99,
      code: 'credential_rejected',
      receipt: await forger.connectorSigner().sign('receipt', forgedReceipt, new Date()),
      startedAt: now,
      finishedAt: now,
      requests: 1,
    };
    await jetstream(bus).publish(SUBJECTS.gatewayVerificationFailed, JSON.stringify(event), { msgID: 'forged' });
    const manager = await jetstreamManager(bus);
    await until('the event to be consumed', async () => {
      const consumers = await manager.consumers.list(EVENT_STREAM.name).next();
      return consumers.every((consumer) => consumer.num_pending === 0 && consumer.num_ack_pending === 0)
        ? true
        : undefined;
    });
    expect(await shown()).toEqual(before);
  });

  it('to NATS can offer a slot of his own, and no client seals for it', async () => {
    verifies('tamper.bus');
    const forger = testTrust();
    const offer = await forger.connectorSigner().sign(
      'slotOffer',
      {
        connector: 'x',
        slot: 'y',
        kid: 'k',
        jwk: { kty: 'OKP', crv: 'X25519', x: 'hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo' },
        aud: upstream.url,
        gatewayId: gateway.id,
        vid: gateway.id,
        exp: Math.floor(Date.now() / 1000) + 60,
      },
      new Date(),
    );
    const subscriptions = [1, 2, 3, 4, 5].map(() =>
      bus.subscribe(SUBJECTS.slotLend, {
        queue: 'lethe-connectors',
        callback: (_error, message) => {
          const { id } = message.json<{ id: string }>();
          message.respond(JSON.stringify({ id, response: { status: 'lent', offer }, isDisposed: true }));
        },
      }),
    );
    await bus.flush();
    for (let attempt = 0; attempt < 3; attempt++) {
      const answer = await lethe.admin.request<Record<string, unknown>>(
        'POST',
        `/gateways/${gateway.id}/verifications`,
        {},
      );
      expect(JSON.stringify(answer.body)).not.toContain(offer);
    }
    for (const subscription of subscriptions) subscription.unsubscribe();
    await bus.flush();
  });

  it('to NATS who captures the handshake subjects in a stream stops handshakes and receives no envelope', async () => {
    verifies('credential.no-stream');
    const manager = await jetstreamManager(bus);
    await manager.streams.add({ name: 'CAPTURE', subjects: ['lethe.connector.handshake.>'] });
    const answer = await lethe.admin.request('POST', `/gateways/${gateway.id}/verifications`, {});
    expect(answer).toMatchObject({ status: 502, body: { code: 'bus_captured' } });
    expect((await manager.streams.info('CAPTURE')).state.messages).toBe(0);
    await manager.streams.delete('CAPTURE');
  });

  it('to PostgreSQL points no gateway at his own host, at a call or at a handshake', async () => {
    verifies('tamper.database');
    await database.query('update gateway_config set url = $1', [trap.url]);
    const started = await lethe.admin.request<Record<string, unknown>>(
      'POST',
      `/gateways/${gateway.id}/verifications`,
      {},
    );
    expect(started).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
    // Whatever makes the registry publish again: a change of the virtual server, and a restart.
    await lethe.admin.request('PATCH', `/servers/${server.id}`, { description: 'touched' });
    await callEverywhere();
    await lethe.registry.stop();
    await lethe.startRegistry();
    await callEverywhere();
    await database.query('update gateway_config set url = $1', [upstream.url]);
  });

  it('to PostgreSQL can create neither an administrator nor a caller', async () => {
    verifies('tamper.database');
    await database.query(
      `insert into admin (id, name, role, mac, created_at) select 'intruder', 'x', role, mac, now() from admin limit 1`,
    );
    const secret = lethe.admin.token.split('_').at(-1);
    const intruder = await fetch(`${lethe.registryUrl}/v1/gateways`, {
      headers: { authorization: `Bearer lethe_admin_intruder_${secret}` },
    });
    expect(intruder.status).toBe(401);
    await database.query(`update caller_key set servers = '"*"'::jsonb, expires_at = now() - interval '1 day'`);
    await callEverywhere();
  });
});
