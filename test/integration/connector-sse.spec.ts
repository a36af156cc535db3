import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { type GatewayVerificationFailed, GatewayVerified } from '@lethe/contracts';
import { catalogueDigest } from '@lethe/sealing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type ConnectorHarness, startConnectorHarness } from '../support/connector/connector-harness.js';
import {
  initializeResult,
  type LegacyScript,
  sseScript,
  startEverythingUpstream,
  startScriptedUpstream,
  type Upstream,
  type UpstreamScript,
} from '../support/upstreams/index.js';

let harness: ConnectorHarness;
const upstreams: Upstream[] = [];
beforeAll(async () => (harness = await startConnectorHarness({ LETHE_HANDSHAKE_TIMEOUT_MS: '8000' })));
afterAll(() => harness.close());
afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.close()));
});

const TOKEN = randomBytes(32).toString('base64url');
const using = async (upstream: Promise<Upstream>): Promise<Upstream> => {
  upstreams.push(await upstream);
  return upstream;
};
const scripted = (script: UpstreamScript): Promise<Upstream> => using(startScriptedUpstream(script));
const verify = (url: string, transport: 'auto' | 'sse' | 'streamable-http' = 'auto') =>
  harness.registry.verify(harness.registry.order(url, { transport }), { scheme: 'bearer', token: TOKEN });
const failureAt = async (url: string, transport: 'auto' | 'sse' | 'streamable-http' = 'auto') =>
  (await verify(url, transport)).event as GatewayVerificationFailed;

describe('a handshake over HTTP+SSE', () => {
  it('is found by itself, lists everything the reference server offers, and is signed for', async () => {
    verifies('transport.sse');
    const upstream = await using(startEverythingUpstream({ token: TOKEN }, 'sse'));
    const { event, items, receipt } = await verify(upstream.url);
    if (!(event instanceof GatewayVerified)) throw new Error(`failed: ${event.code}`);
    expect(event.facts).toMatchObject({ era: 'legacy', transport: 'sse', sessionful: false, listScope: 'unknown' });
    expect(event.counts.tools).toBeGreaterThan(8);
    expect(event.counts.prompts).toBeGreaterThan(0);
    expect(catalogueDigest(event.facts, items)).toBe(event.digest);
    expect(receipt.facts).toMatchObject({ transport: 'sse' });
    expect(receipt.origins).toEqual([new URL(upstream.url).origin]);
    expect(receipt.requests).toBe(upstream.received.length);
    expect(upstream.received.every(({ headers }) => headers.authorization === `Bearer ${TOKEN}`)).toBe(true);
    expect(upstream.received.filter(({ method }) => method === 'GET')).toHaveLength(1);
  });

  it('asks nothing else first where the order says so, and speaks 2024-11-05', async () => {
    const { script, posts } = sseScript(tools([]), { protocolVersion: '2024-11-05' });
    const upstream = await scripted(script);
    const { event } = await verify(upstream.url, 'sse');
    expect(event).toMatchObject({ facts: { protocolVersion: '2024-11-05', transport: 'sse' } });
    expect(upstream.received[0]?.method).toBe('GET');
    expect(posts.map(({ method }) => method)).toEqual(['initialize', 'notifications/initialized', 'tools/list']);
  });

  it('is not tried where the order says streamable HTTP', async () => {
    const upstream = await scripted(sseScript(tools([])).script);
    expect(await failureAt(upstream.url, 'streamable-http')).toMatchObject({ code: 'not_an_mcp_server' });
    expect(upstream.received.map(({ method }) => method)).not.toContain('GET');
  });

  it('keeps unknown members, and answers a ping that arrives in between', async () => {
    const tool = { name: 'odd', inputSchema: { type: 'object' }, vendorHint: { a: 1 } };
    const { script, posts } = sseScript(tools([tool]), { pings: true });
    const { items } = await verify((await scripted(script)).url);
    expect(items[0]?.definition).toEqual(tool);
    expect(posts.some((post) => 'result' in post)).toBe(true);
  });
});

describe('an upstream that abuses HTTP+SSE', () => {
  it('by an endpoint at another origin: address_forbidden, and no connection is made', async () => {
    const trap = await scripted(({ response }) => void response.end());
    for (const endpoint of [trap.url, 'http://169.254.169.254/latest', trap.url.replace('http:', 'https:')]) {
      const upstream = await scripted(sseScript(tools([]), { endpoint }).script);
      expect(await failureAt(upstream.url)).toMatchObject({ code: 'address_forbidden' });
    }
    expect(trap.received).toEqual([]);
  });

  it('by no endpoint, or another kind of answer: not_an_mcp_server', async () => {
    const streams: ((response: ServerResponse) => void)[] = [
      (response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello</p>'),
      (response) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end('data: hello\n\n'),
      (response) => void response.writeHead(404).end(),
    ];
    for (const stream of streams) {
      const { url } = await scripted(({ request, response }) =>
        request.method === 'GET' ? stream(response) : void response.writeHead(404).end(),
      );
      expect(await failureAt(url)).toMatchObject({ code: 'not_an_mcp_server' });
      expect(await failureAt(url, 'sse')).toMatchObject({ code: 'not_an_mcp_server' });
    }
  });

  it('by ending the stream, refusing the message, or a redirect: the code that says so', async () => {
    const ends = sseScript(tools([]), { endsAt: 'tools/list' }).script;
    expect(await failureAt((await scripted(ends)).url)).toMatchObject({ code: 'upstream_closed' });
    const refuses = sseScript(tools([]), { postStatus: 401 }).script;
    expect(await failureAt((await scripted(refuses)).url)).toMatchObject({ code: 'credential_rejected' });
    const redirects = sseScript(tools([]), { postStatus: 307 }).script;
    expect(await failureAt((await scripted(redirects)).url)).toMatchObject({ code: 'upstream_redirected' });
  });

  it('by printing the credential: upstream_reflects_credential', async () => {
    const { script } = sseScript(tools([{ name: 'x', description: TOKEN, inputSchema: { type: 'object' } }]));
    expect(await failureAt((await scripted(script)).url)).toMatchObject({ code: 'upstream_reflects_credential' });
  });

  it('by 5 MiB in one event: upstream_too_large', async () => {
    const big = { name: 'x', description: 'x'.repeat(5 * 1024 * 1024), inputSchema: { type: 'object' } };
    const { url } = await scripted(sseScript(tools([big])).script);
    expect(await failureAt(url)).toMatchObject({ code: 'upstream_too_large' });
  });
});

function tools(list: object[]): LegacyScript {
  return { capabilities: initializeResult({})['capabilities'] as never, results: { 'tools/list': { tools: list } } };
}
