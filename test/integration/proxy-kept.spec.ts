import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  BUCKETS,
  type Credential,
  type CredentialUse,
  type Grant,
  KeptCredentialRefused,
  type KeptRefusalCode,
} from '@lethe/contracts';
import { MemoryBroker } from '@lethe/messaging';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { describeProxies, type PublishedServer } from '../support/proxy/describe-proxies.js';
import { begin, legacy, modern } from '../support/proxy/rpc.js';
import {
  type GatewayDraft,
  type KeptDraft,
  MODERN_FACTS,
  type ServerDraft,
  tool,
} from '../support/published-routes.js';
import { testTrust } from '../support/trust.js';
import { legacyScript, sseScript, type UpstreamScript } from '../support/upstreams/index.js';

const KEPT = 'Bearer KEPT-SERVICE-KEY';
const CREDENTIAL: Credential = { scheme: 'bearer', token: 'KEPT-SERVICE-KEY' };
const HEADER = 'X-Upstream-up-Authorization';
const OWN = { [HEADER.toLowerCase()]: 'Bearer OWN' };
const GRANTS: Grant[] = [
  { role: '*', names: ['read', 'open'] },
  { role: 'eng', gateways: ['up'], names: ['read', 'write'] },
  { role: 'all' },
  { role: 'whole', gateways: ['up'] },
];
const ON = { LETHE_KEPT_CREDENTIALS: 'on' };
/** A deletion is in effect on every replica after so long. */
const GONE_WITHIN_MS = 2_000;
/** Calls while it is replaced: `KEPT_CALLS=10000` measures it as the promise is meant. */
const CALLS = Number(process.env['KEPT_CALLS'] ?? 300);

const script = legacyScript({ results: { 'tools/call': { content: [] } } });
const locked: UpstreamScript = ({ response }) => void response.writeHead(401).end('CANARY');

/** The part of a signed entry that has its content, as it stands in files. */
const sealedOf = (jws: string): string => jws.split('.')[1] ?? '';

describeProxies(
  'a credential that is kept for a gateway, through three proxies',
  { count: 3, env: ON },
  ({ proxies, serveOne, keep, startUpstream }) => {
    type Served = Awaited<ReturnType<typeof serveOne>>;

    const serve = (
      use: CredentialUse,
      gateway: Partial<GatewayDraft> = {},
      { upstream = script, ...server }: Partial<ServerDraft> & { upstream?: UpstreamScript } = {},
    ) => {
      const items = ['read', 'write', 'open'].map((name) => tool(name));
      const own = {
        access: 'key' as const,
        eras: 'both' as const,
        grants: GRANTS,
        credentials: { up: use },
        limits: {},
      };
      return serveOne(upstream, { items, credential: 'kept', ...gateway }, { ...own, ...server });
    };
    const keepFor = ({ manifest }: PublishedServer, draft: KeptDraft = {}, credential: Credential = CREDENTIAL) =>
      proxies.routes.keep(manifest.gateways[0]!, credential, draft);
    const urlsOf = ({ path }: PublishedServer) => proxies.replicas.map(({ url }) => url + path);
    /** A key with these roles, which every replica accepts at this server. */
    const callerOf = async (server: PublishedServer, roles: string[]) => {
      const key = await proxies.routes.key('*', { roles });
      for (const { url } of proxies.replicas) await servedBy(url, server.manifest.slug, key);
      return { authorization: `Bearer ${key}` };
    };
    const call = (url: string, headers: Record<string, string>, name = 'read') =>
      legacy(url, 'tools/call', { name, arguments: {} }, headers);
    const reasonOf = ({ body }: Awaited<ReturnType<typeof call>>): unknown =>
      body.error?.data['reason'] ??
      (body.result as { _meta?: Record<string, { reason: string }> })._meta?.['lethe/error']?.reason;
    const lastSent = ({ upstream }: Served) => upstream.received.at(-1)?.headers.authorization;
    /** Waits until both replicas use what is kept. */
    const inUse = (server: PublishedServer, headers: Record<string, string>) =>
      eventually(async () => {
        for (const url of urlsOf(server)) expect(reasonOf(await call(url, headers))).toBeUndefined();
      });

    it('is used for callers whose role was granted it for the item, by both eras, and for nobody else', async () => {
      verifies('kept.granted-only');
      const server = await serve('callers-then-kept');
      await keepFor(server);
      const [eng, all, nobody] = [await callerOf(server, ['eng']), await callerOf(server, ['all']), await callerOf(server, [])]; // prettier-ignore
      await inUse(server, eng);
      const sent = async (headers: Record<string, string>, name: string) => {
        const before = server.upstream.received.length;
        expect(reasonOf(await call(server.url, headers, name))).toBeUndefined();
        expect(server.upstream.received).toHaveLength(before + 1);
        return lastSent(server);
      };
      expect([await sent(eng, 'read'), await sent(eng, 'write')]).toEqual([KEPT, KEPT]);
      // Granted by `*` alone, by a grant that names no gateway, or to another role.
      expect(await sent(eng, 'open')).toBeUndefined();
      expect([await sent(all, 'read'), await sent(all, 'write')]).toEqual([undefined, undefined]);
      expect(await sent(nobody, 'read')).toBeUndefined();
      await modern(server.url, 'tools/call', { name: 'write', arguments: {} }, eng);
      expect(lastSent(server)).toBe(KEPT);
    });

    it('is never used by an open server, by one without grants, or where the manifest does not say that it is kept', async () => {
      verifies('kept.granted-only');
      const servers = [
        await serve('callers-then-kept', {}, { access: 'open' }),
        await serveOne(script, { credential: 'kept', items: [tool('read')] }, { credentials: { up: 'callers-then-kept' }, access: 'key' }), // prettier-ignore
        await serve('callers-then-kept', { credential: undefined }),
        await serve('callers'),
      ];
      for (const server of servers) {
        await keepFor(server);
        const headers = server.manifest.access === 'open' ? {} : await callerOf(server, ['eng']);
        for (const url of urlsOf(server)) await call(url, headers);
        expect(server.upstream.received.length).toBeGreaterThan(0);
        expect(server.upstream.received.map(({ headers: sent }) => sent.authorization).filter(Boolean)).toEqual([]);
      }
    });

    it('lets nothing else be sent where only it may be: not on an open server, without grants, or before and after it is kept', async () => {
      verifies('kept.granted-only');
      const servers = [
        await serve('kept', {}, { access: 'open' }),
        await serve('kept', {}, { grants: undefined }),
        await serve('kept', { credential: undefined }),
      ];
      for (const server of servers) {
        await keepFor(server);
        const headers = server.manifest.access === 'open' ? {} : await callerOf(server, ['eng']);
        for (const url of urlsOf(server)) {
          expect(reasonOf(await call(url, { ...headers, ...OWN }))).toBe('kept_credential_only');
          expect(['kept_not_granted', 'gateway_unavailable']).toContain(reasonOf(await call(url, headers)));
        }
        expect(server.upstream.received).toEqual([]);
      }
    });

    it('has a limit for each caller, also where the virtual server says none, unless it says so', async () => {
      verifies('kept.limited');
      const [silent, unlimited] = [await serve('callers-then-kept', {}, { limits: undefined }), await serve('kept')]; // prettier-ignore
      for (const server of [silent, unlimited]) await keepFor(server);
      const [eng, other] = [await callerOf(silent, ['eng']), await callerOf(silent, ['eng'])];
      for (const server of [silent, unlimited]) await inUse(server, eng);
      const [first = ''] = urlsOf(silent);
      const until = async (url: string, calls: number) => {
        for (let n = 0; n < calls; n += 1) if ((await call(url, eng)).status === 429) return n;
        return undefined;
      };
      expect(await until(first, 90)).toBeGreaterThan(40);
      const own = await call(first, { ...eng, ...OWN });
      expect([own.status, (await call(first, other)).status]).toEqual([200, 200]);
      expect(await until(urlsOf(unlimited)[0] ?? '', 90)).toBeUndefined();
    });

    it("gives way to the caller's own as a whole, or refuses it", async () => {
      verifies('kept.granted-only');
      const mappings = [{ header: 'Authorization', required: true }, { header: 'X-Team' }];
      const optional = await serve('callers-then-kept', { mappings });
      const only = await serve('kept', { mappings });
      for (const server of [optional, only]) await keepFor(server);
      const eng = await callerOf(optional, ['eng']);
      for (const server of [optional, only]) await inUse(server, eng);
      await call(optional.url, { ...eng, ...OWN });
      expect(lastSent(optional)).toBe('Bearer OWN');
      // Part of its own credential is not completed with the kept one.
      expect(reasonOf(await call(optional.url, { ...eng, 'x-upstream-up-x-team': 'a' }))).toBe('credential_required');
      const before = only.upstream.received.length;
      const refused = await call(only.url, { ...eng, ...OWN });
      expect(reasonOf(refused)).toBe('kept_credential_only');
      expect(refused.text).not.toContain('OWN');
      expect(reasonOf(await call(only.url, await callerOf(only, [])))).toBe('kept_not_granted');
      expect(only.upstream.received).toHaveLength(before);
      const told = async ({ url }: PublishedServer, headers: Record<string, string>) =>
        (await (await fetch(url.replace(/mcp$/, 'upstreams'), { headers })).json()) as { items: object[] };
      expect((await told(only, eng)).items).toMatchObject([{ credential: 'kept', headers: [] }]);
      const mapped = [
        { header: 'Authorization', required: true },
        { header: 'X-Team', required: false },
      ];
      expect((await told(optional, await callerOf(optional, []))).items).toMatchObject([{ credential: 'callers-then-kept', headers: mapped }]); // prettier-ignore
      const whole = await callerOf(optional, ['whole']);
      expect((await told(optional, whole)).items).toMatchObject([{ headers: mapped.map((each) => ({ ...each, required: false })) }]); // prettier-ignore
    });

    it.each([
      ['basic', { scheme: 'basic', username: 'u', password: 'p' }, { authorization: `Basic ${btoa('u:p')}` }, '/mcp'],
      ['headers', { scheme: 'headers', headers: [{ name: 'X-Api-Key', value: 'k' }] }, { 'x-api-key': 'k' }, '/mcp'],
      ['query', { scheme: 'query', parameters: [{ name: 'key', value: 'c&d' }] }, {}, '/mcp?key=c%26d'],
    ] as [string, Credential, object, string][])('may be %s', async (_scheme, credential, headers, path) => {
      const server = await serve('kept');
      await keepFor(server, {}, credential);
      await inUse(server, await callerOf(server, ['eng']));
      expect(server.upstream.received.at(-1)).toMatchObject({ headers, path });
    });

    it('is the one of now in each request of a call over HTTP+SSE, also if it is replaced during the call', async () => {
      verifies('kept.replaced');
      const keyed = (value: string): Credential => ({ scheme: 'query', parameters: [{ name: 'key', value }] });
      let isHolding = false;
      const held: { ping: () => void; answer: () => void }[] = [];
      const { script: sse, posts } = sseScript({}, { answers: { 'tools/call': ({ id }, send) => {
        const answer = (): void => send({ id, result: { content: [] } });
        if (isHolding && held.length === 0) held.push({ ping: () => send({ id: 'late', method: 'ping' }), answer });
        else answer();
      } } }); // prettier-ignore
      const facts = { transport: 'sse', protocolVersion: '2024-11-05' } as const;
      const server = await serve('kept', { facts }, { upstream: sse });
      await keepFor(server, {}, keyed('one'));
      const eng = await callerOf(server, ['eng']);
      await inUse(server, eng);
      isHolding = true;
      const running = call(server.url, eng);
      await expect.poll(() => held).toHaveLength(1);
      await keepFor(server, {}, keyed('two'));
      // The held call may be at any replica.
      await proxies.inEffect(BUCKETS.kept, server.manifest.gateways[0]!.id);
      const last = () => server.upstream.received.at(-1)?.path;
      await eventually(async () => {
        await call(server.url, eng);
        expect(last()).toContain('key=two');
      });
      held[0]?.ping();
      await expect.poll(() => posts.at(-1)).toMatchObject({ id: 'late', result: {} });
      expect(last()).toContain('key=two');
      held[0]?.answer();
      expect((await running).body.result).toEqual({ content: [] });
    });

    it('ends a stream of events that repeats it with an error that says so, in both eras', async () => {
      verifies('kept.not-repeated');
      const repeats: UpstreamScript = ({ request, response, message }) => {
        const text = request.headers.authorization;
        const data = JSON.stringify({ jsonrpc: '2.0', id: message.id, result: { content: [{ type: 'text', text }] } });
        response.writeHead(200, { 'content-type': 'text/event-stream' });
        response.end(`event: message\nid: 1\ndata: ${data}\n\n`);
      };
      const server = await serve('kept', {}, { upstream: repeats });
      await keepFor(server);
      const eng = await callerOf(server, ['eng']);
      const told = { reason: 'upstream_failed', why: 'repeats_credential' };
      const params = { name: 'read', arguments: {} };
      for (const send of [legacy, modern]) {
        await eventually(async () => {
          const { text } = await send(server.url, 'tools/call', params, eng);
          expect(text).not.toContain('KEPT');
          for (const [member, value] of Object.entries(told)) expect(text).toContain(`"${member}":"${value}"`);
        });
      }
    });

    it('opens sessions only of callers who were granted it for all that they may use of the gateway', async () => {
      verifies('kept.granted-only');
      const opened: (string | undefined)[] = [];
      const answer = legacyScript({ sessionId: 's', results: { 'tools/call': { content: [] } } });
      const opens: UpstreamScript = (exchange) => {
        if (exchange.message.method === 'initialize') opened.push(exchange.request.headers.authorization);
        return answer(exchange);
      };
      const whole: Grant[] = [
        { role: 'ops', gateways: ['up'] },
        { role: 'eng', gateways: ['up'], names: ['read'] },
      ];
      const beginAs = async (grants: Grant[], roles: string[], use: CredentialUse) => {
        const server = await serve(use, { facts: { sessionful: true } }, { upstream: opens, grants });
        await keepFor(server);
        // A call has it as soon as it is in use: the session of one call is opened with it.
        await eventually(async () => {
          for (const url of urlsOf(server)) {
            const probe = await modern(
              url,
              'tools/call',
              { name: 'read', arguments: {} },
              await callerOf(server, ['eng']),
            );
            expect(probe.body.error).toBeUndefined();
          }
          expect(lastSent(server)).toBe(KEPT);
        });
        const before = opened.length;
        const session = await begin(server.url, await callerOf(server, roles));
        return { server, session, sent: opened.slice(before) };
      };
      const { server, session, sent } = await beginAs(whole, ['ops'], 'kept');
      expect(new Set(sent)).toEqual(new Set([KEPT]));
      expect(reasonOf(await call(server.url, session))).toBeUndefined();
      expect(new Set((await beginAs(whole, ['eng'], 'kept')).sent)).toEqual(new Set([KEPT]));
      // `*` lets the caller use another item, for which the credential was not granted.
      const partly: Grant[] = [...whole, { role: '*', names: ['open'] }];
      expect((await beginAs(partly, ['eng'], 'kept')).sent).toEqual([]);
      expect(new Set((await beginAs(partly, ['eng'], 'callers-then-kept')).sent)).toEqual(new Set([undefined]));
    });

    it('is the business of administrators if the upstream rejects it', async () => {
      verifies('kept.rejected');
      const server = await serve('kept', {}, { upstream: locked });
      await keepFor(server);
      const eng = await callerOf(server, ['eng']);
      const told = await eventually(async () => {
        const answer = await call(server.url, eng);
        expect(reasonOf(answer)).toBe('kept_credential_rejected');
        return answer;
      });
      expect(told.body.result.content[0]?.text).toMatch(/"up".*the administrators keep/);
      expect(told.text).not.toMatch(/X-Upstream|CANARY|KEPT/);
      const asked = await modern(server.url, 'tools/call', { name: 'read', arguments: {} }, eng);
      expect(reasonOf(asked)).toBe('kept_credential_rejected');
    });

    describe('that somebody has moved or changed', () => {
      const other = randomUUID();
      const swaps: [string, KeptDraft, KeptRefusalCode][] = [
        ['another gateway', { sealedFor: { gatewayId: other } }, 'kept_unbound'],
        ['another URL', { sealedFor: { url: 'http://127.0.0.1:9/mcp' } }, 'kept_unbound'],
        ['another mapping', { sealedFor: { digest: '0'.repeat(64) } }, 'kept_unbound'],
        ['another configuration', { sealedFor: { configRevision: 2 } }, 'kept_unbound'],
        ['an earlier revision', { sealedFor: { keptRevision: 0 } }, 'kept_unbound'],
        ['a later revision', { sealedFor: { keptRevision: 2_000_000_000 } }, 'kept_unbound'],
        ['an end that has passed', { at: new Date(Date.now() - 31 * 86_400_000) }, 'envelope_expired'],
        ['a time that has not come', { at: new Date(Date.now() + 86_400_000) }, 'kept_unbound'],
        ['another key', { sealedFor: { kid: 'a-key-of-nobody' } }, 'kept_key_unknown'],
        ['no ciphertext', { entry: { sealed: 'a.b.c.d.e' } }, 'envelope_invalid'],
      ];
      const told: KeptCredentialRefused[] = [];
      const refused: { server: PublishedServer; is: string }[] = [];
      let subscription: ReturnType<typeof proxies.broker.subscribe>;
      beforeAll(() => {
        subscription = proxies.broker.subscribe(KeptCredentialRefused.subject, {
          callback: (_error, message) => told.push((message.json() as { data: KeptCredentialRefused }).data),
        });
      });
      afterAll(() => subscription?.unsubscribe());
      /** How often each code and revision of a gateway was told to registries. */
      const toldOf = ({ manifest }: PublishedServer) =>
        Object.entries(
          Object.groupBy(
            told.filter(({ gatewayId }) => gatewayId === manifest.gateways[0]!.id),
            ({ code, keptRevision }) => `${code} ${keptRevision}`,
          ),
        ).map(([what, each]) => `${what} ${each?.length}`);

      it.each(swaps)('is not sent: sealed for %s', async (_what, draft, code) => {
        verifies('tamper.kept');
        const server = await serve('kept');
        await keepFor(server, draft);
        const eng = await callerOf(server, ['eng']);
        for (const url of urlsOf(server)) expect(reasonOf(await call(url, eng))).toBe('gateway_unavailable');
        await keepFor(server);
        await inUse(server, eng);
        await keepFor(server, draft);
        await eventually(async () => {
          for (const url of urlsOf(server)) expect(reasonOf(await call(url, eng))).toBe('gateway_unavailable');
        });
        expect(new Set(server.upstream.received.map(({ headers }) => headers.authorization))).toEqual(new Set([KEPT]));
        const { id } = server.manifest.gateways[0]!;
        refused.push({ server, is: `${code} ${proxies.routes.keptRevisionOf(id)} ${proxies.replicas.length}` });
      });

      it('is told to registries once by each proxy, if it lasts', async () => {
        verifies('kept.refusals-audited');
        expect(refused).toHaveLength(swaps.length);
        // What was refused at first was replaced at once, and is not told.
        for (const { server, is } of refused) await eventually(() => expect(toldOf(server)).toEqual([is]));
        expect(JSON.stringify(told)).not.toMatch(/KEPT-SERVICE|https?:/);
      });

      it('is not sent by what no registry signed, under the key of another gateway, or older than what is known', async () => {
        verifies('tamper.kept');
        verifies('kept.refusals-audited');
        const [server, elsewhere] = [await serve('kept'), await serve('kept')];
        const [first, foreign] = [await keepFor(server), await keepFor(elsewhere)];
        const eng = await callerOf(server, ['eng']);
        await inUse(server, eng);
        const { id } = server.manifest.gateways[0]!;
        const gone = await proxies.routes.forget(id);
        const revision = proxies.routes.keptRevisionOf(id);
        const closed = () =>
          eventually(async () => {
            for (const url of urlsOf(server)) expect(reasonOf(await call(url, eng))).toBe('gateway_unavailable');
          }, GONE_WITHIN_MS);
        await closed();
        for (const jws of [first, foreign, `${gone.slice(0, -4)}AAAA`, 'nothing']) proxies.routes.putKept(id, jws);
        await keepFor(server, { entry: { keptRevision: 0 }, sealedFor: { keptRevision: 0 } });
        await keepFor(elsewhere);
        await inUse(elsewhere, await callerOf(elsewhere, ['eng']));
        await closed();
        const count = proxies.replicas.length;
        await eventually(() => expect(toldOf(server).toSorted()).toEqual([`entry_older ${revision} ${count}`, `entry_unsigned ${revision} ${count}`])); // prettier-ignore
      });

      it('is not sent by a manifest that no registry signed, or an earlier one, which is told of each of its gateways', async () => {
        verifies('tamper.kept');
        verifies('kept.refusals-audited');
        const server = await serve('kept');
        const without = await serve('callers');
        for (const each of [server, without]) await keepFor(each);
        const eng = await callerOf(server, ['eng']);
        await inUse(server, eng);
        const { manifest } = server;
        const trap = await startUpstream(script);
        for (const each of [server, without]) {
          const lie = { ...each.manifest, revision: 1_000_000, gateways: each.manifest.gateways.map((gateway) => ({ ...gateway, url: trap.url })) }; // prettier-ignore
          const forged = await testTrust().registrySigner().sign('manifest', lie, new Date());
          proxies.routes.putManifest(each.manifest.slug, forged);
        }
        const earlier = await proxies.routes.sign({ ...manifest, revision: 0, credentials: {} });
        proxies.routes.putManifest(manifest.slug, earlier);
        const revision = proxies.routes.keptRevisionOf(manifest.gateways[0]!.id);
        const count = proxies.replicas.length;
        await eventually(() => expect(toldOf(server).toSorted()).toEqual([`manifest_older ${revision} ${count}`, `manifest_unsigned ${revision} ${count}`])); // prettier-ignore
        for (const url of urlsOf(server)) expect(reasonOf(await call(url, eng))).toBeUndefined();
        expect([trap.received, toldOf(without)]).toEqual([[], []]);
      });
    });

    it('is replaced again and again without a failed call, and gone within two seconds under load', async () => {
      verifies('kept.replaced');
      verifies('kept.forgotten');
      const server = await serve('kept');
      await keepFor(server);
      const eng = await callerOf(server, ['eng']);
      await inUse(server, eng);
      let isOver = false;
      let calls = 0;
      const failed: unknown[] = [];
      /** Calls every replica until the test says that it is over. */
      const load = () =>
        Promise.all(
          urlsOf(server).map(async (url) => {
            for (isOver = false; !isOver; calls += 1) {
              const reason = reasonOf(await call(url, eng));
              if (reason !== undefined) failed.push(reason);
            }
          }),
        );
      const replacing = load();
      for (let n = 0; n < 5 || calls < CALLS; n += 1) {
        await keepFor(server, {}, { scheme: 'bearer', token: `NEXT-${n}` });
        await eventually(() => expect(lastSent(server)).toBe(`Bearer NEXT-${n}`));
      }
      isOver = true;
      await replacing;
      expect(failed).toEqual([]);
      const deleting = load();
      await proxies.routes.forget(server.manifest.gateways[0]!.id);
      await eventually(async () => {
        for (const url of urlsOf(server)) expect(reasonOf(await call(url, eng))).toBe('gateway_unavailable');
      }, GONE_WITHIN_MS);
      const received = server.upstream.received.length;
      for (const url of urlsOf(server)) for (let n = 0; n < 10; n += 1) await call(url, eng);
      isOver = true;
      await deleting;
      expect(server.upstream.received).toHaveLength(received);
    }, 300_000);

    it('is served by a proxy that starts alone, whose file has the ciphertext only', async () => {
      verifies('kept.ciphertext-only');
      const server = await serve('kept');
      const jws = await keepFor(server);
      await inUse(server, await callerOf(server, ['eng']));
      const lines: string[] = [];
      const env = { LETHE_HOME: join(proxies.home, randomUUID()), LETHE_LOG_LEVEL: 'info' };
      const first = await proxies.start(env, undefined, {}, { write: (line: string) => void lines.push(line) });
      const eng = await callerOf(server, ['eng']);
      await servedBy(first.url, server.manifest.slug, eng.authorization.slice('Bearer '.length));
      await eventually(async () => expect(reasonOf(await call(first.url + server.path, eng))).toBeUndefined());
      await first.close();
      expect(lines.filter((line) => line.includes('"credentialLife":"kept"'))).not.toEqual([]);
      const files = readdirSync(env.LETHE_HOME).map((file) => readFileSync(join(env.LETHE_HOME, file), 'utf8')).join(''); // prettier-ignore
      expect(files).toContain(BUCKETS.kept);
      expect(files + lines.join('')).not.toMatch(/KEPT-SERVICE|S0VQVC1TRVJWSUNF/);
      const aloneEnv = { ...env, LETHE_LOG_LEVEL: 'fatal' };
      const alone = await proxies.start(aloneEnv, new MemoryBroker());
      const before = server.upstream.received.length;
      expect(reasonOf(await call(alone.url + server.path, eng))).toBeUndefined();
      expect(server.upstream.received.length).toBe(before + 1);
      expect(lastSent(server)).toBe(KEPT);
      await alone.close();
      const back = await proxies.start(aloneEnv);
      await proxies.routes.forget(server.manifest.gateways[0]!.id);
      await eventually(async () =>
        expect(reasonOf(await call(back.url + server.path, eng))).toBe('gateway_unavailable'),
      );
      await back.close();
      const ciphertext = sealedOf(jws);
      expect(files).toContain(ciphertext);
      const after = readdirSync(env.LETHE_HOME).map((file) => readFileSync(join(env.LETHE_HOME, file), 'utf8')).join(''); // prettier-ignore
      expect(after).not.toContain(ciphertext);
    });

    it('is not opened by a proxy where that is not allowed', async () => {
      verifies('kept.asked-for');
      const server = await serve('callers-then-kept');
      await keepFor(server);
      const eng = await callerOf(server, ['eng']);
      const env = { LETHE_HOME: join(proxies.home, randomUUID()), LETHE_KEPT_CREDENTIALS: 'off' };
      const off = keep(await proxies.start(env));
      await servedBy(off.url, server.manifest.slug, eng.authorization.slice('Bearer '.length));
      await call(off.url + server.path, eng);
      expect(lastSent(server)).toBeUndefined();
    });

    it('is used for a modern upstream, too', async () => {
      const server = await serve('kept', { facts: MODERN_FACTS }, { upstream: ({ reply }) => reply({ content: [], resultType: 'complete' }) }); // prettier-ignore
      await keepFor(server);
      const eng = await callerOf(server, ['eng']);
      await eventually(async () => {
        const answer = await modern(server.url, 'tools/call', { name: 'write', arguments: {} }, eng);
        expect(answer.body.error).toBeUndefined();
        expect(lastSent(server)).toBe(KEPT);
      });
    });
  },
);
