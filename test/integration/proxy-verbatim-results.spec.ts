import { randomBytes } from 'node:crypto';
import type { CatalogueItem } from '@lethe/contracts';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import { describeProxiesOnEachEngine } from '../support/proxy/describe-proxies.js';
import { legacy, modern, postRequest } from '../support/proxy/rpc.js';
import type { UpstreamScript } from '../support/upstreams/index.js';

const MIB = 1024 * 1024;
const resource: CatalogueItem = {
  kind: 'resource',
  own: 'up://bytes',
  definition: { uri: 'up://bytes', name: 'bytes' },
};

/** Everything that a parser and a writer in between would have changed. */
const ODD = String.raw`{ "big" : 12345678901234567890, "one":1.0, "e":1E+2 ,"é":"\u00e9\/", "unknown":{"b":1,"a":[ ]},  "_meta":{"x.example/y":null} }`;

describeProxiesOnEachEngine('the result of a call', 1, ({ proxies, serveOne }) => {
  /** The endpoint of a new virtual server at the proxy itself, without the load balancer. */
  async function serve(script: UpstreamScript, facts: object = {}): Promise<string> {
    const { path } = await serveOne(script, { items: [tool('echo'), resource], facts });
    return `${proxies.replicas[0]?.url}${path}`;
  }

  it.each([
    ['legacy', {}, legacy],
    ['modern', MODERN_FACTS, modern],
  ] as const)('is the same byte for byte, also blobs and unusual JSON: %s', async (_era, facts, ask) => {
    verifies('relay.verbatim');
    const blob = randomBytes(MIB).toString('base64');
    const sent = `{"jsonrpc":"2.0","id":1,"result":{"contents":[{"uri":"up://bytes","blob":"${blob}"}],"odd":${ODD}}}`;
    const json: UpstreamScript = ({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(sent);
    };
    const events: UpstreamScript = ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(`data: ${sent}\n\n`);
    };
    const read = async (script: UpstreamScript) =>
      (await ask(await serve(script, facts), 'resources/read', { uri: 'up://bytes' })).text;
    expect((await read(json)) === sent).toBe(true);
    expect((await read(events)).includes(`data: ${sent}\n`)).toBe(true);
  });

  it('is streamed: of 5 MiB the first piece arrives before the upstream sends the last', async () => {
    verifies('relay.streamed');
    const piece = 'x'.repeat(MIB);
    let finish: (() => void) | undefined;
    const url = await serve(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"${piece}`);
      finish = () => response.end(`${piece.repeat(4)}"}]}}`);
    });
    const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo' } };
    const answer = await fetch(url, postRequest(call));
    let length = 0;
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
      length += chunk.length;
      if (length < MIB) continue;
      finish?.();
      finish = undefined;
    }
    expect(length).toBeGreaterThan(5 * MIB);
  });

  it('is whole when one event of a stream has 5 MiB', async () => {
    const url = await serve(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const result = { content: [{ type: 'text', text: 'x'.repeat(5 * MIB) }] };
      response.end(`data: ${JSON.stringify({ jsonrpc: '2.0', id: 1, result })}\n\n`);
    });
    const { body } = await legacy(url, 'tools/call', { name: 'echo' });
    expect(body.result.content[0]?.text.length).toBe(5 * MIB);
  });
});
