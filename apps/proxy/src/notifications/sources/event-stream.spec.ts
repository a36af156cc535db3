import { createGzip } from 'node:zlib';
import type { LetheError } from '@lethe/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { credentialsFor } from '@test/support/proxy/upstream-credentials.js';
import { startScriptedUpstream, type Upstream } from '@test/support/upstreams/index.js';
import { ConnectionPools, upstreamRequest } from '../../upstream/upstream-client.js';
import { openEventStream } from './event-stream.js';

const MESSAGE = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}';

describe('an event stream of an upstream', () => {
  const upstreams: Upstream[] = [];
  let pools: ConnectionPools;
  beforeEach(() => void (pools = new ConnectionPools({ allowed: ['127.0.0.0/8'] })));
  afterEach(() => Promise.all([pools.close(), ...upstreams.splice(0).map((upstream) => upstream.close())]));

  /** The first message, or the error with which the stream ends. */
  async function open(status: number, headers: Record<string, string>, body: Buffer | string): Promise<unknown> {
    const upstream = await startScriptedUpstream(({ response }) => void response.writeHead(status, headers).end(body));
    upstreams.push(upstream);
    return openAt(upstream);
  }

  async function openAt(upstream: Upstream): Promise<unknown> {
    const credentials = credentialsFor(upstream.url);
    const request = upstreamRequest(credentials, 'GET', [], null);
    return new Promise((resolve) => {
      const message = (_message: object, json: string): void => resolve(json);
      const over = ({ code, detail }: LetheError): void => resolve({ code, ...detail });
      const listener = { begun: () => undefined, message, over };
      openEventStream(pools, credentials, request, listener, AbortSignal.timeout(10_000));
    });
  }

  it('is read however its media type is written', async () => {
    const type = 'Text/Event-Stream; charset=utf-8';
    expect(await open(200, { 'content-type': type }, `data: ${MESSAGE}\n\n`)).toBe(MESSAGE);
  });

  it('has no message that names a member twice: its method may be another one to the client', async () => {
    const twofold = MESSAGE.replace('"method"', '"id":1,"method":"elicitation/create","method"');
    const events = [twofold, MESSAGE].map((json) => `data: ${json}\n\n`).join('');
    expect(await open(200, { 'content-type': 'text/event-stream' }, events)).toBe(MESSAGE);
  });

  it('is read when it is compressed, event by event', async () => {
    const gzip = createGzip();
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
    const upstream = await startScriptedUpstream(({ response }) => {
      gzip.pipe(response.writeHead(200, headers));
      gzip.write(`data: ${MESSAGE}\n\n`);
      gzip.flush();
    });
    upstreams.push(upstream);
    expect(await openAt(upstream)).toBe(MESSAGE);
    gzip.end();
  });

  it('ends when it is not coded as it says', async () => {
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
    const end = await open(200, headers, `data: ${MESSAGE}\n\n`);
    expect(end).toEqual({ code: 'upstream_failed', gateway: 'g', why: 'content_encoding' });
  });

  it('has no messages in events of another type', async () => {
    const events = ['event: ping\n', 'event: message\n'].map(
      (type, n) => `${type}data: {"jsonrpc":"2.0","n":${n}}\n\n`,
    );
    expect(await open(200, { 'content-type': 'text/event-stream' }, events.join(''))).toBe('{"jsonrpc":"2.0","n":1}');
  });

  it('says what the upstream answered instead', async () => {
    const rejected = { code: 'credential_required', httpStatus: 401 };
    expect(await open(401, {}, '')).toMatchObject(rejected);
    const end = await open(200, { 'content-type': 'application/json' }, MESSAGE);
    expect(end).toMatchObject({ code: 'upstream_failed', why: 'content_type' });
  });
});
