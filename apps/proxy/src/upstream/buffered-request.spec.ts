import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialsFor } from '@test/support/proxy/upstream-credentials.js';
import { startScriptedUpstream, type Upstream, type UpstreamScript } from '@test/support/upstreams/index.js';
import { type BufferedResponse, sendBuffered } from './buffered-request.js';
import { ConnectionPools, upstreamRequest } from './upstream-client.js';

const RESPONSE = '{"jsonrpc":"2.0","id":1,"result":{}}';
const EVENTS = 'Text/Event-Stream; charset=utf-8';

describe('a buffered request', () => {
  let upstream: Upstream;
  let pools: ConnectionPools;
  beforeEach(() => void (pools = new ConnectionPools({ allowed: ['127.0.0.0/8'] })));
  afterEach(() => Promise.all([upstream.close(), pools.close()]));

  async function ask(script: UpstreamScript, maxBytes?: number): Promise<BufferedResponse> {
    upstream = await startScriptedUpstream(script);
    const credentials = credentialsFor(upstream.url);
    const { access } = credentials;
    const request = upstreamRequest(credentials, 'POST', [], Buffer.from('{}'));
    const limits = { timeoutMs: 5_000, ...(maxBytes !== undefined && { maxBytes }) };
    return sendBuffered(pools.of(access.gateway.target), access, request, limits);
  }

  it('reads a stream of events up to the response, however its media type is written', async () => {
    const answer = await ask(({ response }) => {
      response.writeHead(200, { 'content-type': EVENTS }).write(`id: 1\ndata: ${RESPONSE}\n\n`);
    });
    expect(answer).toMatchObject({ message: { id: 1, result: {} }, hasEventIds: true });
  });

  it('reads nothing that is compressed', async () => {
    const answer = ask(({ response }) => {
      const body = gzipSync(`data: ${RESPONSE}\n\n`);
      response.writeHead(200, { 'content-type': EVENTS, 'content-encoding': 'gzip' }).end(body);
    });
    await expect(answer).rejects.toMatchObject({ code: 'upstream_failed', detail: { why: 'content_encoding' } });
  });

  it.each([
    [404, { code: 'upstream_failed', detail: { why: 'http_status', httpStatus: 404 } }],
    [401, { code: 'upstream_rejected_credential' }],
    [307, { code: 'upstream_redirected' }],
  ])('fails with status %i', async (status, failure) => {
    const answer = ask(({ response }) => void response.writeHead(status).end(RESPONSE));
    await expect(answer).rejects.toMatchObject(failure);
  });

  it('says so when the response is too long', async () => {
    const answer = ask(({ response }) => void response.writeHead(200).end('x'.repeat(11)), 10);
    await expect(answer).rejects.toMatchObject({ code: 'upstream_failed', detail: { why: 'too_long' } });
  });
});
