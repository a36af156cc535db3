import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialsFor } from '@test/support/proxy/upstream-credentials.js';
import { startScriptedUpstream, type Upstream, type UpstreamScript } from '@test/support/upstreams/index.js';
import { type BufferedResponse, type BufferLimits, sendBuffered } from './buffered-request.js';
import { ConnectionPools, upstreamRequest } from './upstream-client.js';

const RESPONSE = '{"jsonrpc":"2.0","id":1,"result":{}}';
const EVENTS = 'Text/Event-Stream; charset=utf-8';

describe('a buffered request', () => {
  let upstream: Upstream;
  let pools: ConnectionPools;
  beforeEach(() => void (pools = new ConnectionPools({ allowed: ['127.0.0.0/8'] })));
  afterEach(() => Promise.all([upstream.close(), pools.close()]));

  async function ask(script: UpstreamScript, more: Partial<BufferLimits> = {}): Promise<BufferedResponse> {
    upstream = await startScriptedUpstream(script);
    const credentials = credentialsFor(upstream.url);
    const { access } = credentials;
    const request = upstreamRequest(credentials, 'POST', [], Buffer.from('{}'));
    const limits = { timeoutMs: 5_000, id: 1, ...more };
    return sendBuffered(pools.of(access.gateway.target), credentials, request, limits);
  }

  it('reads a stream of events up to the response, however its media type is written', async () => {
    const answer = await ask(({ response }) => {
      response.writeHead(200, { 'content-type': EVENTS }).write(`id: 1\ndata: ${RESPONSE}\n\n`);
    });
    expect(answer).toMatchObject({ message: { id: 1, result: {} }, hasEventIds: true });
  });

  it('reads a stream that is compressed', async () => {
    const answer = await ask(({ response }) => {
      const body = gzipSync(`data: ${RESPONSE}\n\n`);
      response.writeHead(200, { 'content-type': EVENTS, 'content-encoding': 'gzip' }).write(body);
    });
    expect(answer).toMatchObject({ message: { id: 1, result: {} }, hasEventIds: false });
  });

  it('has no message that answers another request', async () => {
    for (const [type, body] of [
      ['application/json', RESPONSE.replace('1', '2')],
      [EVENTS, `data: ${RESPONSE.replace('1', '2')}\n\n`],
    ] as const) {
      const answer = await ask(({ response }) => void response.writeHead(200, { 'content-type': type }).end(body));
      expect(answer).toMatchObject({ status: 200, message: undefined });
      await upstream.close();
    }
  });

  it.each([
    [404, { code: 'upstream_failed', detail: { why: 'http_status', httpStatus: 404 } }],
    [401, { code: 'credential_required' }],
    [307, { code: 'upstream_redirected' }],
  ])('fails with status %i', async (status, failure) => {
    const answer = ask(({ response }) => void response.writeHead(status).end(RESPONSE));
    await expect(answer).rejects.toMatchObject(failure);
  });

  it('says so when the response is too long, also after decoding', async () => {
    const tooLong = { code: 'upstream_failed', detail: { why: 'too_long' } };
    const type = { 'content-type': 'application/json' };
    const long = ask(({ response }) => void response.writeHead(200, type).end('x'.repeat(11)), { maxBytes: 10 });
    await expect(long).rejects.toMatchObject(tooLong);
    await upstream.close();
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, ' '));
    const coded = { ...type, 'content-encoding': 'gzip' };
    await expect(ask(({ response }) => void response.writeHead(200, coded).end(bomb))).rejects.toMatchObject(tooLong);
  });
});

describe('a message that has no response', () => {
  const pools = new ConnectionPools({ allowed: ['127.0.0.0/8'] });
  let upstream: Upstream;
  afterEach(() => upstream.close());
  afterAll(() => pools.close());

  it.each<[string, UpstreamScript]>([
    ['202 without a body', ({ response }) => void response.writeHead(202).end()],
    ['200 without a body', ({ response }) => void response.writeHead(200).end()],
    ['202 and a text', ({ response }) => void response.writeHead(202, { 'content-type': 'text/plain' }).end('ok')],
    [
      'a body that is not coded as it says',
      ({ response }) => {
        response.writeHead(202, { 'content-encoding': 'gzip' }).end('Accepted');
      },
    ],
    [
      'a stream without an end',
      ({ response }) => {
        response.writeHead(200, { 'content-type': EVENTS }).write(': hello\n\n');
      },
    ],
    ['a long body without an end', ({ response }) => void response.writeHead(200).write('x'.repeat(100_000))],
  ])('is delivered when the upstream answers with %s', async (_what, script) => {
    upstream = await startScriptedUpstream(script);
    const credentials = credentialsFor(upstream.url);
    const { access } = credentials;
    const request = upstreamRequest(credentials, 'POST', [], Buffer.from('{}'));
    // The limit of the test is shorter than this.
    const sent = sendBuffered(pools.of(access.gateway.target), credentials, request, { timeoutMs: 60_000 });
    await expect(sent).resolves.toMatchObject({ message: undefined });
  });
});
