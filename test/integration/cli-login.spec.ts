import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { Browser } from '../support/login/browser.js';
import { type Issuer, type IssuerOptions, startIssuer } from '../support/login/issuer.js';
import { type ProtectedUpstream, startProtectedUpstream } from '../support/login/protected-upstream.js';
import { startLethe } from '../support/login/started-lethe.js';
import { describeProxies, type PublishedServer } from '../support/proxy/describe-proxies.js';
import { MODERN_FACTS, tool } from '../support/published-routes.js';
import { type LetheRun, runLethe } from '../support/run-lethe.js';

const PAGE = /(http\S+\/auth\?\S+)/;

describeProxies('the login of a person', 1, ({ proxies, publish, publishKey, keep }) => {
  let home: string;
  let env: NodeJS.ProcessEnv;
  let issuers: [Issuer, Issuer];
  let upstreams: [ProtectedUpstream, ProtectedUpstream];
  let server: PublishedServer;
  let key: string;

  beforeAll(async () => {
    issuers = [keep(await startIssuer()), keep(await startIssuer())];
    upstreams = [
      keep(await startProtectedUpstream('tracker', issuers[0])),
      keep(await startProtectedUpstream('wiki', issuers[1])),
    ];
    server = await publishServer(upstreams);
    key = await publishKey(server.path.split('/')[2] ?? '');
  });
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'lethe-login-'));
    env = { HOME: home, LETHE_HOME: home, LETHE_KEY: key };
    await lethe('login', server.url, 'tracker', '--store', 'nowhere');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const publishServer = (to: readonly ProtectedUpstream[]): Promise<PublishedServer> =>
    publish({
      access: 'key',
      gateways: to.map(({ url }, n) => ({
        slug: n === 0 ? 'tracker' : 'wiki',
        url,
        items: [tool('echo')],
        facts: MODERN_FACTS,
        mappings: [{ header: 'Authorization', scheme: 'bearer', required: true }],
      })),
    });
  const lethe = (...argv: string[]): Promise<LetheRun> => runLethe(argv, env, home);
  /** Logs in with the scripted person in front of a browser. */
  const login = async (argv: string[], browser = new Browser()): Promise<LetheRun> => {
    const run = startLethe(['login', ...argv, '--store', 'file'], env, home);
    const pages = new Set<string>();
    const visit = async (): Promise<void> => {
      const [, page = ''] = await run.says(PAGE);
      pages.add(page);
      await browser.open(page);
    };
    await visit().catch(() => undefined);
    return run.ended;
  };

  it('tries', async () => {
    const run = await login([server.url, 'tracker']);
    console.log(run);
    console.log(await lethe('headers', server.url));
    console.log(await lethe('token', server.url, 'tracker', '--json'));
    console.log(await lethe('call', server.url, 'echo', '{"text":"hi"}'));
    console.log(issuers[0].granted, await readdir(join(home, '.config/lethe/logins')));
  });
});
