import { createServer } from 'node:http';
import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { KeysUsed } from '@lethe/contracts';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { eventually } from '../support/eventually.js';
import { tool } from '../support/published-routes.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy } from '../support/proxy/rpc.js';
import type { Upstream } from '../support/upstreams/index.js';

const ISSUER = 'https://issuer.example';
const AUDIENCE = 'https://lethe.example/servers/tokens/mcp';

describeProxies('callers', 1, ({ proxies, keep, publish, publishKey, startUpstream }) => {
  let upstream: Upstream;

  beforeAll(async () => {
    upstream = await startUpstream(({ reply }) => reply({}));
    await publish({ slug: 'keys', access: 'key', gateways: [gateway()] });
  });

  const gateway = () => ({ slug: 'g', url: upstream.url, items: [tool('echo')] });
  const pathOf = (slug: string): string => `/servers/${slug}/mcp`;
  const endpoint = (slug: string): string => proxies.url + pathOf(slug);
  const ping = (slug: string, token?: string) =>
    legacy(endpoint(slug), 'ping', {}, token === undefined ? {} : { authorization: `Bearer ${token}` });

  it('need a key where the virtual server asks for one, and get a challenge without it', async () => {
    const answer = await ping('keys');
    expect(answer).toMatchObject({ status: 401, body: { error: { data: { reason: 'caller_unknown' } } } });
    expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="lethe", hint="No Authorization header /);
    expect((await ping('keys', 'lethe_key_x_yyyyyyyyyyyyyyyyyyyy')).status).toBe(401);
  });

  it('are authenticated before their body is read', async () => {
    const { port, pathname } = new URL(endpoint('keys'));
    const socket = connect(Number(port), '127.0.0.1');
    const head = 'Host: localhost\r\nContent-Type: application/json\r\nContent-Length: 4000000\r\n\r\n{"jsonrpc"';
    socket.write(`POST ${pathname} HTTP/1.1\r\n${head}`);
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 401 /);
    socket.destroy();
  });

  it('are refused when the limit of connections is reached by callers', async () => {
    const small = keep(await proxies.start({ LETHE_MAX_CONNECTIONS: '2' }));
    const key = await publishKey('keys');
    const { port } = new URL(small.url);
    const head = `Host: localhost\r\nAuthorization: Bearer ${key}\r\n\r\n`;
    const call = async (socket: Socket): Promise<void> => {
      socket.write(`DELETE ${pathOf('keys')} HTTP/1.1\r\n${head}`);
      const [answer] = await Promise.race([once(socket, 'data'), once(socket, 'close')]);
      expect(String(answer)).toMatch(/^HTTP\/1.1 404 [^]*session_unknown/);
    };
    const dial = () => connect(Number(port), '127.0.0.1').on('error', () => undefined);
    /** The key arrives soon. A connection with a refused one gives its place away. */
    const enter = () =>
      eventually(async () => {
        const socket = dial();
        await call(socket);
        return socket;
      });
    const inside = [await enter(), await enter()];
    const outside = dial();
    await once(outside, 'close');
    for (const socket of inside) await call(socket);
    for (const socket of inside) socket.destroy();
  });

  it('are accepted with a key of the virtual server until it is revoked', async () => {
    const keyId = '0190c0de-0000-7000-8000-0000000000aa';
    const key = await proxies.routes.key('*', { keyId });
    await eventually(async () => expect((await ping('keys', key)).status).toBe(200));
    await proxies.routes.key('*', { keyId, revoked: true });
    await eventually(async () => expect((await ping('keys', key)).status).toBe(401));
  });

  it('are reported to the registry by the ids of their keys', async () => {
    const received: string[] = [];
    const subscription = proxies.broker.subscribe(KeysUsed.subject, {
      callback: (_error, message) => received.push(JSON.stringify(message.json())),
    });
    const replica = await proxies.start();
    const keyId = '0190c0de-0000-7000-8000-0000000000bb';
    const key = await proxies.routes.key('*', { keyId });
    const url = `${replica.url}/servers/keys/mcp`;
    await eventually(async () =>
      expect((await legacy(url, 'ping', {}, { authorization: `Bearer ${key}` })).status).toBe(200),
    );
    await replica.close();
    await eventually(() => expect(received.join()).toContain(keyId));
    expect(received.join()).not.toContain(key.slice(-20));
    subscription.unsubscribe();
  });

  it('need a valid token of the issuer where the virtual server is set so', async () => {
    verifies('callers.refusal-says-why');
    const { publicKey, privateKey } = await generateKeyPair('ES256');
    const stranger = await generateKeyPair('ES256');
    const issuer = createServer((_request, response) => {
      void exportJWK(publicKey).then((jwk) =>
        response.end(JSON.stringify({ keys: [{ ...jwk, kid: 'k', alg: 'ES256' }] })),
      );
    }).listen(0, '127.0.0.1');
    await once(issuer, 'listening');
    const jwksUri = `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks`;
    const access = {
      kind: 'jwt' as const,
      issuer: ISSUER,
      audience: AUDIENCE,
      jwksUri,
      algorithms: ['ES256', 'none', 'HS256'],
    };
    await publish({ slug: 'tokens', access, gateways: [gateway()] });

    const claims = { iss: ISSUER, aud: AUDIENCE, sub: 'somebody', exp: Math.floor(Date.now() / 1000) + 60 };
    const sign = (more: object = {}, key = privateKey, header: object = {}) =>
      new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg: 'ES256', kid: 'k', ...header }).sign(key);
    expect((await ping('tokens', await sign())).status).toBe(200);
    const expired = await sign({ exp: 1 });
    const unsigned = new UnsecuredJWT(claims).encode();
    const header = { jwk: await exportJWK(stranger.publicKey), jku: jwksUri };
    const shared = new TextEncoder().encode('k'.repeat(32));
    const symmetric = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'k' }).sign(shared);
    const refused: [why: string, token: string][] = [
      ['token_issuer', await sign({ iss: 'https://other.example' })],
      ['token_audience', await sign({ aud: 'https://other.example' })],
      ['token_expired', expired],
      ['token_incomplete', await sign({ exp: undefined })],
      ['token_incomplete', await sign({ sub: undefined })],
      ['token_too_early', await sign({ nbf: claims.exp })],
      ['token_signature', await sign({}, stranger.privateKey)],
      ['token_signature', await sign({}, stranger.privateKey, header)],
      // Nothing of a token is told to somebody who did not get it from the issuer.
      ['token_signature', await sign({ exp: 1, aud: 'https://other.example' }, stranger.privateKey)],
      ['token_signature', symmetric],
      ['token_signature', unsigned],
      ['key_instead_of_token', await proxies.routes.key('*')],
      ['token_malformed', 'x'],
      ['unexpanded_variable', '${TOKEN}'],
    ];
    for (const [why, token] of refused) {
      const { status, body, headers } = await ping('tokens', token);
      expect([status, body.error.data['why']]).toEqual([401, why]);
      const told = /^Bearer realm="lethe", error="invalid_token", error_description="([^"]*)", resource_metadata="/;
      expect(told.exec(headers.get('www-authenticate') ?? '')?.[1]).toBe(body.error.message);
    }

    const challenge = (await ping('tokens')).headers.get('www-authenticate') ?? '';
    const metadataUrl = /resource_metadata="([^"]+)"/.exec(challenge)?.[1] ?? '';
    const metadata = await (await fetch(metadataUrl)).json();
    expect(metadata).toMatchObject({ resource: `${proxies.url}/servers/tokens/mcp`, authorization_servers: [ISSUER] });
    // A client whose URL ends with a slash asks for this one.
    expect(await (await fetch(`${metadataUrl}/`)).json()).toEqual(metadata);
    issuer.close();
  });
});
