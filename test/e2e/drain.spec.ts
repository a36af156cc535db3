import { mapConcurrent } from '@lethe/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { openServerOver } from '../support/open-server.js';
import { until } from '../support/processes.js';
import { type EventStream, listen, openStream } from '../support/proxy/event-stream.js';
import { begin, legacy, modern, modernRequest } from '../support/proxy/rpc.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { type Separate, startSeparate } from '../support/separate.js';
import { holdingScript, startScriptedUpstream, type Upstream } from '../support/upstreams/index.js';

const STREAMS_PER_ERA = 1_000;
const CALLS_PER_ERA = 250;
const AT_ONCE = 50;
/** A proxy ends by itself within this time, and compose and chart give it as much. */
const GRACE_MS = 25_000;
const LIMIT_MS = 120_000;

const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const eachOf = <T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> =>
  mapConcurrent(AT_ONCE, items, work);

/** A legacy client's session, and the event from which it resumes its stream. */
interface LegacyClient {
  session: Record<string, string>;
  stream: EventStream;
  lastId: string;
}

describe.runIf(realPartsAvailable())('a proxy that ends beside another one', () => {
  const upstreamPart = holdingScript();
  let lethe: Separate;
  let upstream: Upstream;

  beforeAll(async () => {
    [lethe, upstream] = await Promise.all([startSeparate({ proxies: 2 }), startScriptedUpstream(upstreamPart.script)]);
    const [first = '', second = ''] = lethe.proxyUrls;
    await openServerOver({ admin: lethe.admin, proxyUrl: first }, 'Holding', upstream.url);
    await servedBy(second, 'holding');
  });
  afterAll(() => Promise.allSettled([lethe?.stop(), upstream?.close()]));

  const endpoint = (replica: number): string => `${lethe.proxyUrls[replica]}/servers/holding/mcp`;

  /** The next log message of a session's stream. */
  async function logged(stream: EventStream): Promise<{ text: unknown; id: string }> {
    const { id = '', body } = await stream.message();
    return { text: (body['params'] as Record<string, unknown>)['data'], id };
  }

  async function openLegacy(): Promise<LegacyClient> {
    const session = await begin(endpoint(0));
    const stream = await listen(endpoint(0), session);
    const { text, id } = await logged(stream);
    expect(text).toBe('first');
    return { session, stream, lastId: id };
  }

  async function subscribe(replica: number): Promise<EventStream> {
    const params = { notifications: { toolsListChanged: true } };
    const stream = await openStream(endpoint(replica), modernRequest('subscriptions/listen', params));
    expect((await stream.message()).body['method']).toBe('notifications/subscriptions/acknowledged');
    return stream;
  }

  async function resume({ session, lastId }: LegacyClient): Promise<void> {
    const stream = await listen(endpoint(1), { ...session, 'last-event-id': lastId });
    expect((await logged(stream)).text).toBe('second');
    stream.close();
  }

  /** Calls of both eras that the upstream holds; each answer is the call's own number. */
  function call(sessions: readonly LegacyClient[]): Promise<string[]> {
    const params = (n: number) => ({ name: 'hold', arguments: { n } });
    const calls = sessions.flatMap(({ session }, n) => [
      legacy(endpoint(0), 'tools/call', params(2 * n), session),
      modern(endpoint(0), 'tools/call', params(2 * n + 1)),
    ]);
    return Promise.all(calls.map(async (answer) => (await answer).body.result?.content[0]?.text ?? 'lost'));
  }

  it(
    'answers 500 calls that run, and its 2,000 streams end in order and go on at the other one',
    async () => {
      verifies('drain.nothing-lost');
      const clients = await eachOf(numbers(STREAMS_PER_ERA), openLegacy);
      const subscriptions = await eachOf(numbers(STREAMS_PER_ERA), () => subscribe(0));
      const answers = call(clients.slice(0, CALLS_PER_ERA));
      await until('all calls upstream', () => upstreamPart.held.length === 2 * CALLS_PER_ERA || undefined, 60_000);

      const [ending] = lethe.proxies;
      const began = performance.now();
      ending!.signal('SIGTERM');
      // `ended` and `message` fail if the connection is cut.
      await Promise.all(clients.map(({ stream }) => stream.ended()));
      const ends = await Promise.all(subscriptions.map(async (stream) => (await stream.message()).body));
      for (const end of ends) expect(end).toMatchObject({ result: { resultType: 'complete' } });
      await Promise.all(subscriptions.map((stream) => stream.ended()));
      expect((await fetch(`${lethe.proxyUrls[0]}/readyz`)).status).toBe(503);

      expect(upstreamPart.held).toHaveLength(2 * CALLS_PER_ERA);
      upstreamPart.release();
      expect(await answers).toEqual(numbers(2 * CALLS_PER_ERA).map(String));
      await until('its end', () => ending!.hasExited() || undefined);
      expect(ending!.exitCode()).toBe(0);
      expect(performance.now() - began).toBeLessThan(GRACE_MS);

      await eachOf(clients, resume);
      expect(upstreamPart.resumedFrom).toHaveLength(STREAMS_PER_ERA);
      expect(new Set(upstreamPart.resumedFrom).size).toBe(STREAMS_PER_ERA);
      for (const stream of await eachOf(subscriptions, () => subscribe(1))) stream.close();
    },
    LIMIT_MS,
  );
});

describe.runIf(realPartsAvailable())('a proxy that starts without NATS, from its route file', () => {
  const upstreamPart = holdingScript();
  let lethe: Separate;
  let upstream: Upstream;

  beforeAll(async () => {
    [lethe, upstream] = await Promise.all([startSeparate({ proxies: 1 }), startScriptedUpstream(upstreamPart.script)]);
  });
  afterAll(() => Promise.allSettled([lethe?.stop(), upstream?.close()]));

  it('answers the call that runs when it is ended, before its start is done', async () => {
    verifies('drain.nothing-lost');
    await openServerOver({ admin: lethe.admin, proxyUrl: lethe.proxyUrls[0]! }, 'Holding', upstream.url);
    // It writes its file at its end, too.
    await lethe.proxies[0]!.stop();
    const { process } = await lethe.launch('proxy', 'proxy-1', { env: { NATS_URL: 'nats://127.0.0.1:1' } });
    lethe.proxies.push(process);
    const url = await until('its address', async () => {
      // Its first process has logged into the same file.
      const addresses = [...(await process.log()).matchAll(/The proxy listens at ([^"]+)/g)].map(
        ([, address]) => address,
      );
      return addresses[1];
    });
    const answer = modern(`${url}/servers/holding/mcp`, 'tools/call', { name: 'hold', arguments: { n: 1 } });
    await until('the call upstream', () => upstreamPart.held.length === 1 || undefined);
    process.signal('SIGTERM');
    await until('not ready', async () => (await fetch(`${url}/readyz`)).status === 503 || undefined);
    upstreamPart.release();
    expect((await answer).body.result?.content[0]?.text).toBe('1');
    await until('its end', () => process.hasExited() || undefined);
    expect(process.exitCode()).toBe(0);
  });
});
