import { randomUUID } from 'node:crypto';
import { BUCKETS, type Credential, type CredentialUse, type Grant, type ManifestGateway } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { describeProxies, type PublishedServer } from '../support/proxy/describe-proxies.js';
import { type EventStream, listen, openStream } from '../support/proxy/event-stream.js';
import { begin, legacy, modern, modernRequest } from '../support/proxy/rpc.js';
import {
  type GatewayDraft,
  type KeptDraft,
  MODERN_FACTS,
  type ServerDraft,
  tool,
} from '../support/published-routes.js';
import { legacyScript, type UpstreamScript } from '../support/upstreams/index.js';

const CREDENTIAL: Credential = { scheme: 'bearer', token: 'KEPT' };
const KEPT = 'Bearer KEPT';
const GRANTS: Grant[] = [{ role: 'eng', gateways: ['up'] }, { role: 'ops' }];
const SESSION = 'session-of-the-upstream';
const DAY_MS = 86_400_000;
const LISTENS = { tools: { listChanged: true } };

/** Opens a stream of events and leaves it open. */
const stays: UpstreamScript = ({ response }) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write(': open\n\n');
};
const sessionful = (get: UpstreamScript = stays) =>
  legacyScript({ sessionId: SESSION, capabilities: LISTENS, results: { 'tools/call': { content: [] } }, answers: { GET: get } }); // prettier-ignore

/** On a busy machine, the time may pass before the work is done: then it has twice as much. */
async function inTime<T>(work: (leftMs: number) => Promise<T>, leftMs = 4_000): Promise<T> {
  return work(leftMs).catch((error: unknown) => {
    if (leftMs > 10_000) throw error;
    return inTime(work, leftMs * 2);
  });
}

describeProxies(
  'what was opened with a kept credential',
  { count: 2, env: { LETHE_KEPT_CREDENTIALS: 'on' } },
  ({ proxies, serveOne, keep }) => {
    type Served = Awaited<ReturnType<typeof serveOne>>;
    const serve = (
      script: UpstreamScript,
      use: CredentialUse,
      gateway: Partial<GatewayDraft> = {},
      server: Partial<ServerDraft> = {},
    ) =>
      // prettier-ignore
      serveOne(
        script,
        { items: [tool('a')], credential: 'kept', facts: { sessionful: true, capabilities: LISTENS }, ...gateway },
        { access: 'key', eras: 'both', grants: GRANTS, credentials: { up: use }, limits: {}, ...server },
      );
    /** Kept, or forgotten, at every replica: one that has not heard of it would serve the next request as before. */
    const keepFor = async ({ manifest }: PublishedServer, draft: KeptDraft = {}, credential = CREDENTIAL) => {
      const [gateway] = manifest.gateways as [ManifestGateway];
      await proxies.routes.keep(gateway, credential, draft);
      await proxies.inEffect(BUCKETS.kept, gateway.id);
    };
    const forget = async ({ manifest }: PublishedServer) => {
      const [{ id }] = manifest.gateways as [ManifestGateway];
      await proxies.routes.forget(id);
      await proxies.inEffect(BUCKETS.kept, id);
    };
    const callerOf = async ({ manifest: { slug } }: PublishedServer, roles = ['eng'], same = {}) => {
      const key = await proxies.routes.key('*', { roles, ...same });
      for (const { url } of proxies.replicas) await servedBy(url, slug, key);
      return { authorization: `Bearer ${key}` };
    };
    const call = ({ url }: PublishedServer, headers: Record<string, string>) =>
      legacy(url, 'tools/call', { name: 'a', arguments: {} }, headers);
    const sent = (
      { upstream }: Served,
      is: (received: Served['upstream']['received'][number]) => boolean = () => true,
    ) => upstream.received.filter(is).map(({ headers }) => headers.authorization);
    /**
     * A session whose upstream has opened it with the kept credential. A replica that has not heard of the credential begins one
     * without the upstream, where each call opens a session of its own: that one would not end with the credential or the role.
     */
    const sessionOf = (server: Served, caller: Record<string, string>) =>
      eventually(async () => {
        const before = sent(server).length;
        const session = await begin(server.url, caller);
        expect(sent(server).slice(before)).toContain(KEPT);
        expect((await call(server, session)).body.error).toBeUndefined();
        expect(inSession(server).at(-1)).toBe(KEPT);
        return session;
      });
    const inSession = (server: Served) => sent(server, ({ headers }) => headers['mcp-session-id'] === SESSION);

    it.each([
      ['callers-then-kept', 404],
      ['kept', 200],
    ] as const)('as a session ends with it, so that nobody calls as its owner (%s)', async (use, status) => {
      verifies('kept.sessions');
      const server = await serve(sessionful(), use);
      await keepFor(server);
      const session = await sessionOf(server, await callerOf(server));
      await forget(server);
      // What the registry publishes with a deletion.
      const [{ credential: _kept, ...once }] = server.manifest.gateways as [ManifestGateway];
      const manifest = { ...server.manifest, revision: server.manifest.revision + 100, gateways: [once] };
      proxies.routes.putManifest(manifest.slug, await proxies.routes.sign(manifest));
      const refused = async () => {
        const answer = await call(server, session);
        expect([answer.status, answer.text]).toEqual([status, expect.stringMatching(/session_unknown|gateway_unavailable/)]); // prettier-ignore
      };
      await eventually(async () => {
        for (let n = 0; n < 4; n += 1) await refused();
      });
      const before = inSession(server).length;
      for (let n = 0; n < 4; n += 1) await refused();
      expect((await legacy(server.url, 'ping', {}, session)).status).toBe(404);
      await fetch(server.url, { method: 'DELETE', headers: session });
      expect(inSession(server)).toHaveLength(before);
    });

    it('as a session is of no use to a caller that lost the role, also with a credential of its own', async () => {
      verifies('kept.sessions');
      const server = await serve(sessionful(), 'callers-then-kept');
      await keepFor(server);
      const same = { keyId: randomUUID(), secret: randomUUID() };
      const caller = await callerOf(server, ['eng', 'ops'], same);
      const session = await sessionOf(server, caller);
      await callerOf(server, ['ops'], same);
      await proxies.inEffect(BUCKETS.callers, same.keyId);
      for (let n = 0; n < 4; n += 1) expect((await call(server, session)).status).toBe(404);
      const before = inSession(server).length;
      const own = { ...session, 'x-upstream-up-authorization': 'Bearer OWN' };
      for (let n = 0; n < 4; n += 1) expect((await call(server, own)).status).toBe(404);
      expect(inSession(server)).toHaveLength(before);
      // Without the session, the caller is one who may use the item with nothing.
      expect((await call(server, caller)).body.error).toBeUndefined();
      expect(sent(server).at(-1)).toBeUndefined();
    });

    it('as a session that began before it was kept goes on with nothing for a caller that lost the role', async () => {
      verifies('kept.sessions');
      const server = await serve(sessionful(), 'callers-then-kept');
      const same = { keyId: randomUUID(), secret: randomUUID() };
      const caller = await callerOf(server, ['eng', 'ops'], same);
      const session = await begin(server.url, caller);
      expect(sent(server)).toEqual([]);
      await keepFor(server);
      const posts = () => sent(server, ({ method }) => method === 'POST');
      await eventually(async () => {
        await call(server, session);
        expect(posts().at(-1)).toBe(KEPT);
      });
      await callerOf(server, ['ops'], same);
      await proxies.inEffect(BUCKETS.callers, same.keyId);
      const before = posts().length;
      for (let n = 0; n < 4; n += 1) expect((await call(server, session)).status).toBe(200);
      expect(posts().length).toBeGreaterThan(before);
      expect(new Set(posts().slice(before))).toEqual(new Set([undefined]));
    });

    const kinds: [string, (server: Served, caller: Record<string, string>) => Promise<EventStream>][] = [
      ['the stream of a session', async (server, caller) => listen(server.url, await sessionOf(server, caller))],
      [
        'a subscription',
        ({ url }, caller) =>
          openStream(url, modernRequest('subscriptions/listen', { notifications: { toolsListChanged: true } }, caller)),
      ],
    ];
    const streams = (server: Served) => sent(server, ({ method }) => method === 'GET');
    /** The worker that serves a stream may hear of the credential later than the one that served the call before. */
    const openedOf = (server: Served, open: () => Promise<EventStream>, before: number, withinMs?: number) =>
      eventually(async () => {
        const stream = keep(await open());
        await eventually(() => expect(streams(server).length).toBeGreaterThan(before), 1_000);
        return stream;
      }, withinMs);

    it.each(kinds)(
      'as %s ends when it is forgotten, or at its end, and is not opened again with it',
      async (_kind, open) => {
        verifies('kept.sessions');
        const server = await serve(sessionful(), 'callers-then-kept');
        const caller = await callerOf(server);
        const opened = async (draft: KeptDraft, withinMs?: number) => {
          await keepFor(server, draft);
          await eventually(async () => {
            await call(server, caller);
            expect(sent(server).at(-1)).toBe(KEPT);
          }, withinMs);
          const before = streams(server).length;
          const stream = await openedOf(server, () => open(server, caller), before, withinMs);
          expect(streams(server).at(-1)).toBe(KEPT);
          return stream;
        };
        const endsWithout = async (stream: EventStream, end?: () => Promise<unknown>) => {
          const before = streams(server).length;
          await end?.();
          await stream.ended();
          expect(streams(server).slice(before)).not.toContain(KEPT);
        };
        await endsWithout(await opened({}), () => forget(server));
        await endsWithout(
          // Sealed for thirty days, of which all but some seconds have passed.
          await inTime((leftMs) => opened({ at: new Date(Date.now() - 30 * DAY_MS + leftMs) }, leftMs)),
        );
      },
      60_000,
    );

    it('is opened again with the credential that is kept then', async () => {
      verifies('kept.replaced');
      const server = await serve(sessionful(({ response }) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}\n\n')), 'kept'); // prettier-ignore
      await keepFor(server);
      const caller = await callerOf(server);
      await openedOf(server, async () => listen(server.url, await sessionOf(server, caller)), 0);
      expect(streams(server)).toContain(KEPT);
      await keepFor(server, {}, { scheme: 'bearer', token: 'NEXT' });
      await eventually(() => expect(streams(server).at(-1)).toBe('Bearer NEXT'));
    });

    it('is not sent again for a call that waited for its client, once it is forgotten', async () => {
      verifies('kept.forgotten');
      const rounds: (string | undefined)[] = [];
      const script: UpstreamScript = ({ message, request, reply }) => {
        if (message.method !== 'tools/call') return reply({ resultType: 'complete' });
        rounds.push(request.headers.authorization);
        // It asks again and again for nothing: the call is repeated until it is over.
        return reply({ resultType: 'input_required', inputRequests: {}, requestState: 's' });
      };
      const server = await serve(script, 'kept', { facts: MODERN_FACTS });
      await keepFor(server);
      const caller = await callerOf(server);
      const answer = await eventually(async () => {
        const called = call(server, caller);
        await eventually(() => expect(rounds.length).toBeGreaterThan(1));
        await forget(server);
        return called;
      });
      const before = rounds.length;
      expect(answer.text).toMatch(/gateway_unavailable|kept_not_granted/);
      expect(new Set(rounds.slice(0, before))).toEqual(new Set([KEPT]));
      expect(rounds.length).toBeLessThan(8);
    });

    describe('that the upstream rejects', () => {
      const refuses: UpstreamScript = ({ response }) =>
        void response
          .writeHead(401, { 'www-authenticate': 'Bearer resource_metadata="https://evil.example"' })
          .end('CANARY');
      const items = [
        tool('a'),
        ...(['resource', 'prompt'] as const).map((kind) => ({
          ...tool('a'),
          kind,
          own: kind === 'resource' ? 'x://a' : 'p',
        })),
      ];
      const requests: [method: string, params: { name?: string; uri?: string }][] = [
        ['tools/call', { name: 'a' }],
        ['resources/read', { uri: 'x://a' }],
        ['prompts/get', { name: 'p' }],
        ['tools/list', {}],
      ];

      it.each([['kept'], ['callers-then-kept']] as const)(
        'is told as the business of administrators, by every path (%s)',
        async (use) => {
          verifies('kept.rejected');
          for (const facts of [{ sessionful: false }, MODERN_FACTS]) {
            const server = await serve(refuses, use, { facts, items, listing: 'live' } as never);
            await keepFor(server);
            const caller = await callerOf(server);
            await eventually(async () => {
              await call(server, caller);
              expect(sent(server).at(-1)).toBe(KEPT);
            });
            for (const [method, params] of requests) {
              for (const ask of [legacy, modern]) {
                const answer = await ask(server.url, method, params, caller);
                expect([method, answer.text]).toEqual([method, expect.stringContaining('kept_credential_rejected')]);
                expect(answer.headers.get('www-authenticate')).toBeNull();
                expect(answer.status).not.toBe(401);
                expect(answer.text).not.toMatch(/CANARY|evil|sign in|X-Upstream|Bearer/i);
              }
            }
          }
        },
      );

      it('is told where a session or a subscription begins', async () => {
        verifies('kept.rejected');
        const server = await serve(refuses, 'kept');
        await keepFor(server);
        const caller = await callerOf(server);
        const told = await eventually(async () => {
          const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
          const { body, headers } = await legacy(server.url, 'initialize', params, caller);
          expect(headers.get('www-authenticate')).toBeNull();
          expect(body.result.instructions).toContain('the administrators keep');
          return body.result.instructions;
        });
        expect(told).not.toMatch(/Ask the user to configure|CANARY|evil|X-Upstream/);
        const stream = keep(await kinds[1]![1](server, caller));
        expect([stream.status, JSON.stringify(await stream.message())]).toEqual([200, expect.stringContaining('kept_credential_rejected')]); // prettier-ignore
      });
    });
  },
);
