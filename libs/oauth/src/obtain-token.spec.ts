import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { ClientCredentials } from '@lethe/contracts';
import { listenOnLoopback } from '@test/support/upstreams/loopback-server.js';
import { verifies } from '@test/requirements.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { obtainToken, type TokenDial } from './obtain-token.js';
import { clientSecrets, withToken } from './sendable-credential.js';

const ANSWER = { access_token: 't', token_type: 'Bearer' };

describe('the request for an access token', () => {
  let endpoint: Awaited<ReturnType<typeof listenOnLoopback>>;
  let answer: (response: ServerResponse) => void;
  let asked = 0;
  beforeAll(async () => {
    endpoint = await listenOnLoopback((request, response) => {
      asked += 1;
      request.resume();
      answer(response);
    });
  });
  afterAll(() => endpoint.close());

  const client = (): ClientCredentials => ({
    ...{ scheme: 'oauth_client_credentials', tokenUrl: `${endpoint.origin}/token`, clientId: 'a b', clientSecret: 's' },
    headers: [{ name: 'X-Tenant', value: 'acme' }],
  });
  const obtain = (dial: Partial<TokenDial> = {}) => {
    return obtainToken(client(), {
      policy: { allowed: ['127.0.0.0/8'] },
      timeoutMs: 5_000,
      userAgent: 'test',
      ...dial,
    });
  };
  const json = (body: object): void => {
    answer = (response) => response.end(JSON.stringify(body));
  };

  it('learns for how long the token lives, if that is said in seconds', async () => {
    const lives = [3_600, '3599', 0.5, 0, -1, '', 'an hour', null, {}, undefined];
    const learned = [];
    for (const expires_in of lives) {
      json({ ...ANSWER, expires_in });
      learned.push((await obtain()).lifeSeconds);
    }
    expect(learned).toEqual([3_600, 3_599, 0.5, ...lives.slice(3).map(() => undefined)]);
  });

  it('reads a bounded answer, also if it is packed', async () => {
    answer = (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(JSON.stringify(ANSWER)));
    expect(await obtain()).toEqual({ token: 't', lifeSeconds: undefined });
    const invalid = { code: 'token_response_invalid' };
    answer = (response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(10_000_000, ' ')));
    await expect(obtain()).rejects.toMatchObject(invalid);
    json({ ...ANSWER, more: 'x'.repeat(70_000) });
    await expect(obtain()).rejects.toMatchObject(invalid);
    json({ ...ANSWER, access_token: '' });
    await expect(obtain()).rejects.toMatchObject(invalid);
  });

  it('ends with its signal and at its time, follows no redirect, and goes to no address that is not allowed', async () => {
    verifies('kept.oauth');
    const abort = new AbortController();
    answer = () => abort.abort();
    await expect(obtain({ signal: abort.signal })).rejects.toMatchObject({ code: 'token_endpoint_unreachable' });
    answer = () => undefined;
    const late = { code: 'token_endpoint_unreachable', detail: { why: 'timeout' } };
    await expect(obtain({ timeoutMs: 50 })).rejects.toMatchObject(late);
    answer = (response) =>
      response.writeHead(307, { location: `${endpoint.origin}/token` }).end(JSON.stringify(ANSWER));
    const before = asked;
    await expect(obtain()).rejects.toMatchObject({ code: 'token_response_invalid', detail: { httpStatus: 307 } });
    expect(asked).toBe(before + 1);
    await expect(obtain({ policy: { allowed: [] } })).rejects.toMatchObject({ code: 'token_endpoint_forbidden' });
    expect(asked).toBe(before + 1);
  });

  it('leaves what else the credential has beside the token, and tells what is secret', () => {
    const { headers } = client();
    expect(withToken(client(), 't')).toEqual({ scheme: 'bearer', token: 't', headers });
    expect(clientSecrets(client())).toEqual(['s', btoa('a+b:s')]);
  });
});
