import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { ClientCredentials, Credential } from '@lethe/contracts';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type AuthorizationServer, RESOURCE, startAuthorizationServer } from '../support/authorization-server.js';
import { servedBy } from '../support/calls.js';
import { eventually } from '../support/eventually.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { begin, legacy } from '../support/proxy/rpc.js';
import { type GatewayDraft, tool } from '../support/published-routes.js';
import { legacyScript, type UpstreamScript } from '../support/upstreams/index.js';

const REPLICAS = 2;
const SECRET = `SECRET-${randomBytes(24).toString('base64url')}`;
const KEY = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const ANSWER = legacyScript({ results: { 'tools/call': { content: [] } } });

/** Of the Authorization header. */
const tokenOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string =>
  (headers.authorization ?? '').replace(/^Bearer /, '');

describeProxies(
  'OAuth client credentials that are kept for a gateway',
  { count: REPLICAS, env: { LETHE_KEPT_CREDENTIALS: 'on' } },
  ({ proxies, serveOne, keep: closeLater }) => {
    let server: AuthorizationServer;
    beforeAll(async () => {
      const jwks = { keys: [{ ...KEY.publicKey.export({ format: 'jwk' }), use: 'sig' }] };
      server = await startAuthorizationServer([
        { client_id: 'secret', client_secret: SECRET, token_endpoint_auth_method: 'client_secret_basic' },
        {
          ...{ client_id: 'key', token_endpoint_auth_method: 'private_key_jwt', jwks },
          token_endpoint_auth_signing_alg: 'ES256',
        },
      ]);
    });
    afterAll(() => server?.close());
    afterEach(() => Object.assign(server, { fault: undefined, lifeSeconds: 600 }));

    const client = (changes: Partial<ClientCredentials> = {}): ClientCredentials => ({
      ...{ scheme: 'oauth_client_credentials', tokenUrl: server.tokenUrl, clientId: 'secret', clientSecret: SECRET },
      ...changes,
    });
    /** An upstream that accepts tokens which the authorization server has issued, and not those in `rejects`. */
    const upstreamOf = (rejects: Set<string>, answer: UpstreamScript): UpstreamScript => {
      return (exchange) => {
        const token = tokenOf(exchange.request);
        const isAccepted = token === 'FORMER' || (server.isValid(token) && !rejects.has(token));
        if (isAccepted) return answer(exchange);
        exchange.response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end();
      };
    };
    const serve = async (credential: Credential, gateway: Partial<GatewayDraft> = {}, answer = ANSWER) => {
      const rejects = new Set<string>();
      const served = await serveOne(
        upstreamOf(rejects, answer),
        { items: [tool('read')], credential: 'kept', ...gateway },
        { access: 'key', grants: [{ role: 'eng', gateways: ['up'] }], credentials: { up: 'kept' }, limits: {} },
      );
      const key = await proxies.routes.key('*', { roles: ['eng'] });
      for (const { url } of proxies.replicas) await servedBy(url, served.manifest.slug, key);
      const headers = { authorization: `Bearer ${key}` };
      const [kept] = served.manifest.gateways;
      const keep = (next: Credential) => proxies.routes.keep(kept!, next);
      await keep(credential);
      closeLater({ close: () => proxies.routes.forget(kept!.id) });
      const urls = proxies.replicas.map(({ url }) => url + served.path);
      return { ...served, rejects, headers, keep, urls, gatewayId: kept!.id, key };
    };
    type Served = Awaited<ReturnType<typeof serve>>;

    /** The error of a call; undefined if it has none. */
    const errorOf = async (url: string, { headers }: Served) => {
      const { body, text } = await legacy(url, 'tools/call', { name: 'read', arguments: {} }, headers);
      expect(text).not.toMatch(/SECRET|invalid_token/);
      const result = body.result as { _meta?: Record<string, Record<string, unknown>> } | undefined;
      return body.error?.data ?? result?._meta?.['lethe/error'];
    };
    const callEach = (served: Served) => Promise.all(served.urls.map((url) => errorOf(url, served)));
    const inUse = (served: Served) =>
      eventually(async () => expect(await callEach(served)).toEqual([undefined, undefined]));
    const WITHOUT = { reason: 'gateway_unavailable', why: 'kept_token' };
    const withoutToken = (served: Served) =>
      eventually(async () =>
        expect(await callEach(served)).toMatchObject(Array.from({ length: REPLICAS }, () => WITHOUT)),
      );
    const sentTokens = ({ upstream }: Served) => new Set(upstream.received.map(tokenOf));
    const metric = async (line: string) => {
      const texts = await Promise.all(proxies.replicas.map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
      return texts.map((text) => Number(new RegExp(`^${line} (\\S+)$`, 'm').exec(text)?.[1] ?? 0));
    };
    /** Holds each request for a token until it is given up. */
    const holdRequests = () => {
      const held = { asked: 0, ended: 0 };
      server.fault = (request: IncomingMessage, response: ServerResponse) => {
        held.asked += 1;
        request.resume();
        response.on('close', () => (held.ended += 1));
      };
      return held;
    };

    it.each([
      ['a secret', () => client({ scope: 'tools', resource: RESOURCE })],
      [
        'a private key',
        () => {
          const privateKey = KEY.privateKey.export({ type: 'pkcs8', format: 'pem' });
          return client({ clientId: 'key', clientSecret: undefined, privateKey, scope: 'tools', resource: RESOURCE });
        },
      ],
    ])('are %s for a token that each replica fetches once, for all callers at once', async (_kind, made) => {
      verifies('kept.oauth');
      const before = server.issued.length;
      const served = await serve({ ...made(), headers: [{ name: 'X-Tenant', value: 'acme' }] });
      await inUse(served);
      const errors = await Promise.all(Array.from({ length: 100 }, () => callEach(served)));
      expect(errors.flat().filter((error) => error !== undefined)).toEqual([]);
      const issued = server.issued.slice(before);
      expect(issued).toHaveLength(REPLICAS);
      expect(server.asked.slice(before)).toEqual(issued.map(() => ({ scope: 'tools', resource: RESOURCE })));
      expect([...sentTokens(served)].filter((token) => !issued.includes(token))).toEqual([]);
      expect(served.upstream.received.at(-1)?.headers).toMatchObject({ 'x-tenant': 'acme' });
    });

    it('get another token before the end of each, without a failed call', async () => {
      verifies('kept.oauth');
      server.lifeSeconds = 4;
      const served = await serve(client());
      await inUse(served);
      const failed: unknown[] = [];
      while (sentTokens(served).size < 2 * REPLICAS) {
        failed.push(...(await callEach(served)).filter((error) => error !== undefined));
      }
      expect(failed).toEqual([]);
    });

    it('keep the token while none is issued, are told when it has ended, and recover', async () => {
      verifies('kept.oauth');
      const asked = `lethe_proxy_kept_token_requests_total{outcome="token_endpoint_refused"}`;
      const failedBefore = await metric(asked);
      const missing = () => metric('lethe_proxy_kept_tokens_missing');
      await eventually(async () => expect(await missing()).toEqual([0, 0]));
      server.lifeSeconds = 4;
      const served = await serve(client());
      await inUse(served);
      server.fault = (_request, response) => void response.writeHead(503).end();
      // The first renewal fails long before the token ends.
      await eventually(async () => {
        for (const [at, failures] of (await metric(asked)).entries())
          expect(failures).toBeGreaterThan(failedBefore[at]!);
      });
      expect(await callEach(served)).toEqual([undefined, undefined]);
      await withoutToken(served);
      expect(await missing()).toEqual([1, 1]);
      const [error] = await callEach(served);
      expect(error?.['retryAfterSeconds']).toBeGreaterThan(0);
      server.fault = undefined;
      await inUse(served);
      expect(await missing()).toEqual([0, 0]);
    });

    it('whose token the upstream rejects get one other, and are then the business of administrators', async () => {
      verifies('kept.rejected');
      const served = await serve(client());
      await inUse(served);
      const issued = server.issued.length;
      for (const token of server.issued) served.rejects.add(token);
      expect(await callEach(served)).toMatchObject([WITHOUT, WITHOUT]);
      await inUse(served);
      expect(server.issued).toHaveLength(issued + REPLICAS);
      for (const token of server.issued) served.rejects.add(token);
      for (let n = 0; n < 10; n += 1) {
        for (const error of await callEach(served)) expect(error).toMatchObject({ reason: 'kept_credential_rejected' });
      }
      expect(server.issued).toHaveLength(issued + REPLICAS);
    });

    it('take the place of a former credential when they have a token, and end with a request that is on its way', async () => {
      verifies('kept.replaced');
      verifies('kept.forgotten');
      const served = await serve({ scheme: 'bearer', token: 'FORMER' });
      await inUse(served);
      const held = holdRequests();
      await served.keep(client());
      await eventually(() => expect(held.asked).toBe(REPLICAS));
      expect(await callEach(served)).toEqual([undefined, undefined]);
      await served.keep(client());
      await eventually(() => expect(held).toEqual({ asked: 2 * REPLICAS, ended: REPLICAS }));
      await proxies.routes.forget(served.gatewayId);
      await eventually(() => expect(held.ended).toBe(2 * REPLICAS), 2_000);
      expect(await callEach(served)).toMatchObject(served.urls.map(() => ({ ...WITHOUT, why: 'kept_credential' })));
      server.fault = undefined;
      await served.keep(client());
      await inUse(served);
      await served.keep({ scheme: 'bearer', token: 'FORMER' });
      await eventually(async () => {
        await inUse(served);
        expect(tokenOf(served.upstream.received.at(-1)!)).toBe('FORMER');
      });
    });

    it('are sent to no address that is not allowed, and with no token nowhere', async () => {
      verifies('kept.oauth');
      const forbidden = 'lethe_proxy_kept_token_requests_total{outcome="token_endpoint_forbidden"}';
      const served = await serve(client({ tokenUrl: 'https://10.0.0.1/token' }));
      await withoutToken(served);
      expect(await metric(forbidden)).toEqual([1, 1]);
      server.fault = (_request, response) => void response.writeHead(302, { location: server.tokenUrl }).end();
      await served.keep(client());
      const invalid = 'lethe_proxy_kept_token_requests_total{outcome="token_response_invalid"}';
      await eventually(async () => expect(Math.min(...(await metric(invalid)))).toBeGreaterThan(0));
      await withoutToken(served);
      expect(served.upstream.received).toEqual([]);
    });

    it('open a stream of a session again with the token of then', async () => {
      verifies('kept.oauth');
      const sessions = legacyScript({ sessionId: 's', results: { 'tools/call': { content: [] } } });
      const streamed: string[] = [];
      const answer: UpstreamScript = (exchange) => {
        if (exchange.request.method !== 'GET') return sessions(exchange);
        streamed.push(tokenOf(exchange.request));
        const message = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/tools/list_changed' });
        exchange.response.writeHead(200, { 'content-type': 'text/event-stream' });
        exchange.response.end(`retry: 100\ndata: ${message}\n\n`);
      };
      server.lifeSeconds = 3;
      const served = await serve(client(), { facts: { sessionful: true } }, answer);
      await inUse(served);
      const [url = ''] = served.urls;
      const session = await begin(url, served.headers);
      const headers = { ...session, accept: 'text/event-stream', 'mcp-protocol-version': '2025-11-25' };
      const listening = new AbortController();
      const stream = await fetch(url, { headers, signal: listening.signal });
      expect(stream.status).toBe(200);
      await eventually(() => expect(new Set(streamed).size).toBeGreaterThan(1));
      listening.abort();
    });

    it('leave neither secret nor token in a log, at any level', async () => {
      verifies('kept.oauth');
      const lines: string[] = [];
      const env = { LETHE_HOME: join(proxies.home, randomUUID()), LETHE_LOG_LEVEL: 'trace' };
      const logging = await proxies.start(env, undefined, {}, { write: (line: string) => void lines.push(line) });
      try {
        const before = server.issued.length;
        const served = await serve(client());
        const url = logging.url + served.path;
        await servedBy(logging.url, served.manifest.slug, served.key);
        await eventually(async () => expect(await errorOf(url, served)).toBeUndefined());
        for (const token of server.issued) served.rejects.add(token);
        await errorOf(url, served);
        const wrong = `WRONG-${randomUUID()}`;
        await served.keep(client({ clientSecret: wrong }));
        await eventually(() => expect(lines.join('')).toContain('A kept credential has no access token'));
        const failure = lines.find((line) => line.includes('has no access token'));
        expect(JSON.parse(failure ?? '')).toMatchObject({
          ...{ gatewayId: served.gatewayId, reason: 'token_endpoint_refused', code: 'invalid_client', status: 401 },
        });
        const secrets = [SECRET, wrong, ...server.issued.slice(before)];
        const spellings = secrets.flatMap((secret) => [secret, btoa(secret), btoa(`secret:${secret}`)]);
        expect(spellings.filter((spelling) => lines.some((line) => line.includes(spelling)))).toEqual([]);
      } finally {
        await logging.close();
      }
    });
  },
);
