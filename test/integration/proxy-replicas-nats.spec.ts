import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SnapshotStore } from '@lethe/messaging';
import { readSettings, type RunningService } from '@lethe/platform';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { startBusApp } from '../support/messaging-app.js';
import { isNatsServerAvailable, type NatsServer, startNatsServer } from '../support/nats-server.js';
import { natsConfiguration, natsPasswords, type NatsUser } from '../support/nats-users.js';
import { openStream } from '../support/proxy/event-stream.js';
import { begin, post, postRequest } from '../support/proxy/rpc.js';
import { MODERN_FACTS, PublishedRoutes, tool } from '../support/published-routes.js';
import { testTrust } from '../support/trust.js';
import { startScriptedUpstream, type Upstream } from '../support/upstreams/index.js';

const PATH = '/servers/asks/mcp';
const ASKED = {
  sure: { method: 'elicitation/create', params: { message: 'Sure?', requestedSchema: { type: 'object' } } },
};
const SECRET = 'what-the-person-wrote';
const ANSWER = { result: { action: 'accept', content: { secret: SECRET } } };

describe.runIf(isNatsServerAvailable())('two proxies over NATS', () => {
  const trust = testTrust();
  const passwords = natsPasswords();
  const closings: (() => unknown)[] = [];
  const onBus: { subject: string; text: string }[] = [];
  let server: NatsServer;
  let replicas: RunningService[];
  let upstream: Upstream;
  let hungUp = 0;

  const natsUrlOf = (user: NatsUser): string => server.url.replace('nats://', `nats://${user}:${passwords[user]}@`);
  const urlOf = (at: number): string => `${replicas[at]?.url ?? ''}${PATH}`;

  beforeAll(async () => {
    server = await startNatsServer({ config: await natsConfiguration(passwords) });
    closings.push(() => server.stop());
    const home = await mkdtemp(join(tmpdir(), 'lethe-replicas-'));
    closings.push(() => rm(home, { recursive: true, force: true }));
    upstream = await startScriptedUpstream(({ message, response, reply }) => {
      response.on('close', () => (hungUp += 1));
      const { inputResponses } = message.params ?? {};
      if (inputResponses) return reply({ content: [], got: inputResponses });
      if (message.params?.['name'] === 'ask') reply({ resultType: 'input_required', inputRequests: ASKED });
      else response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': working\n\n');
    });
    closings.push(() => upstream.close());
    const registry = await startBusApp({ natsUrl: natsUrlOf('registry'), service: 'registry' });
    closings.push(() => registry.close());
    const store = registry.get(SnapshotStore);
    const puts: Promise<void>[] = [];
    const put = (bucket: string, key: string, value: string): void => void puts.push(store.put(bucket, key, value));
    const items = [tool('ask'), tool('work')];
    const gateways = [{ slug: 'up', url: upstream.url, items, facts: MODERN_FACTS }];
    const routes = new PublishedRoutes({ snapshots: { put } }, trust);
    await routes.publish({ slug: 'asks', gateways });
    // A proxy waits for every bucket.
    await routes.key('*');
    await Promise.all(puts);
    const settings = readSettings({ LETHE_HOME: home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'fatal' });
    const bus = { natsUrl: natsUrlOf('proxy'), service: 'proxy' };
    replicas = await Promise.all([0, 1].map(() => startProxy({ settings, bus, trust })));
    closings.push(...replicas.map((replica) => () => replica.close()));
    await Promise.all(replicas.map(({ url }) => servedBy(url, 'asks')));
    await watchBus();
  });
  afterAll(async () => {
    for (const close of closings.toReversed()) await close();
  });

  /** Notes all messages on the bus. */
  async function watchBus(): Promise<void> {
    const connection: NatsConnection = await connect({
      servers: server.url,
      user: 'operator',
      pass: passwords.operator,
    });
    closings.push(() => connection.close());
    connection.subscribe('lethe.proxy.>', {
      callback: (_error, message) => void onBus.push({ subject: message.subject, text: message.string() }),
    });
    await connection.flush();
  }

  /** A call on the first replica, and the session. */
  async function call(name: string, id: string) {
    const session = await begin(urlOf(0), {}, { elicitation: {} });
    const request = { jsonrpc: '2.0', id, method: 'tools/call', params: { name } };
    const stream = await openStream(urlOf(0), postRequest(request, session));
    closings.push(() => stream.close());
    const respond = (at: number, requestId: unknown) =>
      post(urlOf(at), { jsonrpc: '2.0', id: requestId, ...ANSWER }, session);
    return { stream, session, respond };
  }

  it('hand an answer to the one that asked, and nobody on the bus can read it', async () => {
    verifies('replicas.sealed');
    const { stream, session, respond } = await call('ask', 'an-ask');
    const asked = await stream.message();
    expect(asked.body).toMatchObject(ASKED.sure);
    expect(await respond(1, asked.body['id'])).toMatchObject({ status: 202 });
    expect((await stream.message()).body).toMatchObject({ id: 'an-ask', result: { got: { sure: ANSWER.result } } });
    await eventually(() =>
      expect(onBus.map(({ subject }) => subject)).toContainEqual(expect.stringContaining('.input.')),
    );
    for (const { text } of onBus) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain(session['mcp-session-id']);
      expect(text).not.toContain('an-ask');
    }
  });

  it('hand a cancellation to the one that has the call', async () => {
    verifies('replicas.sealed');
    const { stream, session } = await call('work', 'a-work');
    const before = hungUp;
    const params = { requestId: 'a-work', reason: SECRET };
    await post(urlOf(1), { jsonrpc: '2.0', method: 'notifications/cancelled', params }, session);
    await stream.ended();
    await eventually(() => expect(hungUp).toBe(before + 1));
    await eventually(() =>
      expect(onBus.map(({ subject }) => subject)).toContainEqual(expect.stringContaining('.call.')),
    );
    for (const { text } of onBus) expect(text).not.toMatch(/a-work|what-the-person-wrote/);
  });

  it('take answers to their own calls without a bus, and say that they could not hand over the others', async () => {
    verifies('replicas.sealed');
    const { stream, respond } = await call('ask', 'last');
    const { id } = (await stream.message()).body;
    await server.kill();
    await eventually(async () =>
      expect(await respond(1, id)).toMatchObject({
        status: 503,
        body: { error: { data: { reason: 'bus_unavailable' } } },
      }),
    );
    expect((await respond(0, id)).status).toBe(202);
    expect((await stream.message()).body).toMatchObject({ id: 'last', result: { got: { sure: ANSWER.result } } });
  });
});
