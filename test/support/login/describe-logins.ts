import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach } from 'vitest';
import { describeProxies, type PublishedServer } from '../proxy/describe-proxies.js';
import { type GatewayDraft, MODERN_FACTS, tool } from '../published-routes.js';
import { type LetheRun, runLethe } from '../run-lethe.js';
import { Browser } from './browser.js';
import { type Issuer, type IssuerOptions, startIssuer } from './issuer.js';
import { type ProtectedUpstream, startProtectedUpstream } from './protected-upstream.js';
import { type StartedLethe, startLethe } from './started-lethe.js';

/** What `lethe login` says of the page. */
export const PAGE = /(http\S+\/auth(?:orize)?\?\S+)/;

/** A person with a home of their own, at a virtual server of two gateways: `tracker` with the tool `echo`, and `wiki`. */
export interface LoginSuite {
  /** One authorization server for each upstream. */
  issuers: [Issuer, Issuer];
  upstreams: [ProtectedUpstream, ProtectedUpstream];
  server: PublishedServer;
  home: string;
  env: NodeJS.ProcessEnv;
  /** An authorization server that is kept until the end of the test. */
  startIssuer(options: IssuerOptions): Promise<Issuer>;
  /** Publishes the virtual server anew, with these upstreams. @param tracker what its manifest says of that gateway beside */
  moveTo(
    upstreams: readonly ProtectedUpstream[],
    slug?: string,
    tracker?: Partial<GatewayDraft>,
  ): Promise<PublishedServer>;
  lethe(...argv: string[]): Promise<LetheRun>;
  start(...argv: string[]): StartedLethe;
  /** Logs in at `server` with a browser; the store is a file. */
  login(argv: string[], browser?: Browser): Promise<LetheRun>;
  /** The headers of the person's logins. */
  headers(): Promise<Record<string, string>>;
}

/**
 * A suite with one proxy, two authorization servers and two upstreams. Everything in it can be used in tests only.
 * @param settings of the proxy
 */
export function describeLogins(
  title: string,
  tests: (suite: LoginSuite) => void,
  settings: NodeJS.ProcessEnv = {},
): void {
  describeProxies(title, { count: 1, env: settings }, ({ publish, publishKey, keep }) => {
    const suite = {} as LoginSuite;
    beforeAll(async () => {
      const issuers: LoginSuite['issuers'] = [keep(await startIssuer()), keep(await startIssuer())];
      const upstreams: LoginSuite['upstreams'] = [
        keep(await startProtectedUpstream('tracker', issuers[0])),
        keep(await startProtectedUpstream('wiki', issuers[1])),
      ];
      const moveTo: LoginSuite['moveTo'] = (to, slug = 'team', tracker = {}) => {
        const [one, ...others] = to.map(({ url }, n) => gatewayOf(n === 0 ? 'tracker' : 'wiki', url));
        return publish({ slug, gateways: one ? [{ ...one, ...tracker }, ...others] : [] });
      };
      await publish({ slug: 'team', access: 'key', gateways: [] });
      Object.assign(suite, { issuers, upstreams, moveTo });
      suite.env = { LETHE_KEY: await publishKey('team') };
    });
    beforeEach(async () => {
      const home = await mkdtemp(join(tmpdir(), 'lethe-login-'));
      const env = { ...suite.env, HOME: home, LETHE_HOME: home };
      const [one, two] = suite.upstreams;
      one.trusts = { issuer: suite.issuers[0] };
      delete one.forHere;
      delete one.needs;
      two.trusts = { issuer: suite.issuers[1] };
      const server = await suite.moveTo(suite.upstreams);
      const lethe: LoginSuite['lethe'] = (...argv) => runLethe(argv, env, home);
      const start: LoginSuite['start'] = (...argv) => startLethe(argv, env, home);
      Object.assign(suite, { home, env, server, lethe, start });
      suite.startIssuer = async (options) => keep(await startIssuer(options));
      suite.headers = async () => JSON.parse((await lethe('headers', server.url)).out || '{}') as Record<string, string>;
      suite.login = (argv, browser = new Browser()) => signIn(start('login', server.url, ...argv, '--store', 'file'), browser);
    });
    afterEach(() => rm(suite.home, { recursive: true, force: true }));
    tests(suite);
  });
} // prettier-ignore

/** Opens every page that the command names, until it ends. */
export async function signIn(run: StartedLethe, browser: Browser): Promise<LetheRun> {
  for (let page = PAGE; ;) {
    const next = await run.says(page).catch(() => undefined);
    if (!next) return run.ended;
    const [, url = ''] = next;
    // A command that ended meanwhile listens no more.
    await browser.open(url).catch(() => undefined);
    page = new RegExp(`${new URL(url).searchParams.get('state')}[^]*?${PAGE.source}`);
  }
}

function gatewayOf(slug: string, url: string) {
  const mappings = [{ header: 'Authorization', scheme: 'bearer' as const, required: true }];
  return { slug, url, items: [tool(slug === 'tracker' ? 'echo' : 'look')], facts: MODERN_FACTS, mappings };
}
