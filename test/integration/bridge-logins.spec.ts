import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { bundleLethe, type BridgeStart, startLegacy, startModern } from '../support/bridge/bridge-process.js';
import { Browser } from '../support/login/browser.js';
import { signIn } from '../support/login/describe-logins.js';
import { type Issuer, startIssuer } from '../support/login/issuer.js';
import { type ProtectedUpstream, startProtectedUpstream } from '../support/login/protected-upstream.js';
import { startLethe } from '../support/login/started-lethe.js';
import { describeProxies, type PublishedServer } from '../support/proxy/describe-proxies.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';

const GATEWAYS = ['tracker', 'wiki', 'chat'];
const MAPPINGS = [{ header: 'Authorization', scheme: 'bearer' as const, required: true }];

describeProxies('lethe bridge', 1, ({ publish, publishKey, keep }) => {
  let program: string;
  let issuers: Issuer[];
  let upstreams: ProtectedUpstream[];
  let server: PublishedServer;
  let key: string;
  let home: string;
  let env: NodeJS.ProcessEnv;

  beforeAll(async () => {
    program = await bundleLethe();
    await publish({ slug: 'team', access: 'key', gateways: [] });
    key = await publishKey('team');
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'lethe-bridge-'));
    env = { PATH: process.env.PATH, HOME: home, LETHE_HOME: home, LETHE_KEY: key };
    await serve();
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  /** Three upstreams, each with an authorization server of its own. */
  async function serve(accessTokenSeconds = 3_600): Promise<void> {
    issuers = await Promise.all(GATEWAYS.map(async () => keep(await startIssuer({ accessTokenSeconds }))));
    upstreams = await Promise.all(issuers.map(async (issuer, n) => keep(await startProtectedUpstream(GATEWAYS[n] ?? '', issuer))));
    const gateways = upstreams.map(({ url }, n) => ({ slug: GATEWAYS[n] ?? '', url, items: [tool('echo')], facts: MODERN_FACTS, mappings: MAPPINGS }));
    const exposed = Object.fromEntries(GATEWAYS.map((slug) => [`${slug} echo`, `${slug}_echo`]));
    server = await publish({ slug: 'team', access: 'key', gateways, exposed });
  } // prettier-ignore
  const start = (...flags: string[]): BridgeStart => ({ program, url: server.url, env, flags });
  const login = async (): Promise<void> => {
    const run = await signIn(startLethe(['login', server.url, '--store', 'file'], env, home), new Browser());
    expect(run.code, run.err).toBe(0);
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
});
