import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { legacyScript, startScriptedUpstream, type UpstreamScript } from '../support/upstreams/index.js';

const TOKEN = `tok_${randomBytes(24).toString('base64url')}`;
const tools = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ name: `tool-${n}`, inputSchema: { type: 'object' } }));
const listing = (list: unknown[]): UpstreamScript => legacyScript({ results: { 'tools/list': { tools: list } } });

/** How each misbehaving upstream ends: in its own code, with nothing of it kept. */
const FAILURES: [string, string, UpstreamScript][] = [
  [
    'refuses the token',
    'credential_rejected',
    (exchange) => exchange.replyError(401, { code: -32000, message: TOKEN }),
  ],
  [
    'is no MCP server',
    'not_an_mcp_server',
    (exchange) => void exchange.response.writeHead(200, { 'content-type': 'text/html' }).end('<p>hello</p>'),
  ],
  ['hangs', 'upstream_timeout', () => new Promise(() => undefined)],
  [
    'redirects',
    'upstream_redirected',
    (exchange) => void exchange.response.writeHead(307, { location: 'http://127.0.0.1:9/' }).end(),
  ],
  [
    'reflects the credential',
    'upstream_reflects_credential',
    listing([{ name: 'a', description: `with ${TOKEN}`, inputSchema: { type: 'object' } }]),
  ],
  [
    'dies half-way',
    'upstream_closed',
    legacyScript({ answers: { 'tools/list': (exchange) => void exchange.response.destroy() } }),
  ],
];

describe('an upstream that misbehaves', () => {
  let lethe: Embedded;

  beforeAll(async () => {
    lethe = await startEmbedded({ LETHE_HANDSHAKE_TIMEOUT_MS: '2000', LETHE_LOG_LEVEL: 'trace', LETHE_SLOTS: '2' });
  });
  afterAll(() => lethe?.stop());

  async function verify(name: string, script: UpstreamScript) {
    const upstream = await startScriptedUpstream(script);
    const gateway = await lethe.admin.createGateway({ name, url: upstream.url });
    const verification = await lethe.admin.verify(gateway.id, { scheme: 'bearer', token: TOKEN });
    await upstream.close();
    const view = await lethe.admin.ask<{ state: string }>('GET', `/gateways/${gateway.id}`);
    const found = await lethe.admin.ask<{ items: { name: string }[] }>('GET', `/gateways/${gateway.id}/tools`);
    return { verification, view, found: found.items, text: JSON.stringify([verification, view, found]) };
  }

  it.each(FAILURES)('and %s ends in %s, and nothing is applied', async (name, code, script) => {
    verifies('verification.ends-in-a-code');
    verifies('credential.never-reflected');
    const { verification, view, found, text } = await verify(name, script);
    expect(verification).toMatchObject({ state: 'failed', code });
    expect(view.state).toBe('unverified');
    expect(found).toEqual([]);
    expect(text).not.toContain(TOKEN);
  });

  it('and is not there ends in upstream_unreachable', async () => {
    verifies('verification.ends-in-a-code');
    const gone = await startScriptedUpstream(() => undefined);
    await gone.close();
    const gateway = await lethe.admin.createGateway({ name: 'Gone', url: gone.url });
    const verification = await lethe.admin.verify(gateway.id, { scheme: 'bearer', token: TOKEN });
    expect(verification).toMatchObject({ state: 'failed', code: 'upstream_unreachable' });
  });

  it('and has one malformed tool is verified without it, and says so', async () => {
    verifies('verification.whole');
    const { verification, found } = await verify('One bad tool', listing([...tools(2), { description: 'nameless' }]));
    expect(verification).toMatchObject({ state: 'verified', counts: { tools: 2, skipped: 1 } });
    expect(found).toHaveLength(2);
  });

  it('and has 1,001 tools is verified with 1,000, and says so', async () => {
    verifies('verification.whole');
    const { verification } = await verify('Too many', listing(tools(1_001)));
    expect(verification).toMatchObject({ state: 'verified', counts: { tools: 1_000, skipped: 1 } });
  });

  it('leaves a pool that reserves slots as before, and a log without the credential', async () => {
    verifies('verification.ends-in-a-code');
    const { verification } = await verify('Well', listing(tools(3)));
    expect(verification).toMatchObject({ state: 'verified', counts: { tools: 3 } });
    const log = await lethe.process.log();
    expect(log).not.toContain(TOKEN);
    expect(log.length).toBeGreaterThan(0);
  });
});
