import { afterEach, describe, expect, it } from 'vitest';
import { credentialsFor } from '@test/support/proxy/upstream-credentials.js';
import { startScriptedUpstream, type Upstream } from '@test/support/upstreams/index.js';
import { ConnectionPools } from '../upstream-client.js';
import { HttpSseStream } from './stream.js';

describe('the event stream of an HTTP+SSE upstream', () => {
  const pools = new ConnectionPools({ allowed: ['127.0.0.0/8'] });
  let upstream: Upstream | undefined;
  afterEach(() => Promise.all([pools.close(), upstream?.close()]));

  it('has no message that names a member twice: its id may be another one to the client', async () => {
    const messages = ['{"id":4711,"result":{},"id":7}', '{"id":7,"result":{}}'];
    const events = messages.map((json) => `data: ${json}\n\n`);
    upstream = await startScriptedUpstream(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(['event: endpoint\ndata: /message\n\n', ...events].join(''));
    });
    const credentials = credentialsFor(upstream.url);
    const read: string[] = [];
    const listener = {
      endpoint: () => undefined,
      message: (_message: object, json: string) => read.push(json) > 0,
      onDrain: (resume: () => void) => resume(),
    };
    const { over } = new HttpSseStream(pools.of(credentials.access.gateway.target), credentials, listener, undefined);
    await expect(over).rejects.toMatchObject({ code: 'upstream_failed' });
    expect(read).toEqual(messages.slice(1));
  });
});
