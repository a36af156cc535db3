import { tmpdir } from 'node:os';
import { Client as ModernClient, StreamableHTTPClientTransport as ModernTransport } from '@modelcontextprotocol/client';
import { Client as LegacyClient } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport as LegacyTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { UpstreamFacts } from '@lethe/contracts';
import { expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { connectLegacy } from '../support/mcp-clients.js';
import { describeProxiesOnEachEngine } from '../support/proxy/describe-proxies.js';
import { legacy, modern } from '../support/proxy/rpc.js';
import { type GatewayDraft, MODERN_FACTS, type ServerDraft, tool } from '../support/published-routes.js';
import { runLethe } from '../support/run-lethe.js';
import { legacyScript, type UpstreamScript } from '../support/upstreams/index.js';

const HEADER = 'X-Upstream-up-Authorization';
const SENT = { [HEADER]: 'Bearer SENT' };
const CHALLENGE = 'Lethe-Upstream gateway="up"';
const MAPPINGS = [{ header: 'Authorization', scheme: 'bearer' as const }];
const ITEMS = [tool('echo'), { kind: 'prompt' as const, own: 'ask', definition: { name: 'ask' } }];
const PLACES: [string, typeof legacy | typeof modern, Partial<UpstreamFacts>][] = [
  ['legacy', legacy, {}],
  ['legacy, in the session of one call', legacy, { sessionful: true }],
  ['modern', modern, MODERN_FACTS],
  ['modern to a legacy upstream', modern, {}],
  ['legacy to a modern upstream', legacy, MODERN_FACTS],
  ['legacy over HTTP+SSE', legacy, { transport: 'sse' }],
];
/** A sign-in that a client of the SDKs would begin, if it found one. */
const SIGN_IN = {
  redirectUrl: 'http://127.0.0.1:1/callback',
  clientMetadata: { redirect_uris: ['http://127.0.0.1:1/callback'] },
  clientInformation: () => undefined,
  saveClientInformation: () => undefined,
  tokens: () => undefined,
  saveTokens: () => undefined,
  redirectToAuthorization: () => expect.unreachable('a page was opened'),
  saveCodeVerifier: () => undefined,
  codeVerifier: () => 'x',
};

const refusing =
  (status: number): UpstreamScript =>
  ({ response }) =>
    void response
      .writeHead(status, { 'www-authenticate': 'Bearer resource_metadata="https://evil.example/x"' })
      .end('CANARY');

describeProxiesOnEachEngine('a virtual server that tells rejected credentials by HTTP', 1, (suite) => {
  const serve = (script: UpstreamScript, gateway: Partial<GatewayDraft> = {}, server: Partial<ServerDraft> = {}) =>
    suite.serveOne(
      script,
      { items: ITEMS, mappings: MAPPINGS, ...gateway },
      { eras: 'both', rejectedCredential: 'http', ...server },
    );

  it.each(PLACES)('does so with the status of the upstream, its own challenge, and the error: %s', async (_place, ask, facts) => {
    verifies('passthrough.rejected-by-http');
    for (const [status, headers, reason] of [
      [401, {}, 'credential_required'],
      [401, SENT, 'upstream_rejected_credential'],
      [403, SENT, 'upstream_rejected_credential'],
    ] as const) {
      const { url } = await serve(refusing(status), { facts });
      for (const [method, params] of [['tools/call', { name: 'echo' }], ['prompts/get', { name: 'ask' }]] as const) {
        const answer = await ask(url, method, params, { ...headers, origin: new URL(url).origin });
        expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([status, CHALLENGE]);
        expect(answer.headers.get('access-control-expose-headers')).toContain('WWW-Authenticate');
        expect(answer.body.error.data).toMatchObject({ reason, gateway: 'up', httpStatus: status, header: HEADER });
        expect(answer.text).not.toMatch(/CANARY|SENT|evil/);
      }
    }
  }); // prettier-ignore

  it('is told by lethe call in the words of the error', async () => {
    const { url } = await serve(refusing(401), { facts: MODERN_FACTS });
    const { code, err } = await runLethe(['call', url, 'echo', '{}'], { HOME: '/nonexistent' }, tmpdir());
    expect([code, err]).toEqual([3, expect.stringContaining(HEADER)]);
  });

  it('says 401 for a required one that is missing, without asking the upstream, and nothing new about other mistakes', async () => {
    verifies('passthrough.rejected-by-http');
    const required = { mappings: [{ ...MAPPINGS[0]!, required: true }] };
    const { url, upstream } = await serve(refusing(500), required);
    const missing = await legacy(url, 'tools/call', { name: 'echo' });
    expect([missing.status, missing.headers.get('www-authenticate')]).toEqual([401, CHALLENGE]);
    const malformed = await legacy(url, 'tools/call', { name: 'echo' }, { [HEADER]: 'Basic SENT' });
    expect(malformed).toMatchObject({ status: 200, body: { result: { isError: true } } });
    expect(malformed.headers.get('www-authenticate')).toBeNull();
    expect(upstream.received).toEqual([]);
    const unmapped = await serve(refusing(401), { mappings: [] });
    expect((await legacy(unmapped.url, 'tools/call', { name: 'echo' })).status).toBe(200);
    // A list tells what it leaves out, and a session begins.
    const live = await serve(refusing(401), { listing: 'live' });
    const list = await legacy(live.url, 'tools/list', {}, SENT);
    expect(list).toMatchObject({ status: 200, body: { result: { _meta: { 'lethe/leftOut': [{ gateway: 'up' }] } } } });
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'c', version: '1' } };
    expect((await legacy(url, 'initialize', params)).status).toBe(200);
    expect((await modern(url, 'server/discover')).status).toBe(200);
  });

  it('tells it at the end of a stream that has begun', async () => {
    verifies('passthrough.rejected-by-http');
    const form = { method: 'elicitation/create', params: { message: 'Sure?', requestedSchema: { type: 'object', properties: {} } } };
    const script: UpstreamScript = (exchange) => {
      if (exchange.message.params?.['inputResponses'] !== undefined) return refusing(401)(exchange);
      exchange.reply({ resultType: 'input_required', inputRequests: { sure: form }, requestState: 's' });
    };
    const { url } = await serve(script, { facts: MODERN_FACTS });
    const client = suite.keep(
      await connectLegacy(url, SENT, { elicitation: {} }, (one) =>
        one.setRequestHandler(ElicitRequestSchema, () => ({ action: 'accept', content: {} })),
      ),
    );
    const called = client.callTool({ name: 'echo', arguments: {} });
    await expect(called).rejects.toMatchObject({ data: { reason: 'upstream_rejected_credential', httpStatus: 401 } });
  }); // prettier-ignore

  it.each(['legacy', 'modern'] as const)('ends with a clear error in a client of the SDK, which looks for a sign-in: %s', async (era) => {
    verifies('passthrough.rejected-by-http');
    const facts = era === 'legacy' ? {} : MODERN_FACTS;
    const answers = legacyScript({});
    const { url } = await serve((exchange) => (exchange.message.method === 'tools/call' ? refusing(401)(exchange) : answers(exchange)), { facts });
    for (const authProvider of [undefined, SIGN_IN]) {
      const seen: string[] = [];
      const counted: typeof fetch = async (input, init) => {
        const response = await fetch(input, init);
        seen.push(`${init?.method ?? 'GET'} ${new URL(input instanceof Request ? input.url : input).pathname} ${response.status}`);
        return response;
      };
      const options = { requestInit: { headers: SENT }, fetch: counted, ...(authProvider && { authProvider }) };
      const call = { name: 'echo', arguments: {} };
      let called: Promise<unknown>;
      if (era === 'legacy') {
        const client = suite.keep(new LegacyClient({ name: 'c', version: '1' }));
        await client.connect(new LegacyTransport(new URL(url), options));
        called = client.callTool(call);
      } else {
        const client = suite.keep(new ModernClient({ name: 'c', version: '1' }, { versionNegotiation: { mode: { pin: '2026-07-28' } } }));
        await client.connect(new ModernTransport(new URL(url), options));
        called = client.callTool(call);
      }
      const words = authProvider ? /Lethe has no sign-in.*credential of an upstream/ : /rejected the credential in the header X-Upstream-up/;
      await expect(called).rejects.toThrow(words);
      expect(seen.filter((each) => / \S*mcp 401$/.test(each))).toHaveLength(1);
      expect(seen.filter((each) => / (?:404|400)$/.test(each)).length).toBeLessThan(authProvider ? 9 : 1);
    }
  }); // prettier-ignore
});
