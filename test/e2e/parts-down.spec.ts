import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { verifies } from '../requirements.js';
import type { VerificationView } from '../support/admin.js';
import { eventually } from '../support/eventually.js';
import { until } from '../support/processes.js';
import { begin, legacy, post } from '../support/proxy/rpc.js';
import { realPartsAvailable } from '../support/real-parts.js';
import { type SeparateParts, startSeparateParts } from '../support/separate.js';
import { startTcpRelay, type TcpRelay } from '../support/tcp-relay.js';
import { TwoOfEach } from '../support/two-of-each.js';
import { legacyScript, startScriptedUpstream } from '../support/upstreams/index.js';

const SHORT = { LETHE_HANDSHAKE_TIMEOUT_MS: '3000', LETHE_SLOT_TTL_SECONDS: '10', LETHE_RESULT_MARGIN_MS: '3000' };
const BOTH = ['done', 'done'];

/** Its tests are lines of the table in ARCHITECTURE.md. */
describe.runIf(realPartsAvailable())('a part that is down', () => {
  let parts: SeparateParts;
  let database: TcpRelay;
  let lethe: TwoOfEach;

  beforeAll(async () => {
    parts = await startSeparateParts();
    database = await startTcpRelay(parts.databaseUrl);
    lethe = await TwoOfEach.start(parts, { registry: { ...SHORT, DATABASE_URL: database.url }, connector: SHORT });
  });
  afterAll(async () => {
    await lethe?.stop();
    await database?.close();
    await parts?.close();
  });

  /** Kills all of a service. Returns how to start them again, in their folders. */
  async function killAll(app: 'registry' | 'connector'): Promise<() => Promise<unknown>> {
    const names: string[] = [];
    while (lethe.services[app].length > 0) names.push(await lethe.kill(app));
    return () => Promise.all(names.map((name) => lethe.add(app, name)));
  }
  const restartProxy = async () => lethe.add('proxy', await lethe.kill('proxy'));
  const beginVerification = (at: number) =>
    lethe.admins[at]!.request<VerificationView & { code: string }>('POST', '/gateways/steady/verifications', {});

  it('registry or PostgreSQL: every call on every proxy, even after a proxy restarts', async () => {
    verifies('operations.parts-down');
    database.cut();
    expect((await beginVerification(0)).status).toBe(503);
    expect(await lethe.callEach()).toEqual(BOTH);
    await restartProxy();
    expect(await lethe.callEach()).toEqual(BOTH);
    const start = await killAll('registry');
    await restartProxy();
    expect(await lethe.callEach()).toEqual(BOTH);
    database.restore();
    await start();
    await lethe.worksAfter(0);
  });

  it('NATS: every call, cancelled only where it runs; metadata waits in the outbox; no verification', async () => {
    verifies('operations.parts-down');
    const [one, other] = lethe.endpoints();
    const session = await begin(one!, lethe.headers);
    void legacy(one!, 'tools/call', { name: 'slow' }, session, 7).catch(() => undefined);
    const cancelAt = (url: string) =>
      post(url, { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 7 } }, session);
    await until('the slow call', () => lethe.seen.slow > 0 || undefined);
    await parts.nats.kill();
    expect(await lethe.callEach()).toEqual(BOTH);
    await cancelAt(other!);
    expect(await lethe.callEach()).toEqual(BOTH);
    expect(lethe.seen.cancelled).toBe(0);
    await cancelAt(one!);
    await eventually(() => expect(lethe.seen.cancelled).toBe(1));
    const waits = await lethe.publish();
    const refused = await beginVerification(1);
    expect([refused.status, refused.body.code]).toEqual([503, 'bus_unavailable']);
    expect(await Promise.all(lethe.endpoints(waits).map((url) => lethe.call(url)))).not.toContain('done');
    await parts.nats.restart();
    await lethe.served(waits);
    await lethe.worksAfter(0);
  });

  it('registry, PostgreSQL and NATS: every call, also on a proxy that starts, from its route file', async () => {
    verifies('operations.parts-down');
    // The file is written within 2 s.
    await restartProxy();
    const start = await killAll('registry');
    database.cut();
    await parts.nats.kill();
    expect(await lethe.callEach()).toEqual(BOTH);
    await Promise.all([restartProxy(), restartProxy()]);
    expect(await lethe.callEach()).toEqual(BOTH);
    await parts.nats.restart();
    database.restore();
    await start();
    await lethe.worksAfter(0);
  });

  it('connector: every call and the admin API; verifications get `no_slot`', async () => {
    verifies('operations.parts-down');
    const start = await killAll('connector');
    expect(await lethe.callEach()).toEqual(BOTH);
    await lethe.served(await lethe.publish());
    const refused = await beginVerification(0);
    expect([refused.status, refused.body.code]).toEqual([503, 'no_slot']);
    await start();
    await lethe.worksAfter(0);
  });

  it('one of several registries or connectors: everything, on the others; what is redone takes effect once', async () => {
    verifies('operations.parts-down');
    verifies('verification.fenced');
    const { upstream } = lethe;
    const gateways = await Promise.all(
      ['a', 'b', 'c'].map((slug) => lethe.admins[0]!.createGateway({ name: slug, slug, url: upstream.url })),
    );
    await Promise.all(gateways.map(({ id }) => lethe.verify(id)));
    const published = await Promise.all(gateways.map(({ slug }) => lethe.publish(slug)));
    for (const app of ['registry', 'connector'] as const) {
      await lethe.whileCalling(async () => {
        const load = gateways.map(({ id }) => lethe.verify(id));
        const running = `select 1 from verification where state in ('awaiting_credential', 'running')`;
        await until('a verification', async () => ((await query(running)).length > 0 ? true : undefined));
        await lethe.add(app, await lethe.kill(app));
        await Promise.all(load);
      });
    }
    await eventually(async () => expect(await query('select 1 from outbox_message where sent_at is null')).toEqual([]));
    // A manifest for the server itself, and one for each verification of its gateway since: none is missing, none is double.
    // The same one may be sent again: a registry that starts sends what it does not see in the bucket yet.
    const manifests = `select key, count(distinct value)::int as sent from outbox_message where key = any($1) group by key`;
    const verified = `select slug, count(*)::int as verified from verification v join gateway g on g.id = v.gateway_id
      where slug in ('a', 'b', 'c') and v.state = 'verified' group by slug order by slug`;
    const sent = new Map((await query(manifests, [published])).map((row) => [row['key'], row['sent']]));
    const counts = (await query(verified)).map((row) => row['verified']);
    expect(published.map((slug) => sent.get(slug))).toEqual(counts);
    for (const { id } of gateways) {
      const found = await lethe.admins[0]!.ask<{ items: object[] }>('GET', `/gateways/${id}/tools`);
      expect(found.items).toHaveLength(2);
    }
  }, 180_000);

  it('an upstream: all other upstreams; calls to this one fail fast, with its name', async () => {
    verifies('operations.parts-down');
    const tools = [{ name: 'echo', inputSchema: { type: 'object' } }];
    const upstream = await startScriptedUpstream(legacyScript({ results: { 'tools/list': { tools } } }));
    const { slug } = await lethe.admins[0]!.register({ name: 'Gone', url: upstream.url }, 'a-token');
    const published = await lethe.publish(slug);
    await lethe.served(published);
    await upstream.close();
    const begun = Date.now();
    for (const endpoint of lethe.endpoints(published)) expect(await lethe.call(endpoint)).toContain('"Gone" (gone)');
    expect(Date.now() - begun).toBeLessThan(5_000);
    expect(await lethe.callEach()).toEqual(BOTH);
  });

  it('a proxy, or a worker: all sessions, on the others; a worker is replaced', async () => {
    verifies('operations.parts-down');
    verifies('session.any-replica');
    const [one] = lethe.endpoints();
    const session = await begin(one!, lethe.headers);
    expect(await lethe.call(one!, 'echo', session)).toBe('done');
    await lethe.kill('proxy');
    expect(await lethe.call(lethe.endpoints()[0]!, 'echo', session)).toBe('done');
    const { process: proxy, url } = await parts.start('proxy', 'workers', { env: { PROXY_WORKERS: '2' } });
    const worker = () => proxy.log().then((log) => [...log.matchAll(/"pid":(\d+).*"Worker started"/g)]);
    const [first] = await until('two workers', async () => ((await worker()).length === 2 ? worker() : undefined));
    process.kill(Number(first![1]), 'SIGKILL');
    await until('its end', async () => (await proxy.log()).includes('Worker ended') || undefined);
    expect(await lethe.call(`${url}/servers/steady/mcp`, 'echo', session)).toBe('done');
    await until('another worker', async () => ((await worker()).length === 3 ? true : undefined));
    await proxy.stop();
  });

  async function query(sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: parts.databaseUrl });
    await client.connect();
    return client.query<Record<string, unknown>>(sql, values).then(
      async ({ rows }) => (await client.end(), rows),
      async (error: unknown) => {
        await client.end();
        throw error;
      },
    );
  }
});
