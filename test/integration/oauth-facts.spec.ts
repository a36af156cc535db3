import { GatewayVerified, type OAuthFacts, type UpstreamFacts } from '@lethe/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type ConnectorHarness, startConnectorHarness } from '../support/connector/connector-harness.js';
import { type Issuer, startIssuer } from '../support/login/issuer.js';
import { startProtectedUpstream } from '../support/login/protected-upstream.js';
import { legacyScript, startScriptedUpstream, type UpstreamScript } from '../support/upstreams/index.js';
import { listenOnLoopback } from '../support/upstreams/loopback-server.js';
import { startWholeLethe, type WholeLethe } from '../support/whole-lethe.js';

const TOKEN = 'only-for-the-upstream-1f0c9a';
const CREDENTIAL = { scheme: 'bearer', token: TOKEN } as const;

describe('how callers get tokens for an upstream', () => {
  let harness: ConnectorHarness;
  const closers: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    harness = await startConnectorHarness();
  });
  afterAll(() => harness.close());
  afterEach(async () => {
    await Promise.all(closers.splice(0).map((close) => close()));
  });

  const keep = <T extends { close(): Promise<void> }>(server: T): T => {
    closers.push(() => server.close());
    return server;
  };

  /** An authorization server that must not see a credential, and what it was sent. */
  async function trap() {
    const seen: { url: string; text: string }[] = [];
    const { origin, close } = await listenOnLoopback((request, response) => {
      seen.push({ url: request.url ?? '', text: JSON.stringify([request.url, request.rawHeaders]) });
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ issuer: origin }));
    });
    return keep({ origin, close, seen });
  }

  /** A real authorization server whose tokens are not what this is about. */
  async function realIssuer(): Promise<Issuer> {
    const issuer = keep(await startIssuer());
    return { ...issuer, check: async (token) => (token === TOKEN ? 'tools' : undefined) };
  }

  const verify = async (url: string) => {
    const { event, receipt } = await harness.registry.verify(harness.registry.order(url), CREDENTIAL);
    if (!(event instanceof GatewayVerified)) throw new Error(`failed: ${event.code}`);
    const { facts, warnings, authorizationProblem: why } = event;
    return { facts, warnings, why, receipt };
  };

  it('is found without the credential, and signed for', async () => {
    verifies('oauth.facts-without-a-credential');
    const [issuer, other] = [await realIssuer(), await trap()];
    const upstream = keep(await startProtectedUpstream('tracker', issuer));
    upstream.trusts = { issuer, metadata: { authorization_servers: [issuer.issuer, other.origin] } };
    const oauth: OAuthFacts = {
      resource: upstream.url,
      servers: [
        { issuer: issuer.issuer, registration: ['dynamic'], device: true, dpop: true },
        { issuer: other.origin, registration: [] },
      ],
      scopes: ['tools'],
    };
    const { facts, why, receipt } = await verify(upstream.url);
    expect(facts.oauth).toEqual(oauth);
    expect(why).toBeUndefined();
    expect(receipt.facts?.oauth).toEqual(oauth);
    expect(receipt.origins).toEqual([upstream.origin]);
    expect(receipt.discovery).toEqual({ origins: [upstream.origin, issuer.issuer, other.origin], requests: 4 });
    expect(other.seen.map(({ url }) => url)).toEqual(['/.well-known/oauth-authorization-server']);
    expect(JSON.stringify(other.seen)).not.toMatch(new RegExp(`${TOKEN}|authorization"|cookie`, 'i'));
    expect(new Set(upstream.tokens)).toEqual(new Set([TOKEN]));
  });

  it('is found by the door too, once for each process that looked', async () => {
    const issuer = await realIssuer();
    const upstream = keep(await startProtectedUpstream('tracker', issuer));
    upstream.trusts = { issuer };
    const { vid, doorUrl = '' } = await harness.registry.reserve(harness.registry.order(upstream.url));
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(doorUrl, { method: 'PUT', headers, body: JSON.stringify(CREDENTIAL) });
    expect(answer.status).toBe(202);
    const { receipt } = await harness.registry.ending(vid);
    expect(receipt.facts?.oauth?.servers).toMatchObject([{ issuer: issuer.issuer }]);
    expect(receipt.discovery?.requests).toBeGreaterThanOrEqual(3);
  });

  const tools = [{ name: 'echo', inputSchema: { type: 'object' } }];
  const open = legacyScript({ results: { 'tools/list': { tools } } });
  const json =
    (body: object): UpstreamScript =>
    ({ response }) =>
      void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

  /** An upstream whose 401 and metadata are these; a handshake needs no token. */
  async function saying(
    metadata: (origin: string) => object | undefined,
    parameters: (origin: string) => string = () => '',
  ) {
    return keep(
      await startScriptedUpstream(open, (exchange) => {
        const { request, response } = exchange;
        const origin = `http://${request.headers.host ?? ''}`;
        if (request.method === 'POST') {
          return void response.writeHead(401, { 'www-authenticate': `Bearer ${parameters(origin)}` }).end();
        }
        const body = request.url === '/.well-known/oauth-protected-resource/mcp' ? metadata(origin) : undefined;
        return body === undefined ? void response.writeHead(404).end() : json(body)(exchange);
      }),
    );
  }

  it('is not known for a reason that is told, and never of metadata that others could have written', async () => {
    verifies('oauth.facts-confirmed');
    const [good, silent] = [await trap(), await listenOnLoopback(() => undefined)];
    closers.push(silent.close);
    const named =
      (...servers: unknown[]) =>
      (origin: string) => ({ resource: `${origin}/mcp`, authorization_servers: servers });
    const unknown = (why: string) => ({ oauth: undefined, why });
    const told = async (...given: Parameters<typeof saying>) => {
      const { facts, why } = await verify((await saying(...given)).url);
      return { oauth: facts.oauth, why };
    };
    const about = (resource: string) => () => ({ resource, authorization_servers: [good.origin] });
    const cases: [Parameters<typeof told>[0], string][] = [
      [about('https://elsewhere.example.com/mcp'), 'resource_mismatch'],
      [(origin) => about(`${origin}/mcp/below`)(), 'resource_mismatch'],
      [named(`${good.origin}/other`), 'issuer_unconfirmed'],
      // Exactly: a slash at the end is another issuer.
      [named(`${good.origin}/`), 'issuer_unconfirmed'],
      [named('http://10.1.2.3'), 'issuer_unconfirmed'],
      [named('https://10.1.2.3'), 'address_forbidden'],
      [named('http://127.0.0.1:9'), 'unreachable'],
      [named(silent.origin), 'timeout'],
    ];
    const answers = await Promise.all(cases.map(([metadata]) => told(metadata)));
    expect(answers).toEqual(cases.map(([, why]) => unknown(why)));
    const before = good.seen.length;
    const elsewhere = () => `resource_metadata="${good.origin}/metadata"`;
    expect(await told(() => undefined, elsewhere)).toEqual(unknown('metadata_elsewhere'));
    expect(good.seen).toHaveLength(before);
    // No metadata, and no authorization server in them, are no problem.
    expect(await told(() => undefined)).toEqual({ oauth: undefined, why: undefined });
    expect(await told(named())).toEqual({ oauth: undefined, why: undefined });
    // One that can be used, beside one that can't.
    const both = await told(named(good.origin, 'http://127.0.0.1:9'));
    expect(both).toMatchObject({ ...unknown('unreachable'), oauth: { servers: [{ issuer: good.origin }] } });
  });

  it('has bounded texts, a resource above its URL, and no request for an upstream that needs no credential', async () => {
    const good = await trap();
    const scopes = [...Array.from({ length: 80 }, (_, n) => `s${n}`), 'not a token', 'x'.repeat(129), 7];
    const upstream = await saying(
      (origin) => ({ resource: origin, authorization_servers: [good.origin], scopes_supported: scopes }),
      () => 'scope="read write"',
    );
    const { facts } = await verify(upstream.url);
    const { origin } = new URL(upstream.url);
    expect(facts.oauth).toMatchObject({ resource: origin, scope: 'read write' });
    expect(facts.oauth?.scopes).toEqual(scopes.slice(0, 64));
    const knowing = await saying((at) => ({
      resource: at,
      authorization_servers: [good.origin],
      scopes_supported: [TOKEN],
    }));
    const known = await harness.registry.verify(harness.registry.order(knowing.url), CREDENTIAL);
    expect(known.event).toMatchObject({ code: 'upstream_reflects_credential', pointer: '/facts/oauth/scopes/0' });
    const order = harness.registry.order(upstream.url, { credential: 'none' });
    await harness.registry.reserve(order);
    const { receipt } = await harness.registry.ending(order.vid);
    expect(receipt).toMatchObject({ outcome: 'verified' });
    expect(receipt.discovery).toBeUndefined();
  });
});

describe('an upstream that names another authorization server', () => {
  let lethe: WholeLethe;
  const closers: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    lethe = await startWholeLethe();
  });
  afterAll(async () => {
    await lethe.close();
    await Promise.all(closers.map((close) => close()));
  });

  it('goes on to serve as it was verified, until somebody has seen both', async () => {
    verifies('oauth.facts-reviewed');
    const issuers = await Promise.all([startIssuer(), startIssuer({ registration: false })]);
    closers.push(...issuers.map(({ close }) => close));
    const [one, other] = issuers.map((issuer) => ({
      ...issuer,
      check: async (token: string) => (token === TOKEN ? 'tools' : undefined),
    }));
    if (!one || !other) throw new Error('no issuers');
    const upstream = await startProtectedUpstream('tracker', one);
    closers.push(upstream.close);
    upstream.trusts = { issuer: one };
    const { id } = await lethe.admin.register({ name: 'tracker', url: upstream.url }, TOKEN);
    const ofGateway = () => lethe.admin.ask<{ facts: UpstreamFacts }>('GET', `/gateways/${id}`);
    const issuersNow = async () => (await ofGateway()).facts.oauth?.servers.map(({ issuer }) => issuer);
    expect(await issuersNow()).toEqual([one.issuer]);
    upstream.trusts = { issuer: other };
    const changed = await lethe.admin.verify(id, CREDENTIAL);
    expect(changed).toMatchObject({ state: 'verified', review: { why: 'authorization_server_changed' } });
    expect(await issuersNow()).toEqual([one.issuer]);
    const { items } = await lethe.admin.ask<{ items: object[] }>(
      'GET',
      `/gateways/${id}/verifications/${changed.id}/diff`,
    );
    const said = (issuer: string) => ({ definition: { authorization: { resource: upstream.url, issuers: [issuer] } } });
    expect(items).toMatchObject([{ kind: 'server', before: said(one.issuer), after: said(other.issuer) }]);
    await lethe.admin.ask('POST', `/gateways/${id}/verifications/${changed.id}/apply`);
    expect((await ofGateway()).facts.oauth?.servers).toMatchObject([{ issuer: other.issuer, registration: [] }]);
    // The next one is as the approved one, and says what it could not find out.
    upstream.trusts = { issuer: other, metadata: { authorization_servers: [other.issuer, 'http://127.0.0.1:9'] } };
    const again = await lethe.admin.verify(id, CREDENTIAL);
    expect(again).not.toHaveProperty('review');
    expect(again).toMatchObject({ warnings: [{ code: 'authorization_unknown', why: 'unreachable' }] });
    expect(await ofGateway()).toMatchObject({ warnings: [{ code: 'authorization_unknown' }], reviewReason: null });
  });
});
