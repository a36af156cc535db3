import { randomBytes, randomUUID } from 'node:crypto';
import { createServer as createTlsServer } from 'node:https';
import {
  GatewayVerificationFailed,
  type VerificationOrder,
  SEALED_CREDENTIAL,
  type SlotOfferClaims,
} from '@lethe/contracts';
import { RequestFailed } from '@lethe/messaging';
import { isAlive } from '@lethe/platform';
import { sealCredential } from '@lethe/sealing';
import { CompactEncrypt, importJWK } from 'jose';
import { verifies } from '../requirements.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type ConnectorHarness, startConnectorHarness } from '../support/connector/connector-harness.js';
import { SELF_SIGNED } from '../support/connector/self-signed.js';
import { isDiscovery } from '../support/upstreams/recorded-request.js';
import { eventually } from '../support/eventually.js';
import { portOf } from '../support/upstreams/loopback-server.js';
import { legacyScript, startScriptedUpstream, type Upstream, type UpstreamScript } from '../support/upstreams/index.js';

const TOKEN = randomBytes(32).toString('base64url');
const CREDENTIAL = { scheme: 'bearer', token: TOKEN } as const;
const EMPTY = legacyScript({ results: { 'tools/list': { tools: [] } } });

let harness: ConnectorHarness;
const upstreams: { close(): Promise<void> }[] = [];
beforeAll(async () => {
  harness = await startConnectorHarness();
});
afterAll(() => harness.close());
afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
});

async function scripted(script: UpstreamScript): Promise<Upstream> {
  const upstream = await startScriptedUpstream(script);
  upstreams.push(upstream);
  return upstream;
}

/** An upstream that never answers, and when it was first asked. */
async function hanging(): Promise<{ url: string; asked: Promise<void> }> {
  let onRequest: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (onRequest = resolve));
  const { url } = await scripted(() => onRequest());
  return { url, asked };
}

describe('an envelope', () => {
  it('is accepted once: sent again, it reaches no process', async () => {
    const upstream = await scripted(EMPTY);
    const order = harness.registry.order(upstream.url);
    const reserved = await harness.registry.reserve(order);
    const sealed = await sealCredential(reserved.offer, CREDENTIAL);
    expect(await harness.registry.deliver(reserved, sealed)).toMatchObject({ status: 'accepted', vid: order.vid });
    expect(await harness.registry.deliver(reserved, sealed)).toMatchObject({ status: 'slot_gone' });
    await harness.registry.ending(order.vid);
    expect(await harness.registry.deliver(reserved, sealed)).toMatchObject({ status: 'slot_gone' });
    expect(harness.registry.endings(order.vid)).toHaveLength(1);
    // The probe; twice initialize, initialized and one list: without client capabilities, and with them.
    expect(upstream.received.filter(({ method }) => method === 'POST')).toHaveLength(7);
  });

  it('for another slot, URL or verification is refused, and the slot with it is gone', async () => {
    const upstream = await scripted(EMPTY);
    const reserved = await harness.registry.reserve(harness.registry.order(upstream.url));
    for (const change of [{ aud: 'https://elsewhere.example/mcp' }, { vid: randomUUID() }, { kid: 'another' }]) {
      const own = await harness.registry.reserve(harness.registry.order(upstream.url));
      const sealed = await sealCredential({ ...own.offer, ...change }, CREDENTIAL);
      expect(await harness.registry.deliver(own, sealed)).toMatchObject({
        status: 'refused',
        code: 'envelope_invalid',
      });
      expect(await harness.registry.deliver(own, sealed)).toMatchObject({ status: 'slot_gone' });
      expect(harness.registry.endings(own.vid)).toEqual([]);
    }
    const misdirected = { ...reserved, vid: randomUUID() };
    const sealed = await sealCredential(reserved.offer, CREDENTIAL);
    expect(await harness.registry.deliver(misdirected, sealed)).toMatchObject({ status: 'slot_gone' });
    expect(upstream.received).toEqual([]);
  });

  it('with a scheme that is not supported, or a malformed credential, is refused by name', async () => {
    const upstream = await scripted(EMPTY);
    for (const [credential, code] of [
      [{ scheme: 'digest', parameters: [] }, 'scheme_unsupported'],
      [{ scheme: 'query', parameters: [] }, 'credential_malformed'],
      [{ scheme: 'bearer', token: 'two\nlines' }, 'credential_malformed'],
      ['no object', 'credential_malformed'],
    ] as const) {
      const reserved = await harness.registry.reserve(harness.registry.order(upstream.url));
      const sealed = await sealAnything(reserved.offer, credential);
      expect(await harness.registry.deliver(reserved, sealed)).toMatchObject({ status: 'refused', code });
    }
  });
});

/** As a client that does not check what it seals. */
async function sealAnything({ jwk, kid, aud, vid, exp }: SlotOfferClaims, credential: unknown): Promise<string> {
  return new CompactEncrypt(Buffer.from(JSON.stringify(credential)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', typ: SEALED_CREDENTIAL.typ, kid, aud, jti: vid, exp })
    .encrypt(await importJWK(jwk, 'ECDH-ES'));
}

describe('an order', () => {
  it('is carried out only when a registry signed it and the rules allow it', async () => {
    const { registry, trust } = harness;
    const good = registry.order('http://127.0.0.1:9/mcp');
    const refused = { status: 'no_slot', reason: 'order_refused' };
    const bad: Partial<VerificationOrder>[] = [
      { exp: Math.floor(Date.now() / 1000) - 1 },
      { url: 'http://example.com/mcp' },
      { url: 'http://169.254.169.254/mcp' },
      { url: 'http://127.0.0.1:9/mcp?api_key=abc' },
      { url: 'http://127.0.0.1:9/a/../mcp' },
      { mappings: [{ header: 'Host' }] },
      { slug: 'Not A Slug' },
      { transport: 'stdio' as never },
      { configRevision: 0 },
    ];
    const freeAgain = await eventually(() => registry.ask({ ...good, ...bad[0] }));
    expect(freeAgain).toMatchObject(refused);
    for (const change of bad) expect(await registry.ask({ ...good, ...change })).toMatchObject(refused);
    const offer = { connector: 'c', slot: 's', kid: 'k', jwk: { kty: 'OKP', crv: 'X25519', x: 'x' } } as const;
    const claims = { ...offer, aud: good.url, gatewayId: good.gatewayId, vid: good.vid, exp: good.exp };
    expect(await registry.send(await trust.connectorSigner().sign('slotOffer', claims, new Date()))).toMatchObject(
      refused,
    );
  });

  it('may name the authority of its upstream', async () => {
    const asked: string[] = [];
    const server = createTlsServer(SELF_SIGNED, (request, response) => {
      if (!isDiscovery(request)) asked.push(request.headers.authorization ?? '');
      response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    upstreams.push({ close: () => new Promise((resolve) => server.close(() => resolve())) });
    const order = harness.registry.order(`https://127.0.0.1:${portOf(server)}/mcp`, { tlsCa: SELF_SIGNED.cert });
    const { event } = await harness.registry.verify(order, CREDENTIAL);
    expect(event).toMatchObject({ code: 'not_an_mcp_server' });
    expect(asked[0]).toBe(`Bearer ${TOKEN}`);
  });
});

describe('reserving', () => {
  it('gives one administrator three slots at a time', async () => {
    const administrator = randomUUID();
    const order = () => harness.registry.order('http://127.0.0.1:9/mcp', { administrator });
    for (let count = 0; count < 3; count += 1) await harness.registry.reserve(order());
    const reply = await eventually(() => harness.registry.ask(order()));
    verifies('slots.say-when');
    expect(reply).toMatchObject({ status: 'no_slot', reason: 'administrator_limit' });
    expect(reply.retryAfterSeconds).toBeGreaterThan(1);
    expect(reply.retryAfterSeconds).toBeLessThanOrEqual(60);
  });

  it('says when the first of several places is free: at the end of a life, or of a handshake', async () => {
    verifies('slots.say-when');
    const busy = await startConnectorHarness({ LETHE_HANDSHAKE_TIMEOUT_MS: '45000' });
    const near = async (epochSeconds: number) => {
      const said = (await ask()).retryAfterSeconds ?? 0;
      expect(Math.abs(epochSeconds - Date.now() / 1000 - said)).toBeLessThan(5);
    };
    const administrator = randomUUID();
    const { url, asked } = await hanging();
    const ask = () => eventually(() => busy.registry.ask(busy.registry.order(url, { administrator })));
    try {
      const reserve = (exp: number) => {
        const order = busy.registry.order(url, { administrator, exp: Math.floor(Date.now() / 1000) + exp });
        return busy.registry.reserve(order);
      };
      const running = await reserve(60);
      await busy.registry.deliver(running, await sealCredential(running.offer, CREDENTIAL));
      const startedAt = Date.now() / 1000;
      await asked;
      await reserve(60);
      const first = await reserve(57);
      await near(startedAt + 45);
      // Without the handshake, the one whose life ends first.
      expect(await busy.registry.cancel(running)).toBe('cancelled');
      await reserve(60);
      await near(first.offer.exp);
      expect(await busy.registry.cancel(first)).toBe('cancelled');
      expect(await ask()).toMatchObject({ status: 'lent' });
    } finally {
      await busy.close();
    }
  });

  it('gives each of several orders at once a slot of its own, by a pool of one', async () => {
    verifies('slots.one-is-enough');
    await withPoolOfOne(async ({ registry }) => {
      const administrator = randomUUID();
      const asked = [1, 2, 3, 4].map(() => registry.ask(registry.order('http://127.0.0.1:9/mcp', { administrator })));
      const replies = await Promise.all(asked);
      // Their signatures are checked side by side: any of them may come last.
      const lent = replies.filter(({ status }) => status === 'lent');
      const refused = replies.filter(({ status }) => status !== 'lent');
      expect(lent).toHaveLength(3);
      expect(new Set(lent.map(({ offer }) => offer)).size).toBe(3);
      expect(refused).toMatchObject([{ status: 'no_slot', reason: 'administrator_limit' }]);
    });
  });

  it('is left by a connector whose slot has ended by itself, and taken up again with the next one', async () => {
    await withPoolOfOne(async ({ registry, connector }) => {
      const order = () => registry.order('http://127.0.0.1:9/mcp');
      const [pid = 0] = connector.pids();
      process.kill(pid, 'SIGKILL');
      await eventually(() => expect(connector.pids()).toEqual([]));
      await eventually(() =>
        expect(registry.ask(order())).rejects.toMatchObject({ reason: 'no_responders' } as RequestFailed),
      );
      await registry.reserve(order());
    });
  });
});

/** A connector that keeps one slot ready. */
async function withPoolOfOne(run: (small: ConnectorHarness) => Promise<void>): Promise<void> {
  const small = await startConnectorHarness({ LETHE_SLOTS: '1' });
  try {
    await run(small);
  } finally {
    await small.close();
  }
}

/** The processes of a pool that has all its slots again, after those that a test before has ended. */
function fullPool(): Promise<number[]> {
  return eventually(() => {
    const pids = harness.connector.pids();
    expect(pids.length).toBeGreaterThanOrEqual(4);
    expect(pids.every(isAlive)).toBe(true);
    return pids;
  });
}

describe('a slot', () => {
  it('that is not used ends with its offer, and its process with it', async () => {
    const before = harness.connector.pids();
    const order = harness.registry.order('http://127.0.0.1:9/mcp', { exp: Math.floor(Date.now() / 1000) + 2 });
    const reserved = await harness.registry.reserve(order);
    expect(reserved.offer.exp).toBe(order.exp);
    const [pid] = harness.connector.pids().filter((one) => before.includes(one) && isAlive(one));
    expect(pid).toBeDefined();
    const sealed = await sealCredential(reserved.offer, CREDENTIAL);
    await eventually(() => expect(Date.now() / 1000).toBeGreaterThan(reserved.offer.exp));
    expect(await harness.registry.deliver(reserved, sealed)).toMatchObject({ status: 'slot_gone' });
    await eventually(() => expect(before.filter((one) => !isAlive(one)).length).toBeGreaterThan(0));
    expect(harness.registry.endings(order.vid)).toEqual([]);
  });

  it('whose process is killed at work ends in handshake_crashed, with the requests it had made', async () => {
    const upstream = await hanging();
    const order = harness.registry.order(upstream.url);
    const waiting = await fullPool();
    const reserved = await harness.registry.reserve(order);
    expect(await harness.registry.deliver(reserved, await sealCredential(reserved.offer, CREDENTIAL))).toMatchObject({
      status: 'accepted',
    });
    await upstream.asked;
    for (const pid of waiting) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    const { event, receipt } = await harness.registry.ending(order.vid);
    if (!(event instanceof GatewayVerificationFailed)) throw new Error('it was verified');
    expect(event).toMatchObject({ code: 'handshake_crashed', requests: 1 });
    expect(receipt.slotEnd.how).toBe('killed');
    // Those that waited are made anew.
    await harness.registry.reserve(harness.registry.order(upstream.url));
  });
});

describe('a cancelled verification', () => {
  it('that waits gives its slot back at once: its process is gone, and nothing opens its envelope', async () => {
    verifies('verification.cancelled');
    const before = await fullPool();
    const reserved = await harness.registry.reserve(harness.registry.order('http://127.0.0.1:9/mcp'));
    const sealed = await sealCredential(reserved.offer, CREDENTIAL);
    expect(await harness.registry.cancel({ ...reserved, vid: randomUUID() })).toBe('gone');
    expect(await harness.registry.cancel(reserved)).toBe('cancelled');
    expect(before.filter((pid) => !isAlive(pid))).toHaveLength(1);
    expect(await harness.registry.cancel(reserved)).toBe('gone');
    expect(await harness.registry.deliver(reserved, sealed)).toMatchObject({ status: 'slot_gone' });
    expect(harness.registry.endings(reserved.vid)).toEqual([]);
  });

  it('that runs ends its process at once, and is reported with what it had done', async () => {
    verifies('verification.cancelled');
    const upstream = await hanging();
    const order = harness.registry.order(upstream.url);
    const before = await fullPool();
    const reserved = await harness.registry.reserve(order);
    await harness.registry.deliver(reserved, await sealCredential(reserved.offer, CREDENTIAL));
    await upstream.asked;
    expect(await harness.registry.cancel(reserved)).toBe('cancelled');
    expect(before.filter((pid) => !isAlive(pid))).toHaveLength(1);
    const { event, receipt } = await harness.registry.ending(order.vid);
    expect(event).toMatchObject({ code: 'cancelled', requests: 1 });
    const origins = [new URL(upstream.url).origin];
    expect(receipt).toMatchObject({ outcome: 'failed', code: 'cancelled', origins, slotEnd: { how: 'killed' } });
    expect(harness.registry.endings(order.vid)).toHaveLength(1);
  });
});

describe('the end of a connector', () => {
  it('lets a running handshake finish and be reported, and leaves no process', async () => {
    const ending = await startConnectorHarness();
    const held: (() => void)[] = [];
    let isHolding = true;
    const upstream = await scripted(
      legacyScript({
        answers: {
          'tools/list': ({ reply }) => {
            const answer = (): void => reply({ tools: [] });
            if (isHolding) held.push(answer);
            else answer();
          },
        },
      }),
    );
    const order = ending.registry.order(upstream.url);
    const reserved = await ending.registry.reserve(order);
    const reply = await ending.registry.deliver(reserved, await sealCredential(reserved.offer, CREDENTIAL));
    expect(reply.status).toBe('accepted');
    await eventually(() => expect(held).not.toEqual([]));
    const pids = ending.connector.pids();
    const closed = ending.connector.close();
    await expect(ending.registry.ask(ending.registry.order(upstream.url))).rejects.toBeInstanceOf(RequestFailed);
    isHolding = false;
    held.forEach((answer) => answer());
    await closed;
    expect((await ending.registry.ending(order.vid)).receipt.outcome).toBe('verified');
    await eventually(() => expect(pids.filter((pid) => isAlive(pid))).toEqual([]));
    await ending.registry.close();
  });
});
