import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler } from '@modelcontextprotocol/server';
import { verifies } from '../requirements.js';
import { type BridgeStart, startLegacy, startListening, startModern } from '../support/bridge/bridge-process.js';
import { callerMachine } from '../support/bridge/caller-machine.js';
import { eventually } from '../support/eventually.js';
import { Browser } from '../support/login/browser.js';
import { signIn } from '../support/login/describe-logins.js';
import { type DpopUpstream, startDpopUpstream } from '../support/login/dpop-upstream.js';
import { type Issuer, type IssuerOptions, startIssuer } from '../support/login/issuer.js';
import { startLethe } from '../support/login/started-lethe.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies, type PublishedServer } from '../support/proxy/describe-proxies.js';
import { type GatewayDraft, MODERN_FACTS, tool } from '../support/published-routes.js';
import { runLethe } from '../support/run-lethe.js';
import {
  legacyScript,
  type LegacyScript,
  startEverythingUpstream,
  startScriptedUpstream,
} from '../support/upstreams/index.js';
import { listenOnLoopback } from '../support/upstreams/loopback-server.js';
import { modernServer } from '../support/upstreams/modern-server.js';

const MAPPINGS = [{ header: 'Authorization', scheme: 'dpop' as const, required: true }, { header: 'DPoP', required: true }]; // prettier-ignore

describeProxies('tokens that are bound to a key', 1, ({ publish, publishKey, keep }) => {
  const machine = callerMachine({ publish, publishKey });
  let issuer: Issuer;
  let upstream: DpopUpstream;
  let server: PublishedServer;

  async function serve(target: string, gateway: Partial<GatewayDraft> = {}, options: IssuerOptions = { wantsNonce: true }): Promise<void> {
    issuer = keep(await startIssuer(options));
    upstream = keep(await startDpopUpstream(target, issuer));
    upstream.nonce = 'first';
    const gateways = [{ slug: 'tracker', url: upstream.url, items: [tool('echo')], facts: MODERN_FACTS, mappings: MAPPINGS, ...gateway }];
    server = await publish({ slug: 'team', access: 'key', eras: 'both', gateways });
  } // prettier-ignore
  async function serveModern(): Promise<void> {
    const mcp = createMcpHandler(() => modernServer('tracker'), { legacy: 'reject' });
    const handler = toNodeHandler(mcp);
    const { origin } = keep(await listenOnLoopback((request, response) => void handler(request, response)));
    keep(mcp);
    await serve(`${origin}/mcp`);
  }
  const serveLegacy = async (): Promise<void> =>
    serve(keep(await startEverythingUpstream({})).url, { facts: { sessionful: true } });
  const serveScript = async (script: LegacyScript, gateway: Partial<GatewayDraft> = {}): Promise<void> =>
    serve(keep(await startScriptedUpstream(legacyScript({ sessionId: 's', ...script }))).url, {
      facts: { sessionful: true },
      ...gateway,
    });
  const start = (): BridgeStart => ({ ...machine, url: server.url });
  const login = async (...argv: string[]): Promise<void> => {
    const run = await signIn(
      startLethe(['login', server.url, '--store', 'file', ...argv], machine.env, machine.home),
      new Browser(),
    );
    expect(run.code, run.err).toBe(0);
  };
  const echoed = (n: number) => ({ content: [{ type: 'text', text: expect.stringContaining(`n${n}`) }] });
  const numbers = [1, 2, 3, 4, 5];

  it.each([
    ['legacy', 'modern'],
    ['modern', 'modern'],
    ['legacy', 'legacy'],
    ['modern', 'legacy'],
  ] as const)('are taken once, with proofs of the bridge, from a %s client by a %s upstream', async (era, of) => {
    verifies('dpop.bridge');
    await (of === 'modern' ? serveModern() : serveLegacy());
    await login();
    const bridged = keep(era === 'legacy' ? await startLegacy(start()) : await startModern(start()));
    const { client } = bridged;
    const call = (n: number) => client.callTool({ name: 'echo', arguments: of === 'modern' ? { text: `n${n}` } : { message: `n${n}` } });
    const results = await Promise.all(numbers.map(call));
    expect(results, bridged.log()).toMatchObject(numbers.map(echoed));
    // The next nonce is told by a refusal, and each call that meets it is sent again with it.
    upstream.nonce = 'second';
    expect(await Promise.all(numbers.map(call))).toMatchObject(numbers.map(echoed));
    // Where Lethe opens a session for one call, an upstream that wants another nonce each time can't be satisfied.
    upstream.rotates = era === 'legacy' || of === 'modern';
    for (const n of numbers) expect(await call(n)).toMatchObject(echoed(n));
    expect(upstream.wrong()).toEqual([]);
    expect(bridged.log()).toBe('');
    if (of === 'legacy' && era === 'legacy') {
      // One session and its end, not one for each call.
      await client.close();
      await eventually(() => expect(upstream.requests.at(-1)).toMatchObject({ method: 'DELETE', refused: undefined }));
    }
  }); // prettier-ignore

  it('are worth nothing to who reads a request of a proxy', async () => {
    verifies('dpop.token-alone');
    await serveModern();
    await login();
    const { client } = keep(await startModern(start()));
    await client.callTool({ name: 'echo', arguments: { text: 'n1' } });
    const { authorization = '', proof = '' } = upstream.requests.at(-1) ?? {};
    const replay = (headers: Record<string, string>) => fetch(upstream.url, { method: 'POST', headers, body: '{}' });
    const alone = { authorization };
    const asBearer = { authorization: authorization.replace('DPoP', 'Bearer') };
    const all: Record<string, string>[] = [{ authorization, dpop: proof }, alone, asBearer];
    for (const headers of all) {
      expect((await replay(headers)).status).toBe(401);
    }
    expect(upstream.wrong().map(({ refused }) => refused)).toEqual(['invalid_dpop_proof replayed', 'invalid_dpop_proof signature', 'invalid_token']);
  }); // prettier-ignore

  it('are refreshed with the key, once, where the upstream takes one no more', async () => {
    await serveModern();
    await login();
    const { client } = keep(await startLegacy(start()));
    await client.callTool({ name: 'echo', arguments: { text: 'n0' } });
    await issuer.expire();
    const results = await Promise.all(numbers.map((n) => client.callTool({ name: 'echo', arguments: { text: `n${n}` } })));
    expect(results).toMatchObject(numbers.map(echoed));
    expect(issuer.granted.filter(({ grant }) => grant === 'refresh_token')).toHaveLength(1);
    expect(upstream.wrong().every(({ refused }) => refused === 'invalid_token')).toBe(true);
  }); // prettier-ignore

  it('go with each page of a list, and a list with more pages than proofs says so', async () => {
    verifies('dpop.used-up');
    let pages = 8;
    const page = ({ message, reply }: { message: { params?: Record<string, unknown> }; reply: (result: unknown) => void }) => {
      const at = Number(message.params?.['cursor'] ?? 1);
      const tools = at === pages ? [{ name: 'echo', inputSchema: { type: 'object' } }] : [];
      reply({ tools, ...(at < pages && { nextCursor: String(at + 1) }) });
    };
    await serveScript({ answers: { 'tools/list': page } }, { listing: 'live' });
    await login();
    for (const startClient of [startLegacy, startModern]) {
      pages = 8;
      const { client: one } = keep(await startClient(start()));
      expect((await one.listTools()).tools.map(({ name }) => name)).toEqual(['echo']);
      pages = 16;
      // Clients of the modern era keep lists for a while.
      const { client: other } = keep(await startClient(start()));
      const { tools, _meta: meta } = await other.listTools();
      expect(tools).toEqual([]);
      expect(meta?.['lethe/leftOut']).toMatchObject([{ gateway: 'tracker', reason: 'dpop_proofs_used_up', method: 'POST' }]);
    }
    expect(upstream.wrong()).toEqual([]);
  }); // prettier-ignore

  it('keep a stream open that the upstream cuts again and again, for which the bridge signs anew', async () => {
    verifies('dpop.streams');
    await serveScript({
      answers: { GET: ({ response }) => void response.writeHead(200, { 'content-type': 'text/event-stream' }).end('retry: 10\n\n') },
    });
    await login();
    const bridged = keep(await startLegacy(start()));
    const streams = () => upstream.requests.filter(({ method }) => method === 'GET');
    await eventually(() => expect(streams().length).toBeGreaterThan(7), 20_000);
    expect(streams().every(({ refused }) => refused === undefined)).toBe(true);
    expect(upstream.wrong()).toEqual([]);
    expect(bridged.log()).toBe('');
  }); // prettier-ignore

  it('come by a code on any device, and through a bridge that listens', async () => {
    await serveModern();
    const run = startLethe(['login', server.url, 'tracker', '--device', '--store', 'file'], machine.env, machine.home);
    const [, url = '', code = ''] = await run.says(/Go to (\S+) on any device, and type the code (\S+)/);
    await new Browser().confirm(url, code);
    expect((await run.ended).code).toBe(0);
    const bridge = keep(await startListening(start()));
    for (const client of [keep(await connectLegacy(bridge.url, bridge.headers)), keep(await connectModern(bridge.url, bridge.headers))]) {
      expect(await client.callTool({ name: 'echo', arguments: { text: 'n1' } })).toMatchObject(echoed(1));
    }
    expect(upstream.wrong()).toEqual([]);
  }); // prettier-ignore

  it('are given to no program that could not sign, and never come from a server that does not bind them', async () => {
    verifies('dpop.key-stays');
    await serveModern();
    await login();
    for (const argv of [['headers', server.url], ['token', server.url, 'tracker']]) {
      const { out, err, code } = await runLethe(argv, machine.env, machine.home);
      expect([out, code === 0]).toEqual(['', false]);
      expect(err).toMatch(/proofs_needed[^]*lethe bridge|lethe bridge[^]*proofs_needed/);
    }
    expect((await readFile(join(machine.home, '.config/lethe/logins/tokens'))).includes('P-256')).toBe(false);
    await rm(join(machine.home, '.config'), { recursive: true });
    await serve(upstream.url, {}, { withoutDpop: true });
    const refused = await signIn(startLethe(['login', server.url, '--store', 'file'], machine.env, machine.home), new Browser());
    expect(refused.err).toContain('token_not_bound');
  }); // prettier-ignore
});
