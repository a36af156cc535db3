import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  type ClientCredentials,
  type Credential,
  failureFacts,
  GatewayVerificationFailed,
  GatewayVerified,
} from '@lethe/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type AuthorizationServer, RESOURCE, startAuthorizationServer } from '../support/authorization-server.js';
import { type ConnectorHarness, startConnectorHarness } from '../support/connector/connector-harness.js';
import type { Ending } from '../support/connector/fake-registry.js';
import { SELF_SIGNED } from '../support/connector/self-signed.js';
import { listenOnLoopback, portOf } from '../support/upstreams/loopback-server.js';
import {
  legacyScript,
  sseScript,
  startScriptedUpstream,
  type Upstream,
  type UpstreamScript,
} from '../support/upstreams/index.js';

const TIMEOUT_MS = 10_000;
const secret = (): string => randomBytes(32).toString('base64url');
const pemOf = ({ privateKey }: { privateKey: KeyObject }): string =>
  privateKey.export({ type: 'pkcs8', format: 'pem' });
const publicOf = ({ publicKey }: { publicKey: KeyObject }, kid?: string): { keys: object[] } => ({
  keys: [{ ...publicKey.export({ format: 'jwk' }), use: 'sig', ...(kid && { kid }) }],
});

const SECRET = secret();
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const TOOLS = { 'tools/list': { tools: [{ name: 'tool', inputSchema: { type: 'object' } }] } };

let harness: ConnectorHarness;
let server: AuthorizationServer;
const closing: { close(): Promise<void> }[] = [];

beforeAll(async () => {
  harness = await startConnectorHarness({ LETHE_HANDSHAKE_TIMEOUT_MS: String(TIMEOUT_MS) });
  server = await startAuthorizationServer([
    {
      ...{ client_id: 'basic client', client_secret: SECRET, scope: 'tools' },
      token_endpoint_auth_method: 'client_secret_basic',
    },
    { client_id: 'post', client_secret: SECRET, token_endpoint_auth_method: 'client_secret_post' },
    {
      ...{ client_id: 'ec', token_endpoint_auth_method: 'private_key_jwt', jwks: publicOf(EC) },
      token_endpoint_auth_signing_alg: 'ES256',
    },
    {
      ...{ client_id: 'rsa', token_endpoint_auth_method: 'private_key_jwt', jwks: publicOf(RSA, 'of-2026') },
      token_endpoint_auth_signing_alg: 'PS256',
    },
  ]);
});
afterAll(async () => {
  await harness?.close();
  await server?.close();
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((each) => each.close()));
});

const client = (changes: Partial<ClientCredentials> = {}): ClientCredentials => ({
  ...{ scheme: 'oauth_client_credentials', tokenUrl: server.tokenUrl, clientId: 'basic client', clientSecret: SECRET },
  ...changes,
});

async function scripted(script: UpstreamScript): Promise<Upstream> {
  const upstream = await startScriptedUpstream(script);
  closing.push(upstream);
  return upstream;
}

/** A token endpoint that answers by hand, and how often it was asked. */
async function endpoint(answer: (response: ServerResponse) => void) {
  const state = { asked: 0 };
  const { origin, close } = await listenOnLoopback((request, response) => {
    state.asked += 1;
    request.resume();
    answer(response);
  });
  closing.push({ close });
  return Object.assign(state, { url: `${origin}/token` });
}

const json = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  endpoint((response) =>
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body)),
  );

async function verify(url: string, credential: Credential): Promise<Ending> {
  return harness.registry.verify(harness.registry.order(url), credential);
}

async function failure(credential: Credential, script = legacyScript({ results: TOOLS })) {
  const upstream = await scripted(script);
  const { event, receipt } = await verify(upstream.url, credential);
  if (!(event instanceof GatewayVerificationFailed)) throw new Error('it was verified');
  expect(receipt).toMatchObject({ outcome: 'failed', code: event.code });
  expect(receipt.failure).toEqual(failureFacts(event));
  return { event, receipt, upstream };
}

describe('OAuth client credentials', () => {
  const METHODS: [string, Partial<ClientCredentials>][] = [
    ['client_secret_basic', {}],
    ['client_secret_post', { clientId: 'post', method: 'client_secret_post' }],
    ['private_key_jwt with PEM', { clientId: 'ec', clientSecret: undefined, privateKey: pemOf(EC) }],
    [
      'private_key_jwt with a JWK, for the issuer',
      {
        ...{ clientId: 'rsa', clientSecret: undefined, algorithm: 'PS256' },
        privateKey: JSON.stringify({ ...RSA.privateKey.export({ format: 'jwk' }), kid: 'of-2026' }),
      },
    ],
  ];

  it.each(METHODS)('get a token from a real authorization server: %s', async (name, changes) => {
    verifies('credential.oauth');
    const upstream = await scripted(legacyScript({ results: TOOLS }));
    const issuer = name.endsWith('issuer') ? { issuer: server.issuer } : {};
    const { event, receipt } = await verify(
      upstream.url,
      client({ ...changes, ...issuer, scope: 'tools', resource: RESOURCE }),
    );
    expect(event, JSON.stringify(event)).toBeInstanceOf(GatewayVerified);
    const token = server.issued.at(-1);
    expect(server.asked.at(-1)).toEqual({ scope: 'tools', resource: RESOURCE });
    expect(new Set(upstream.received.map(({ headers }) => headers.authorization))).toEqual(
      new Set([`Bearer ${token}`]),
    );
    expect(receipt.origins).toEqual([server.issuer, new URL(upstream.url).origin]);
    expect(receipt.requests).toBe(upstream.received.length + 1);
    for (const each of [SECRET, token]) expect(JSON.stringify([event, receipt])).not.toContain(each);
  });

  it('may have headers and parameters beside the token', async () => {
    const upstream = await scripted(legacyScript({ results: TOOLS }));
    const beside = { headers: [{ name: 'X-Tenant', value: 'acme' }], parameters: [{ name: 'key', value: 'k' }] };
    expect((await verify(upstream.url, client(beside))).event).toBeInstanceOf(GatewayVerified);
    expect(upstream.received[0]).toMatchObject({ path: '/mcp?key=k', headers: { 'x-tenant': 'acme' } });
  });

  it('come from an authorization server with the authority of the gateway', async () => {
    const tls = createTlsServer(SELF_SIGNED, (_request, response) =>
      response.end(JSON.stringify({ access_token: 'of-tls', token_type: 'bearer' })),
    );
    await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', () => resolve()));
    closing.push({ close: () => new Promise((resolve) => tls.close(() => resolve())) });
    const tokenUrl = `https://127.0.0.1:${portOf(tls)}/token`;
    const upstream = await scripted(legacyScript({ results: TOOLS }));
    const order = harness.registry.order(upstream.url, { tlsCa: SELF_SIGNED.cert });
    expect((await harness.registry.verify(order, client({ tokenUrl }))).event).toBeInstanceOf(GatewayVerified);
    expect((await failure(client({ tokenUrl }))).event).toMatchObject({ code: 'token_endpoint_tls_failed' });
  });

  it('that the authorization server refuses end in its error', async () => {
    verifies('verification.ends-in-a-code');
    const refused = await failure(client({ clientSecret: secret() }));
    expect(refused.event).toMatchObject({ ...refusedWith('invalid_client', 401), requests: 1 });
    expect(refused.receipt.origins).toEqual([server.issuer]);
    expect(refused.upstream.received).toEqual([]);
    expect((await failure(client({ scope: 'prompts' }))).event).toMatchObject(refusedWith('invalid_scope', 400));
    const elsewhere = client({ resource: 'https://elsewhere.example' });
    expect((await failure(elsewhere)).event).toMatchObject(refusedWith('invalid_target', 400));
  });

  const refusedWith = (tokenError: string | undefined, httpStatus: number) => ({
    ...{ code: 'token_endpoint_refused', httpStatus, tokenError },
  });

  it('at an endpoint that answers with something else end in a code of their own', async () => {
    verifies('verification.ends-in-a-code');
    const token = { access_token: 'a', token_type: 'Bearer' };
    const cases: [Promise<{ url: string }>, object][] = [
      [json(200, { ...token, token_type: 'DPoP' }), { code: 'token_not_bearer' }],
      [json(200, { token_type: 'Bearer' }), { code: 'token_response_invalid', httpStatus: 200 }],
      [json(200, { access_token: 'a' }), { code: 'token_response_invalid' }],
      [json(200, { ...token, access_token: 'two words' }), { code: 'token_response_invalid' }],
      [json(200, { ...token, access_token: 'a\r\nX-Evil: 1' }), { code: 'token_response_invalid' }],
      [json(200, { ...token, access_token: 'a'.repeat(8_193) }), { code: 'token_response_invalid' }],
      [json(200, ['a']), { code: 'token_response_invalid' }],
      [json(201, token), { code: 'token_response_invalid', httpStatus: 201 }],
      [json(302, token, { location: 'http://127.0.0.1:9/' }), { code: 'token_response_invalid', httpStatus: 302 }],
      [endpoint((response) => response.end('<html>Sign in</html>')), { code: 'token_response_invalid' }],
      [endpoint((response) => response.end('a'.repeat(5_000_000))), { code: 'token_response_invalid' }],
      [json(400, { error: 'of_its_own' }), refusedWith(undefined, 400)],
      [json(503, {}, { 'retry-after': '30' }), { ...refusedWith(undefined, 503), retryAfterSeconds: 30 }],
      [endpoint((response) => response.destroy()), { code: 'token_endpoint_unreachable' }],
      [endpoint(() => undefined), { code: 'token_endpoint_unreachable', why: 'timeout' }],
    ];
    for (const [starting, expected] of cases) {
      const { url: tokenUrl } = await starting;
      const { event, upstream, receipt } = await failure(client({ tokenUrl }));
      expect(event).toMatchObject({ ...expected, requests: 1 });
      expect(receipt.origins).toEqual([new URL(tokenUrl).origin]);
      expect(upstream.received).toEqual([]);
    }
  });

  it('are sent to no address that is not allowed', async () => {
    verifies('credential.oauth');
    for (const [tokenUrl, expected] of [
      ['https://169.254.169.254/token', { code: 'token_endpoint_forbidden', requests: 0 }],
      ['https://10.0.0.1/token', { code: 'token_endpoint_forbidden', requests: 0 }],
      ['https://auth.internal/token', { code: 'token_endpoint_forbidden', requests: 0 }],
      ['http://127.0.0.1:9/token', { code: 'token_endpoint_unreachable', why: 'refused' }],
    ] as const) {
      const { event, receipt } = await failure(client({ tokenUrl }));
      expect(event).toMatchObject(expected);
      expect(receipt.origins).toEqual(event.requests === 0 ? [] : [new URL(tokenUrl).origin]);
    }
  });

  it('whose token the upstream rejects end as another credential would', async () => {
    const rejecting: UpstreamScript = ({ response }) =>
      void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    expect((await failure(client(), rejecting)).event).toMatchObject({ code: 'credential_rejected', scheme: 'bearer' });
  });

  it('fail if the upstream repeats the token, the secret or the private key, in whatever form', async () => {
    verifies('credential.never-reflected');
    const { d = '' } = EC.privateKey.export({ format: 'jwk' });
    const withKey = client({ clientId: 'ec', clientSecret: undefined, privateKey: pemOf(EC) });
    const tellsToken = ({ authorization = '' }: { authorization?: string }): string =>
      Buffer.from(Buffer.from(authorization).toString('base64')).toString('hex');
    for (const [credential, told] of [
      [client(), tellsToken],
      [client(), () => SECRET.split('').join('-')],
      [withKey, () => encodeURIComponent(d)],
    ] as const) {
      const reflecting = legacyScript({
        answers: {
          'tools/list': ({ request, reply }) =>
            reply({ tools: [{ name: 'a', description: told(request.headers), inputSchema: { type: 'object' } }] }),
        },
      });
      const { event } = await failure(credential, reflecting);
      expect(event).toMatchObject({ code: 'upstream_reflects_credential', pointer: '/items/0/definition/description' });
    }
  });
});

describe('a credential in query parameters', () => {
  const parameters = [{ name: 'api_key', value: secret() }];
  const written = `api_key=${parameters[0]?.value}`;

  it('is in every request, in place of a parameter of that name, and in no report', async () => {
    verifies('credential.query');
    const upstream = await scripted(legacyScript({ results: TOOLS, sessionId: 'session' }));
    const { event, receipt } = await verify(`${upstream.url}?tenant=acme`, { scheme: 'query', parameters });
    expect(event).toBeInstanceOf(GatewayVerified);
    expect(new Set(upstream.received.map(({ path }) => path))).toEqual(new Set([`/mcp?tenant=acme&${written}`]));
    expect(upstream.received.map(({ method }) => method)).toContain('DELETE');
    expect(upstream.received.every(({ headers }) => headers.authorization === undefined)).toBe(true);
    expect(receipt.origins).toEqual([new URL(upstream.url).origin]);
    expect(JSON.stringify([event, receipt])).not.toContain(parameters[0]?.value);
  });

  it('is also in the requests of the HTTP+SSE transport', async () => {
    const upstream = await scripted(sseScript({ results: TOOLS }).script);
    const { event } = await verify(upstream.url, { scheme: 'query', parameters });
    expect(event, JSON.stringify(event)).toBeInstanceOf(GatewayVerified);
    expect(upstream.received.filter(({ path }) => !path.includes(written))).toEqual([]);
  });

  it('is found where the upstream repeats it, and is not in the address of a redirect', async () => {
    verifies('credential.never-reflected');
    const reflecting = legacyScript({ results: TOOLS, instructions: `You came by /mcp?${written}` });
    const reflected = await failure({ scheme: 'query', parameters }, reflecting);
    expect(reflected.event).toMatchObject({ code: 'upstream_reflects_credential', pointer: '/facts/instructions' });
    const moved: UpstreamScript = ({ request, response }) =>
      void response.writeHead(308, { location: request.url?.replace('/mcp', '/mcp/') }).end();
    const { event, upstream } = await failure({ scheme: 'query', parameters: [{ name: 'k', value: 'short' }] }, moved);
    expect(event).toMatchObject({ code: 'upstream_redirected', registerUrl: `${upstream.url}/` });
  });

  it('counts as a credential that was sent', async () => {
    const rejecting: UpstreamScript = ({ response }) => void response.writeHead(401).end();
    expect((await failure({ scheme: 'query', parameters }, rejecting)).event).toMatchObject({
      code: 'credential_rejected',
    });
  });
});
