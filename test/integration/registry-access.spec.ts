import type { ServerAccess } from '@lethe/contracts';
import { readSettings, type RunningService } from '@lethe/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { type Issuer, startIssuer } from '../support/issuer.js';
import { connectLegacy } from '../support/mcp-clients.js';
import { legacy, modern } from '../support/proxy/rpc.js';
import { FACTS, tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import { legacyScript, startScriptedUpstream, type Upstream } from '../support/upstreams/index.js';

interface ServerView {
  slug: string;
  access: ServerAccess;
  missingCredential: string;
  rejectedCredential: string;
  eras: string;
  leftOut: { gateway: string; reason: string }[];
}

const AUDIENCE = 'https://lethe.example/servers/tokens/mcp';

for (const kind of DATABASE_KINDS) {
  const isAvailable = isDatabaseAvailable(kind);
  describe.skipIf(!isAvailable)(`a virtual server's settings, from the registry over ${kind} to the proxy`, () => {
    let harness: RegistryHarness;
    let proxy: RunningService;
    let issuer: Issuer;
    let upstream: Upstream;
    let gateway: { id: string; slug: string };

    beforeAll(async () => {
      harness = await RegistryHarness.start(kind);
      const settings = readSettings({ LETHE_HOME: harness.home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'silent' });
      proxy = await startProxy({ settings, bus: { broker: harness.broker, service: 'proxy' }, trust: harness.trust });
      issuer = await startIssuer();
      upstream = await startScriptedUpstream(
        legacyScript({ results: { 'tools/call': { content: [{ type: 'text', text: 'called' }] } } }),
      );
      const passthroughHeaders = [{ header: 'X-Api-Key', required: true }];
      gateway = await harness.gateway({ url: upstream.url, passthroughHeaders });
      await harness.verified(gateway.id, [tool('echo')]);
    });
    afterAll(async () => {
      await proxy?.close();
      await harness?.stop();
      await Promise.all([issuer?.close(), upstream?.close()]);
    });

    const jwt = (more: object = {}) => ({
      ...{ kind: 'jwt', issuer: issuer.issuer, audience: AUDIENCE, jwksUri: issuer.jwksUri, algorithms: ['ES256'] },
      ...more,
    });
    const serve = async (body: object): Promise<{ url: string; view: ServerView }> => {
      const asked = { name: 'A server', include: [{ gateway: gateway.id }], ...body };
      const view = await harness.admin.ask<ServerView>('POST', '/servers', asked);
      const url = `${proxy.url}/servers/${view.slug}/mcp`;
      await servedBy(proxy.url, view.slug);
      return { url, view };
    };
    const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

    it('accepts callers with the issuer’s tokens, and no others', async () => {
      verifies('access.jwt');
      const { url, view } = await serve({ access: jwt() });
      expect(view.access).toEqual(jwt());
      const client = await connectLegacy(url, bearer(await issuer.token(AUDIENCE)));
      expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['echo']);
      await client.close();
      expect(issuer.fetches()).toBe(1);
      const refused = [
        await issuer.token('https://another.example'),
        await issuer.token(AUDIENCE, { exp: 1 }),
        await issuer.token(AUDIENCE, { iss: 'https://another.example' }),
        (await harness.admin.ask<{ key: string }>('POST', '/keys', { name: 'k', servers: [view.slug] })).key,
      ];
      for (const token of refused) expect((await legacy(url, 'ping', {}, bearer(token))).status).toBe(401);
      const challenge = (await legacy(url, 'ping')).headers.get('www-authenticate') ?? '';
      const metadata = await fetch(/resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? '');
      expect(await metadata.json()).toMatchObject({ authorization_servers: [issuer.issuer] });
      const sent = upstream.received.flatMap(({ headers }) => headers.authorization ?? []);
      expect(sent).toEqual([]);
    });

    it('changes who may call, and is sealed against a writer of the row', async () => {
      const { url, view } = await serve({ access: jwt() });
      const token = await issuer.token(AUDIENCE);
      expect((await legacy(url, 'ping', {}, bearer(token))).status).toBe(200);
      await harness.admin.ask('PATCH', `/servers/${view.slug}`, { access: jwt({ audience: 'https://else.example' }) });
      await eventually(async () => expect((await legacy(url, 'ping', {}, bearer(token))).status).toBe(401));
      await harness.admin.ask('PATCH', `/servers/${view.slug}`, { access: 'open' });
      await eventually(async () => expect((await legacy(url, 'ping')).status).toBe(200));
      await harness.sql.query(`update virtual_server set access = $1 where slug = $2`, [
        JSON.stringify(jwt({ issuer: 'https://thief.example' })),
        view.slug,
      ]);
      const tampered = await harness.admin.request('PATCH', `/servers/${view.slug}`, { name: 'x' });
      expect(tampered.body).toMatchObject({ code: 'row_tampered' });
    });

    it('refuses access that is not whole, signed with a shared secret, or whose keys may not be fetched', async () => {
      const wrong: unknown[] = [
        ...[
          { kind: 'jwt' },
          jwt({ kind: 'other' }),
          jwt({ extra: 1 }),
          jwt({ issuer: 'no url' }),
          jwt({ audience: '' }),
        ],
        ...[
          jwt({ algorithms: [] }),
          jwt({ algorithms: ['HS256'] }),
          jwt({ algorithms: ['none'] }),
          'anybody',
          null,
          [],
        ],
        jwt({ algorithms: ['ES256', 'ES256'] }),
      ];
      for (const access of wrong) {
        const answer = await harness.admin.request('POST', '/servers', { name: 'x', access });
        expect(answer.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'access', rule: 'access' }] });
      }
      for (const jwksUri of ['http://169.254.169.254/jwks', 'ftp://x.example/', 'https://u:p@x.example/']) {
        const answer = await harness.admin.request('POST', '/servers', { name: 'x', access: jwt({ jwksUri }) });
        expect(answer.body).toMatchObject({ code: 'url_forbidden' });
      }
    });

    it('reports a missing credential as an error, or as a result that a model can read', async () => {
      verifies('passthrough.missing-credential-is-readable');
      const header = `X-Upstream-${gateway.slug}-X-Api-Key`;
      const error = await serve({ access: 'open', missingCredential: 'error' });
      const body = (await legacy(error.url, 'tools/call', { name: 'echo' })).body;
      expect(body.error.data).toMatchObject({ reason: 'credential_required', header });
      const result = await serve({ access: 'open' });
      expect(result.view.missingCredential).toBe('result');
      for (const ask of [legacy, modern]) {
        const { status, body } = await ask(result.url, 'tools/call', { name: 'echo' });
        expect(status).toBe(200);
        expect(body.result).toMatchObject({ isError: true, content: [{ type: 'text' }] });
        expect(body.result.content[0]?.text).toContain(header);
        expect(body.result).toMatchObject({ _meta: { 'lethe/error': { reason: 'credential_required', header } } });
      }
      expect((await modern(result.url, 'tools/call', { name: 'echo' })).body.result).toMatchObject({
        resultType: 'complete',
      });
      const client = await connectLegacy(result.url, {});
      expect(await client.callTool({ name: 'echo', arguments: {} })).toMatchObject({ isError: true });
      await client.close();
      const unknown = (await legacy(result.url, 'tools/call', { name: 'none' })).body;
      expect(unknown.error.code).toBe(-32602);
      const wrong = await harness.admin.request('POST', '/servers', { name: 'x', missingCredential: 'silence' });
      expect(wrong.body).toMatchObject({ code: 'invalid_request' });
    });

    it('tells a missing or rejected credential with the HTTP status that it says, which can be changed', async () => {
      verifies('passthrough.rejected-by-http');
      const { url, view } = await serve({ access: 'open' });
      expect(view.rejectedCredential).toBe('error');
      const path = `/servers/${view.slug}`;
      for (const [rejectedCredential, status] of [['http', 401], ['error', 200]] as const) {
        const changed = await harness.admin.ask<ServerView>('PATCH', path, { rejectedCredential });
        expect(changed.rejectedCredential).toBe(rejectedCredential);
        await eventually(async () => expect((await legacy(url, 'tools/call', { name: 'echo' })).status).toBe(status));
      }
      const wrong = await harness.admin.request('PATCH', path, { rejectedCredential: 'silence' });
      expect(wrong.body).toMatchObject({ code: 'invalid_request' });
    }); // prettier-ignore

    it('serves the eras that it says, in its manifest too: auto, both or legacy', async () => {
      verifies('eras.chosen');
      const { view } = await serve({ access: 'open' });
      expect(view.eras).toBe('auto');
      for (const eras of ['both', 'legacy', 'auto']) {
        const changed = await harness.admin.ask<ServerView>('PATCH', `/servers/${view.slug}`, { eras });
        expect(changed.eras).toBe(eras);
        await expect.poll(async () => (await harness.manifest(view.slug))?.eras).toBe(eras);
      }
      const wrong = await harness.admin.request('PATCH', `/servers/${view.slug}`, { eras: 'modern' });
      expect(wrong.body).toMatchObject({ code: 'invalid_request', errors: [{ field: 'eras', rule: 'one_of' }] });
      const byHand = harness.sql.query(`update virtual_server set eras = 'modern' where slug = $1`, [view.slug]);
      await expect(byHand).rejects.toThrow('virtual_server_eras_check');
      await harness.sql.query(`update virtual_server set eras = 'both' where slug = $1`, [view.slug]);
      const tampered = await harness.admin.request('PATCH', `/servers/${view.slug}`, { name: 'x' });
      expect(tampered.body).toMatchObject({ code: 'row_tampered' });
    });

    it('publishes long instructions of its gateways shortened, and none that its own ones replace', async () => {
      verifies('instructions.passed');
      const gateways = [await harness.gateway(), await harness.gateway()];
      const [long, short] = ['A paragraph of a long text.\n\n'.repeat(1_500), 'Be brief.'];
      const instructions = [long, short];
      for (const [at, { id }] of gateways.entries()) {
        await harness.verified(id, [tool('t')], { facts: { ...FACTS, instructions: instructions[at]! } });
      }
      const include = gateways.map(({ id }) => ({ gateway: id }));
      const { slug } = await harness.admin.ask<ServerView>('POST', '/servers', { name: 'told', include });
      const told = async () => (await harness.manifest(slug))?.gateways.map(({ facts }) => facts.instructions);
      const [shortened, whole] = (await told()) ?? [];
      expect(shortened).toMatch(/^A paragraph of a long text\.\n\n[^]*left out/);
      expect(shortened?.length).toBeGreaterThan(15_000);
      expect(`${shortened}${whole}`.length).toBeLessThanOrEqual(16 * 1024);
      expect(whole).toBe(short);
      await harness.admin.ask('PATCH', `/servers/${slug}`, { instructions: 'Mine.' });
      await expect.poll(told).toEqual([undefined, undefined]);
      expect(await harness.manifest(slug)).toMatchObject({ instructions: 'Mine.' });
    });

    it('is refused, or loses what came last, when its sessions would not fit one token', async () => {
      verifies('session.fits');
      const facts = (sessionIdBytes: number) => ({ ...FACTS, sessionful: true, sessionIdBytes });
      const gateways = await Promise.all(Array.from({ length: 5 }, () => harness.gateway()));
      for (const { id } of gateways) await harness.verified(id, [tool('t')], { facts: facts(500) });
      const include = gateways.map(({ id }) => ({ gateway: id }));
      const refused = await harness.admin.request('POST', '/servers', { name: 'too long', include });
      expect(refused).toMatchObject({ status: 409, body: { code: 'session_token_too_large' } });
      const last = gateways.at(-1)!;
      await harness.verified(last.id, [tool('t')], { facts: facts(36) });
      await harness.verified(gateways[3]!.id, [tool('t')], { facts: facts(36) });
      const { slug, leftOut } = await harness.admin.ask<ServerView>('POST', '/servers', { name: 'fits', include });
      expect(leftOut).toEqual([]);
      await harness.verified(last.id, [tool('t')], { facts: facts(512) });
      expect((await harness.admin.ask<ServerView>('GET', `/servers/${slug}`)).leftOut).toEqual([
        { gateway: last.slug, reason: 'session_token_too_large' },
      ]);
    });
  });
}
