import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { openStore } from '../../apps/cli/src/token-store/open-store.js';
import { verifies } from '../requirements.js';
import { runLethe } from '../support/run-lethe.js';
import { type BridgeStart, startLegacy, startListening, startModern } from '../support/bridge/bridge-process.js';
import { callerMachine } from '../support/bridge/caller-machine.js';
import { Browser } from '../support/login/browser.js';
import { signIn } from '../support/login/describe-logins.js';
import { type Issuer, startIssuer } from '../support/login/issuer.js';
import { type ProtectedUpstream, startProtectedUpstream } from '../support/login/protected-upstream.js';
import { startLethe } from '../support/login/started-lethe.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies, type PublishedServer } from '../support/proxy/describe-proxies.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';

const GATEWAYS = ['tracker', 'wiki', 'chat'];
/** Of one person. Whoever wants to know more takes 50 rounds. */
const BRIDGES = 8;
const ROUNDS = Number(process.env['REFRESH_ROUNDS'] ?? 5);
const MAPPINGS = [{ header: 'Authorization', scheme: 'bearer' as const, required: true }];

describeProxies('lethe bridge', 1, ({ publish, publishKey, keep }) => {
  const machine = callerMachine({ publish, publishKey });
  let issuers: Issuer[];
  let upstreams: ProtectedUpstream[];
  let server: PublishedServer;

  beforeEach(() => serve());

  /** Three upstreams, each with an authorization server of its own. */
  async function serve(accessTokenSeconds = 3_600, rejectedCredential: 'error' | 'http' = 'error'): Promise<void> {
    issuers = await Promise.all(GATEWAYS.map(async () => keep(await startIssuer({ accessTokenSeconds }))));
    upstreams = await Promise.all(issuers.map(async (issuer, n) => keep(await startProtectedUpstream(GATEWAYS[n] ?? '', issuer))));
    const gateways = upstreams.map(({ url }, n) => ({ slug: GATEWAYS[n] ?? '', url, items: [tool('echo')], facts: MODERN_FACTS, mappings: MAPPINGS }));
    const exposed = Object.fromEntries(GATEWAYS.map((slug) => [`${slug} echo`, `${slug}_echo`]));
    server = await publish({ slug: 'team', access: 'key', gateways, exposed, rejectedCredential });
  } // prettier-ignore
  const start = (...flags: string[]): BridgeStart => ({ ...machine, url: server.url, flags });
  const login = async (): Promise<void> => {
    const run = await signIn(
      startLethe(['login', server.url, '--store', 'file'], machine.env, machine.home),
      new Browser(),
    );
    expect(run.code, run.err).toBe(0);
  };
  /** The person's choice of a store, made at an earlier login. */
  const seedStore = async (): Promise<void> => {
    const store = await openStore({
      folder: join(machine.home, '.config/lethe/logins'),
      kind: 'file',
      keychainTimeoutMs: 1_000,
    });
    await store.change((document) => document);
  };
  const call = (gateway: string, text = 'hi') => ({ name: `${gateway}_echo`, arguments: { text } });

  it.each(['legacy', 'modern', 'auto'] as const)('calls three upstreams with three issuers, each with its own token (%s)', async (era) => {
    verifies('bridge.own-tokens');
    await login();
    const bridged = era === 'legacy' ? await startLegacy(start()) : await startModern(start(), era);
    const { client } = keep(bridged);
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(GATEWAYS.map((slug) => `${slug}_echo`));
    const results = await Promise.all(GATEWAYS.map((slug) => client.callTool(call(slug))));
    expect(results.map(({ content }) => content)).toEqual(GATEWAYS.map((slug) => [{ type: 'text', text: `${slug}: hi` }]));
    for (const [n, { tokens, url }] of upstreams.entries()) {
      expect([...new Set(tokens)]).toHaveLength(1);
      expect(await issuers[n]?.check(tokens[0] ?? '', url)).toBe('tools');
    }
    expect(bridged.log()).toBe('');
  }); // prettier-ignore

  it('refreshes a token before it ends, once for all clients of a person', async () => {
    verifies('bridge.refresh');
    const lifeMs = 3_000;
    await serve(lifeMs / 1_000);
    const began = Date.now();
    await login();
    const clients = await Promise.all([startLegacy(start()), startModern(start())].map(async (one) => keep(await one).client));
    const until = Date.now() + 4_500;
    let calls = 0;
    for (; Date.now() < until; calls += 1) {
      const results = await Promise.all(clients.map((client) => client.callTool(call('tracker'))));
      expect(results.map(({ isError }) => isError ?? false)).toEqual([false, false]);
    }
    // Each begins when four fifths of the last token's life are over, or with its end: that is counted in whole seconds.
    const most = Math.floor((Date.now() - began) / (lifeMs - 1_000));
    const refreshes = issuers[0]?.granted.filter(({ grant }) => grant === 'refresh_token').length ?? 0;
    expect(refreshes).toBeGreaterThanOrEqual(1);
    // Not all of the tokens are in a call: on a busy machine, some are replaced before.
    expect(refreshes).toBeLessThanOrEqual(most);
    expect(issuers[0]?.issued.access).toEqual(expect.arrayContaining(upstreams[0]?.tokens ?? []));
    // A second process that refreshes would send a refresh token that was used.
    expect(issuers[0]?.refused).toEqual([]);
  }); // prettier-ignore

  it(`refreshes a token once in each of ${ROUNDS} rounds of ${BRIDGES} bridges at once: nobody is logged out`, async () => {
    verifies('bridge.refresh');
    await login();
    // The first one that needs a token refreshes for all.
    const first = keep(await startLegacy(start()));
    await first.client.callTool(call('tracker'));
    const starting = Array.from({ length: BRIDGES - 1 }, (_, n) => (n % 2 === 0 ? startModern(start()) : startLegacy(start())));
    const bridges = [first, ...(await Promise.all(starting.map(async (one) => keep(await one))))];
    const round = async (n: number): Promise<void> => {
      const results = await Promise.all(bridges.map(({ client }) => client.callTool(call('tracker', String(n)))));
      for (const { content } of results) expect(content).toEqual([{ type: 'text', text: `tracker: ${n}` }]);
    };
    const refreshes = (): number => issuers[0]?.granted.filter(({ grant }) => grant === 'refresh_token').length ?? 0;
    await round(0);
    for (let n = 1; n <= ROUNDS; n += 1) {
      await issuers[0]?.expire();
      // When it is killed, another one takes its place.
      if (n === Math.ceil(ROUNDS / 2)) {
        process.kill(Number(bridges.shift()?.pid()), 'SIGKILL');
        bridges.push(keep(await startModern(start())));
      }
      await round(n);
      expect(refreshes()).toBe(n);
    }
    expect(issuers[0]?.refused).toEqual([]);
    expect(bridges.map(({ log }) => log()).join('')).toBe('');
  }, 30_000 + ROUNDS * 2_000); // prettier-ignore

  it('refreshes a token that the upstream has rejected, and calls again, once', async () => {
    verifies('bridge.rejected');
    await login();
    const { client } = keep(await startLegacy(start()));
    await client.callTool(call('tracker'));
    await issuers[0]?.expire();
    const results = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => client.callTool(call('tracker', String(n)))));
    expect(results.map(({ content }) => content)).toEqual([1, 2, 3, 4, 5, 6, 7, 8].map((n) => [{ type: 'text', text: `tracker: ${n}` }]));
    expect(issuers[0]?.granted.filter(({ grant }) => grant === 'refresh_token')).toHaveLength(1);
    // An upstream that takes no token is asked twice, and no more.
    const seen = upstreams[1]?.tokens ?? [];
    const [one, two] = upstreams;
    if (one && two && issuers[0]) two.trusts = { issuer: issuers[0] };
    expect(await client.callTool(call('wiki'))).toMatchObject({ isError: true });
    expect(seen).toHaveLength(2);
    expect(new Set(seen).size).toBe(2);
  }); // prettier-ignore

  it('does so, too, where Lethe tells rejected credentials by HTTP status', async () => {
    verifies('bridge.rejected');
    await serve(3_600, 'http');
    await login();
    const bridges = await Promise.all([startLegacy(start()), startModern(start())]);
    for (const { client } of bridges.map(keep)) {
      await client.callTool(call('tracker'));
      await issuers[0]?.expire();
      expect(await client.callTool(call('tracker'))).toMatchObject({ content: [{ text: 'tracker: hi' }] });
      const [one, two] = upstreams;
      if (one && two && issuers[0]) two.trusts = { issuer: issuers[0] };
      const told = { reason: 'upstream_rejected_credential', httpStatus: 401 };
      expect(await client.callTool(call('wiki'))).toMatchObject({ isError: true, _meta: { 'lethe/error': told } });
    }
  });

  it('says what to run where nobody has logged in, and calls when somebody has', async () => {
    verifies('bridge.not-logged-in');
    for (const bridged of [keep(await startLegacy(start())), keep(await startModern(start()))]) {
      const result = await bridged.client.callTool(call('wiki'));
      expect(result).toMatchObject({ isError: true, content: [{ text: expect.stringContaining(`lethe login ${server.url} wiki`) }] });
    }
    const { client } = keep(await startLegacy(start()));
    expect(await client.callTool(call('wiki'))).toMatchObject({ isError: true });
    await login();
    expect(await client.callTool(call('wiki'))).toMatchObject({ content: [{ text: 'wiki: hi' }] });
  }); // prettier-ignore

  it.each(['legacy', 'modern'] as const)('asks the person by a URL where the client can show one (%s)', async (era) => {
    verifies('bridge.asks');
    await seedStore();
    const asked: { mode?: string; url?: string; message?: string }[] = [];
    const answer = async ({ params }: { params: object }) => {
      asked.push(params);
      await new Browser().open('url' in params ? String(params.url) : '');
      return { action: 'accept' as const };
    };
    const ask = async () => {
      if (era === 'legacy') {
        return keep(await startLegacy(start(), { elicitation: { url: {} } }, (client) => client.setRequestHandler(ElicitRequestSchema, answer)));
      }
      return keep(
        await startModern(start(), 'modern', (client) => {
          client.registerCapabilities({ elicitation: { url: {} } });
          client.setRequestHandler('elicitation/create', answer);
        }),
      );
    };
    const { client, log } = await ask();
    const results = await Promise.all(['a', 'b'].map((text) => client.callTool(call('chat', text))));
    expect(results.map(({ content }) => content), log()).toEqual(['a', 'b'].map((text) => [{ type: 'text', text: `chat: ${text}` }]));
    expect(asked[0]).toMatchObject({ mode: 'url', message: expect.stringContaining(`Sign in at ${issuers[2]?.issuer} for chat`) });
    expect(new Set(asked.map(({ url }) => url)).size).toBe(1);
    expect(JSON.stringify(asked)).not.toContain('refresh');
  }); // prettier-ignore

  it('tells the model when the person does not sign in', async () => {
    verifies('bridge.asks');
    await seedStore();
    const { client } = keep(await startLegacy(start(), { elicitation: { url: {} } }, (one) => one.setRequestHandler(ElicitRequestSchema, () => ({ action: 'decline' }))));
    expect(await client.callTool(call('chat'))).toMatchObject({ isError: true, content: [{ text: expect.stringMatching(/did not sign in[^]*lethe login/) }] });
  }); // prettier-ignore

  it('takes credentials from variables, for which nobody logs in', async () => {
    verifies('bridge.credential');
    await login();
    const headers = await runLethe(['headers', server.url], machine.env, machine.home);
    const token = (JSON.parse(headers.out) as Record<string, string>)['X-Upstream-wiki-Authorization']?.slice('Bearer '.length);
    await rm(join(machine.home, '.config'), { recursive: true });
    Object.assign(machine.env, { OF_AGENT: token });
    const { client } = keep(await startModern(start('--credential', 'wiki=env:OF_AGENT')));
    expect(await client.callTool(call('wiki'))).toMatchObject({ content: [{ text: 'wiki: hi' }] });
    expect(upstreams.map(({ tokens }) => [...new Set(tokens)])).toEqual([[], [token], []]);
    for (const [flag, code] of [['wiki=env:UNSET', 'variable_unset'], ['wiki=the-secret', 'credential_in_argv'],
      ['Wiki=env:OF_AGENT', 'credential_malformed']]) {
      const { err } = await runLethe(['bridge', server.url, '--credential', flag ?? ''], machine.env, machine.home);
      expect(err).toContain(code);
      expect(err).not.toContain('the-secret');
    }
    const unknown = startLegacy(start('--credential', 'wikki=env:OF_AGENT'));
    await expect(unknown).rejects.toThrow(/--credential names wikki/);
  }); // prettier-ignore

  it('says what is wrong with the set-up in the first response', async () => {
    delete machine.env.LETHE_KEY;
    await expect(startLegacy(start())).rejects.toThrow(/LETHE_KEY is not set/);
    machine.env.LETHE_KEY = machine.key;
    await expect(startLegacy({ ...start(), url: 'http://127.0.0.1:1/servers/team/mcp' })).rejects.toThrow(
      /do not answer/,
    );
  });

  it.each(['error', 'http'] as const)('listens on loopback for clients that know its secret, and for no page (%s)', async (rejected) => {
    verifies('bridge.listens');
    await serve(3_600, rejected);
    await login();
    const { url, headers, close } = keep(await startListening(start()));
    const clients = [keep(await connectLegacy(url, headers)), keep(await connectModern(url, headers))];
    for (const client of clients) expect(await client.callTool(call('wiki'))).toMatchObject({ content: [{ text: 'wiki: hi' }] });
    await issuers[1]?.expire();
    expect(await clients[0]?.callTool(call('wiki'))).toMatchObject({ content: [{ text: 'wiki: hi' }] });
    const statusOf = async (own: Record<string, string>, path = '/mcp') => (await fetch(new URL(path, url), { headers: own })).status;
    expect(await statusOf({})).toBe(401);
    expect(await statusOf({ Authorization: 'Bearer x' })).toBe(401);
    expect(await statusOf({ ...headers, Origin: 'https://evil.example' })).toBe(403);
    expect(await statusOf(headers, '/other')).toBe(404);
    await runLethe(['logout', server.url, 'chat'], machine.env, machine.home);
    expect(await clients[1]?.callTool(call('chat'))).toMatchObject({ isError: true, content: [{ text: expect.stringContaining('lethe login') }] });
    await Promise.all(clients.map((client) => client.close()));
    await close();
  }); // prettier-ignore
});
