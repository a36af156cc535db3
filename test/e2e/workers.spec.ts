import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { connectLegacy } from '../support/mcp-clients.js';
import { callOnce, connectionTo, type OneConnection } from '../support/one-connection.js';
import { makeHome, removeHome, runtimeOf, startProcess, until } from '../support/processes.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { type Separate, startSeparate } from '../support/separate.js';
import {
  legacyScript,
  type ScriptedExchange,
  startEverythingUpstream,
  startScriptedUpstream,
  type Upstream,
} from '../support/upstreams/index.js';

const TOKEN = 'a-token-that-opens-nothing-at-all';
const TOOLS = ['quick', 'slow'].map((name) => ({ name, inputSchema: { type: 'object' } }));

interface Line {
  msg: string;
  worker?: number;
  pid?: number;
  method?: string;
  caller?: string;
  server?: string;
}

describe.runIf(realPartsAvailable())('one proxy of two workers', () => {
  const connections: OneConnection[] = [];
  /** Calls of the slow tool that the upstream has not answered. */
  const held: ScriptedExchange[] = [];
  let lethe: Separate;
  let upstream: Upstream;
  let everything: Upstream;
  let headers: Record<string, string>;

  beforeAll(async () => {
    const reply = (exchange: ScriptedExchange): void => exchange.reply({ content: [{ type: 'text', text: 'done' }] });
    const call = (exchange: ScriptedExchange): void => {
      if (exchange.message.params?.['name'] === 'slow') held.push(exchange);
      else reply(exchange);
    };
    [lethe, upstream, everything] = await Promise.all([
      startSeparate({ proxies: 1, env: { PROXY_WORKERS: '2' } }),
      startScriptedUpstream(
        legacyScript({ results: { 'tools/list': { tools: TOOLS } }, answers: { 'tools/call': call } }),
      ),
      startEverythingUpstream({ token: TOKEN }),
    ]);
    const { admin } = lethe;
    for (const [name, url] of [
      ['Everything', everything.url],
      ['Scripted', upstream.url],
    ] as const) {
      expect((await admin.register({ name, url }, TOKEN)).verification.state).toBe('verified');
      await admin.ask('POST', '/servers', { name, include: [{ gateway: name.toLowerCase() }] });
    }
    headers = { authorization: `Bearer ${await admin.callerKey()}`, 'x-upstream-authorization': `Bearer ${TOKEN}` };
    await served();
  });
  afterEach(() => connections.splice(0).forEach((connection) => connection.close()));
  afterAll(() => Promise.allSettled([lethe?.stop(), upstream?.close(), everything?.close()]));

  const endpoint = (slug = 'scripted'): string => `${lethe.proxyUrls[0]}/servers/${slug}/mcp`;
  const lines = async (): Promise<Line[]> =>
    (await lethe.proxies[0]!.log()).split('\n').flatMap((text) => (text === '' ? [] : [JSON.parse(text) as Line]));
  const calledBy = async (): Promise<(number | undefined)[]> =>
    (await lines())
      .filter(({ msg, method, server }) => msg === 'Call' && method === 'tools/call' && server === 'scripted')
      .map(({ worker }) => worker);
  const pidsOf = async (worker: number): Promise<number[]> =>
    (await lines()).flatMap((line) =>
      line.msg === 'Worker started' && line.worker === worker ? (line.pid ?? []) : [],
    );

  /** A connection that a certain worker has. */
  async function connectionOf(worker: number): Promise<OneConnection> {
    return until(`a connection of worker ${worker}`, async () => {
      const connection = connectionTo(endpoint(), headers);
      connections.push(connection);
      const before = (await calledBy()).length;
      await connection.call('quick');
      const [by] = await until('its line', async () => {
        const since = (await calledBy()).slice(before);
        return since.length > 0 ? since : undefined;
      });
      return by === worker ? connection : undefined;
    });
  }

  /** Over connections of their own: any worker may be asked. */
  const ask = (path: string): Promise<Response> =>
    fetch(`${lethe.proxyUrls[0]}${path}`, { headers: { connection: 'close' } });
  async function countOf(series: string): Promise<number> {
    const line = (await (await ask('/metrics')).text()).split('\n').find((text) => text.startsWith(`${series} `));
    return Number(line?.split(' ')[1] ?? 0);
  }
  const CALLS = 'lethe_proxy_calls_total{method="tools/call",gateway="scripted",outcome="ok"}';
  const SECONDS = 'lethe_proxy_call_seconds_count{method="tools/call"}';

  /** Publishing is asynchronous: waits until both workers know the server published last, and the key. */
  async function served(): Promise<void> {
    await connectionOf(1);
    await connectionOf(2);
  }

  it('answers a burst with both, and any worker reports the counts of both', async () => {
    verifies('workers.one-service');
    const [calls, seconds, before] = [await countOf(CALLS), await countOf(SECONDS), (await calledBy()).length];
    const answers = await Promise.all(Array.from({ length: 40 }, () => callOnce(endpoint(), headers, 'quick')));
    expect(new Set(answers)).toEqual(new Set(['done']));
    await until('forty lines', async () => (await calledBy()).length === before + 40 || undefined);
    expect(new Set((await calledBy()).slice(before))).toEqual(new Set([1, 2]));
    for (let n = 0; n < 4; n++) {
      expect(await countOf(CALLS)).toBe(calls + 40);
      expect(await countOf(SECONDS)).toBe(seconds + 40);
    }
  });

  it('serves a session whose stream and calls come to different workers', async () => {
    verifies('workers.one-service');
    const before = (await lines()).length;
    const since = async (msg: string): Promise<Line[]> =>
      (await lines()).slice(before).filter((line) => line.msg === msg && line.server === 'everything');
    const changed = Promise.withResolvers<unknown>();
    const client = await connectLegacy(endpoint('everything'), headers, {}, (made) =>
      made.setNotificationHandler(ToolListChangedNotificationSchema, changed.resolve),
    );
    const [stream] = await until('the stream of the session', async () => {
      const opened = await since('Stream opened');
      return opened.length > 0 ? opened : undefined;
    });
    const progress: unknown[] = [];
    const long = client.callTool(
      { name: 'trigger-long-running-operation', arguments: { duration: 1, steps: 2 } },
      undefined,
      { onprogress: (step) => progress.push(step) },
    );
    const echoes = Array.from({ length: 20 }, (_, n) =>
      client.callTool({ name: 'echo', arguments: { message: `message ${n}` } }),
    );
    for (const [n, answer] of (await Promise.all(echoes)).entries())
      expect(JSON.stringify(answer.content)).toContain(`message ${n}`);
    await long;
    expect(progress).toHaveLength(2);
    await until(
      'calls elsewhere',
      async () => (await since('Call')).some(({ worker }) => worker !== stream?.worker) || undefined,
    );
    // The worker with the stream reports the change, whichever worker had the calls.
    const include = [{ gateway: 'everything' }, { gateway: 'scripted' }];
    await lethe.admin.ask('PATCH', '/servers/everything', { include });
    await changed.promise;
    await client.close();
  });

  it('replaces one that is killed; no call of the others fails, and no count is lost', async () => {
    verifies('workers.replaced');
    const other = await connectionOf(2);
    const [pid] = (await pidsOf(1)).slice(-1);
    const calls = await countOf(CALLS);
    let isOver = false;
    const answers: string[] = [];
    const steady = (async () => {
      while (!isOver) answers.push(await other.call('quick').catch(String));
    })();
    process.kill(pid!, 'SIGKILL');
    await until('its end', async () => (await lines()).some(({ msg }) => msg === 'Worker ended') || undefined);
    expect((await ask('/readyz')).status).toBe(503);
    // New connections are for those that are there.
    for (let n = 0; n < 10; n++) expect(await callOnce(endpoint(), headers, 'quick')).toBe('done');
    await until('the next one', async () => (await ask('/readyz')).status === 200 || undefined);
    expect((await pidsOf(1)).at(-1)).not.toBe(pid);
    isOver = true;
    await steady;
    expect(await (await connectionOf(1)).call('quick')).toBe('done');
    expect(answers.length).toBeGreaterThan(10);
    expect(new Set(answers)).toEqual(new Set(['done']));
    expect(await countOf(CALLS)).toBeGreaterThanOrEqual(calls + answers.length + 11);
    expect(await countOf('lethe_proxy_workers_ended_total')).toBe(1);
  });

  it('reports once why it does not start, and leaves no process behind', async () => {
    verifies('start.says-why-not');
    const home = await makeHome();
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.1'), 'listening');
    const address = taken.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const proxy = startProcess('proxy', home, {
      ...{ NATS_URL: lethe.natsUrlOf('proxy'), LETHE_TRUST: join(lethe.home, 'trust') },
      ...{ PROXY_PORT: port, PROXY_WORKERS: '2' },
    });
    await until('its end', () => proxy.hasExited() || undefined);
    const log = await proxy.log();
    expect(log.match(/PROXY_PORT: \d+ is in use/g)).toHaveLength(1);
    expect(log.match(/Worker started/g)).toHaveLength(1);
    taken.close();
    await removeHome(home);
  });

  it('ends connections that are too many for all of them together', async () => {
    verifies('workers.one-service');
    const home = await makeHome();
    const proxy = startProcess('proxy', home, {
      ...{ NATS_URL: lethe.natsUrlOf('proxy'), LETHE_TRUST: join(lethe.home, 'trust') },
      ...{ PROXY_PORT: '0', PROXY_WORKERS: '2', LETHE_MAX_CONNECTIONS: '2' },
    });
    const { url } = await runtimeOf<{ url: string }>(proxy, join(home, 'runtime-proxy.json'));
    const knock = async (): Promise<Socket> => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
      socket.write('GET /livez HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n');
      await once(socket, 'data');
      return socket;
    };
    // Nobody of them is a caller: each worker gives its one place to who comes next.
    const knocks = [await knock(), await knock(), await knock(), await knock()];
    await until('the end of the first two', () => (knocks[0]?.closed && knocks[1]?.closed) || undefined);
    expect(knocks.map(({ closed }) => closed)).toEqual([true, true, false, false]);
    knocks.forEach((socket) => socket.destroy());
    await proxy.stop();
    await removeHome(home);
  });

  it('ends in order: what is under way is answered, nothing new is accepted, and no process is left behind', async () => {
    verifies('workers.end-in-order');
    const [one, two] = [await connectionOf(1), await connectionOf(2)];
    const answers = [one.call('slow'), two.call('slow')];
    await until('both upstream', () => held.length === 2 || undefined);
    const pids = [...(await pidsOf(1)), ...(await pidsOf(2))];
    // As a supervisor or a terminal does: all processes get the signal.
    const [proxy] = lethe.proxies;
    for (const pid of [...(await pidsOf(1)).slice(-1), ...(await pidsOf(2)).slice(-1)]) process.kill(pid, 'SIGTERM');
    proxy!.signal('SIGTERM');
    await until('the end of intake', async () => (await ask('/readyz')).status === 503 || undefined);
    for (const exchange of held.splice(0)) exchange.reply({ content: [{ type: 'text', text: 'at last' }] });
    expect(await Promise.all(answers)).toEqual(['at last', 'at last']);
    await until('the end', () => proxy!.hasExited() || undefined);
    expect((await lines()).filter(({ msg }) => msg === 'Worker ended')).toHaveLength(1);
    for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow();
  });
});
