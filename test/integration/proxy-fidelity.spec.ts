import { randomBytes } from 'node:crypto';
import type { CatalogueItem } from '@lethe/contracts';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { legacy, modern } from '../support/proxy/rpc.js';
import { HTTP_ENGINES } from '../support/proxy/http-engines.js';
import { type Proxies, startProxies } from '../support/proxies.js';
import { tool } from '../support/published-routes.js';
import { startScriptedUpstream, type Upstream, type UpstreamScript } from '../support/upstreams/index.js';

const MIB = 1024 * 1024;
const resource: CatalogueItem = {
  kind: 'resource',
  own: 'up://bytes',
  definition: { uri: 'up://bytes', name: 'bytes' },
};

/** Everything that a parser and a writer in between would have changed. */
const ODD = String.raw`{ "big" : 12345678901234567890, "one":1.0, "e":1E+2 ,"é":"\u00e9\/", "unknown":{"b":1,"a":[ ]},  "_meta":{"x.example/y":null} }`;

describe.each(HTTP_ENGINES)('what passes a proxy (%s)', (_name, env) => {
  let proxies: Proxies;
  const upstreams: Upstream[] = [];
  let servers = 0;

  beforeAll(async () => {
    proxies = await startProxies(1, env);
  });
  afterEach(async () => {
    await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
  });
  afterAll(() => proxies?.close());

  async function serve(script: UpstreamScript, facts: object = {}): Promise<string> {
    const upstream = await startScriptedUpstream(script);
    upstreams.push(upstream);
    const slug = `s${++servers}`;
    const items = [tool('echo'), resource];
    await proxies.routes.publish({ slug, gateways: [{ slug: 'up', url: upstream.url, items, facts }] });
    await servedBy(proxies.url, slug, 'none');
    return `${proxies.replicas[0]?.url}/servers/${slug}/mcp`;
  }
  const MODERN = { era: 'modern', protocolVersion: '2026-07-28' };

  it.each([
    ['legacy', {}, legacy],
    ['modern', MODERN, modern],
  ] as const)('is the same byte for byte, blobs and oddities: %s', async (_era, facts, ask) => {
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

  it('leaves as it comes: of 5 MiB the first piece arrives before the upstream has the last', async () => {
    verifies('relay.streamed');
    const piece = 'x'.repeat(MIB);
    let finish: (() => void) | undefined;
    const url = await serve(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write(`{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"${piece}`);
      finish = () => response.end(`${piece.repeat(4)}"}]}}`);
    });
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo"}}',
    });
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
