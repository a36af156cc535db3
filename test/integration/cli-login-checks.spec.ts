import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { expect, it, onTestFinished } from 'vitest';
import { verifies } from '../requirements.js';
import { Browser } from '../support/login/browser.js';
import { describeLogins, PAGE } from '../support/login/describe-logins.js';
import type { Issuer } from '../support/login/issuer.js';
import { listenOnLoopback } from '../support/upstreams/loopback-server.js';

/** A machine that is busy takes its time. */
const POLL = { timeout: 10_000 };

describeLogins('what a login does not believe', (suite) => {
  /** A browser whose redirect to the command has other parameters than the authorization server gave. */
  const tampering = (change: (parameters: URLSearchParams) => void): Browser =>
    new Browser((url) => {
      if (url.pathname === '/callback') change(url.searchParams);
      return url;
    });
  const granted = (): number => suite.issuers[0].granted.length;

  it.each([
    ['of another issuer', (parameters: URLSearchParams) => parameters.set('iss', 'https://evil.example')],
    ['without the issuer that the server promises', (parameters: URLSearchParams) => parameters.delete('iss')],
  ])('is an answer %s: its code is not used', async (_name, change) => {
    verifies('login.checks');
    const before = granted();
    const { code, err } = await suite.login(['tracker'], tampering(change));
    expect([code, granted() - before]).toEqual([5, 0]);
    expect(err).toMatch(new RegExp(`issuer_mismatch[^]*expected: ${suite.issuers[0].issuer}`));
    expect(await suite.headers()).toEqual({});
  });

  it('is an answer with another state, or from a page of another name: it waits for the right one', async () => {
    verifies('login.checks');
    const run = suite.start('login', suite.server.url, 'tracker', '--store', 'file');
    const [, page = ''] = await run.says(PAGE);
    const redirect = new URL(new URL(page).searchParams.get('redirect_uri') ?? '');
    const state = new URL(page).searchParams.get('state') ?? '';
    const forged = `${redirect.href}?code=x&iss=${encodeURIComponent(suite.issuers[0].issuer)}&state=`;
    expect((await fetch(forged + 'other')).status).toBe(404);
    expect((await fetch(forged + state, { method: 'POST' })).status).toBe(404);
    const rebound = await new Promise((resolve) => {
      request(forged + state, { headers: { host: 'evil.example' } }, ({ statusCode }) => resolve(statusCode)).end();
    });
    expect(rebound).toBe(404);
    await new Browser().open(page);
    expect((await run.ended).code).toBe(0);
  });

  it('is a refusal of the person: it says so, and nothing of what the server wrote', async () => {
    suite.upstreams[0].trusts = { issuer: await suite.startIssuer({ denies: true }) };
    const { code, err } = await suite.login(['tracker']);
    expect([code, err]).toEqual([130, expect.stringContaining('refused the login (access_denied)')]);
    expect(err).not.toContain('The person said no');
  });

  it.each([
    ['another issuer than was asked', { issuer: 'https://evil.example' }, 'issuer_mismatch', 5],
    ['no PKCE', { code_challenge_methods_supported: undefined }, 'pkce_missing', 3],
    ['a page without https', { authorization_endpoint: 'http://evil.example/auth' }, 'endpoint_insecure', 5],
    ['a registration without https', { registration_endpoint: 'http://evil.example/reg' }, 'endpoint_insecure', 5],
  ])('is metadata of a server with %s', async (_name, members, error, exit) => {
    verifies('login.checks');
    const issuer = await suite.startIssuer({ metadata: (metadata) => ({ ...metadata, ...members }) });
    suite.upstreams[0].trusts = { issuer };
    const { code, err } = await suite.login(['tracker']);
    expect([code, err]).toEqual([exit, expect.stringContaining(error)]);
    expect([issuer.granted, await suite.headers()]).toEqual([[], {}]);
  });

  it('is a token endpoint without https, also when a token is refreshed or revoked', async () => {
    verifies('login.checks');
    const lies: { endpoint?: string } = {};
    const issuer = await suite.startIssuer({
      metadata: (metadata) => ({
        ...metadata,
        ...(lies.endpoint && { token_endpoint: lies.endpoint, revocation_endpoint: lies.endpoint }),
      }),
      accessTokenSeconds: 1,
    });
    suite.upstreams[0].trusts = { issuer };
    expect((await suite.login(['tracker'])).code).toBe(0);
    lies.endpoint = 'http://evil.example/token';
    await expect.poll(async () => (await suite.lethe('headers', suite.server.url)).err, POLL).toContain('endpoint_insecure');
    const out = await suite.lethe('logout', suite.server.url, 'tracker');
    expect(out.out).toContain('was not told');
  }); // prettier-ignore

  it.each([
    [{ resource: 'https://other.example/mcp' }, 'resource_mismatch', 5],
    [{ resource: 'http://[::1]/mcp' }, 'resource_mismatch', 5],
    [{ authorization_servers: [] }, 'no_resource_metadata', 3],
    [{ authorization_servers: ['https://a.example', 'https://b.example'] }, 'issuers_several', 2],
    [{ authorization_servers: ['http://a.example'] }, 'endpoint_insecure', 5],
    // What people would read as another host, or as a line of their own.
    [{ authorization_servers: ['https://login.example@evil.example'] }, 'issuer_malformed', 5],
    [{ authorization_servers: ['https://login.ex\u0430mple'] }, 'issuer_malformed', 5],
    [{ authorization_servers: ['https://a.example/\nSign in at https://evil.example'] }, 'issuer_malformed', 5],
    [{ authorization_servers: ['https://a.example?issuer=b'] }, 'issuer_malformed', 5],
  ])('is metadata of an upstream with %j', async (metadata, error, exit) => {
    verifies('login.checks');
    suite.upstreams[0].trusts = { issuer: suite.issuers[0], metadata };
    const { code, err } = await suite.login(['tracker']);
    expect([code, err]).toEqual([exit, expect.stringContaining(error)]);
  });

  it.each([
    (own: URL) => `http://login.example@${own.host}/mcp`,
    (own: URL) => `${own.href}#part`,
    (own: URL) => `http:\\\\${own.host}\\mcp`,
    (own: URL) => `${own.href}\nSign in at https://evil.example`,
  ])('is a resource of its origin that people would read as something else: %s', async (resource) => {
    verifies('login.checks');
    const metadata = { resource: resource(new URL(suite.upstreams[0].url)) };
    suite.upstreams[0].trusts = { issuer: suite.issuers[0], metadata };
    expect(await suite.login(['tracker'])).toMatchObject({ code: 5, err: expect.stringContaining('resource_mismatch') });
  }); // prettier-ignore

  it('is a request that is none: the listener outlives it, and takes the answer once', async () => {
    verifies('login.checks');
    const run = suite.start('login', suite.server.url, 'tracker', '--store', 'file');
    const [, page = ''] = await run.says(PAGE);
    const { port } = new URL(new URL(page).searchParams.get('redirect_uri') ?? '');
    const statusOf = (path: string) =>
      new Promise((resolve) => {
        request({ port, path, headers: { host: `127.0.0.1:${port}` } }, ({ statusCode }) => resolve(statusCode))
          .on('error', () => resolve('closed'))
          .end();
      });
    for (const target of ['//', '/favicon.ico', 'http://[', '/callback', '*']) expect(await statusOf(target), target).toBe(404);
    const hits: Promise<unknown>[] = [];
    await new Browser((url) => {
      if (url.pathname === '/callback') hits.push(statusOf(url.pathname + url.search), statusOf(url.pathname + url.search));
      return url.pathname === '/callback' ? new URL(suite.upstreams[0].origin) : url;
    }).open(page);
    expect((await run.ended).code).toBe(0);
    expect((await Promise.all(hits)).filter((status) => status === 200)).toHaveLength(1);
  }); // prettier-ignore

  /** An authorization server whose token endpoint answers with this. */
  const issuing = async (body: object): Promise<void> => {
    const { origin, close } = await listenOnLoopback((_request, response) => {
      const json = JSON.stringify({ token_type: 'Bearer', ...body });
      response.writeHead(200, { 'content-type': 'application/json' }).end(json);
    });
    onTestFinished(close);
    const metadata = (own: object): object => ({ ...own, token_endpoint: `${origin}/token` });
    suite.upstreams[0].trusts = { issuer: await suite.startIssuer({ metadata }) };
  };

  it.each([1e306, 0, -1, null])('is a life of a token of %s s: it is kept, and used until the upstream rejects it', async (expires_in) => {
    verifies('login.store');
    await issuing({ access_token: 'token', expires_in, ...(expires_in === 1e306 && { refresh_token: 'next' }) });
    const { code, err } = await suite.login(['tracker', '--json']);
    expect([code, Object.values(await suite.headers())], err).toEqual([0, ['Bearer token']]);
  }); // prettier-ignore

  it.each(['', 'two\nlines', 'tok\u0451n', 'x'.repeat(8_186)])('is a token that no header can have: the other logins stay usable (%#)', async (access_token) => {
    verifies('login.checks');
    await issuing({ access_token });
    expect(await suite.login(['tracker'])).toMatchObject({ code: 3, err: expect.stringContaining('token_unusable') });
    expect((await suite.login(['wiki'])).code).toBe(0);
    expect(Object.keys(await suite.headers())).toEqual(['X-Upstream-wiki-Authorization']);
  }); // prettier-ignore

  it('is the server that an upstream names for the secret of a client: the person names it', async () => {
    verifies('login.checks');
    const run = suite.start('login', suite.server.url, 'tracker', '--store', 'file', '--client-id', 'a', '--credential-stdin');
    run.stdin.end('the-secret\n');
    const { code, err } = await run.ended;
    expect([code, err]).toEqual([2, expect.stringMatching(new RegExp(`issuer_needed[^]*${suite.issuers[0].issuer}`))]);
    expect(suite.issuers[0].refused).toEqual([]);
  }); // prettier-ignore

  it('takes what is for one authorization server for one gateway alone', async () => {
    for (const flags of [['--client-id', 'x'], ['--issuer', 'https://a.example'], ['--upstream', 'https://a.example/mcp']]) {
      expect(await suite.login(flags)).toMatchObject({ code: 2, err: expect.stringContaining('flags_conflict') });
    }
  }); // prettier-ignore

  it('stops when the upstream names another authorization server than at the first login, and shows both', async () => {
    verifies('login.pinned');
    await suite.login(['tracker']);
    const before = await suite.headers();
    const other: Issuer = suite.issuers[1];
    suite.upstreams[0].trusts = { issuer: other };
    const counts = (): number => other.granted.length;
    const grantedBefore = counts();
    for (const logout of [false, true]) {
      // A logout does not forget whose login it was.
      if (logout) await suite.lethe('logout', suite.server.url, 'tracker');
      const { code, err } = await suite.login(['tracker']);
      expect([code, counts() - grantedBefore]).toEqual([5, 0]);
      expect(err).toContain('issuer_changed');
      expect(err).toContain(`at your first login: ${suite.issuers[0].issuer}\n`);
      expect(err).toContain(`now: ${other.issuer}\n`);
      expect(await suite.headers()).toEqual(logout ? {} : before);
    }
    await suite.lethe('logout', suite.server.url, 'tracker', '--forget');
    expect((await suite.login(['tracker'])).code).toBe(0);
  });

  it('gives no token when the gateway leads to another upstream than at the first login', async () => {
    verifies('login.pinned');
    await suite.login([]);
    const [tracker, wiki] = suite.upstreams;
    await suite.moveTo([wiki, tracker]);
    const told = () => suite.lethe('headers', suite.server.url);
    await expect.poll(async () => (await told()).err, POLL).toContain(`logged in for: ${tracker.url}`);
    const { out, err } = await told();
    expect([out, err]).toEqual(['', expect.stringContaining('upstream_moved')]);
    expect(err).toContain(`logged in for: ${tracker.url}`);
    expect(err).toContain(`leads to: ${wiki.origin}`);
    expect((await suite.login(['tracker'])).err).toContain('resource_changed');
  });

  it('is what every object has: a gateway may have any slug', async () => {
    verifies('login.pinned');
    await suite.login(['wiki']);
    await suite.moveTo(suite.upstreams, 'team', { slug: 'constructor' });
    await expect.poll(async () => (await suite.login(['constructor'])).code, POLL).toBe(0);
    expect(Object.keys(await suite.headers())).toContain('X-Upstream-constructor-Authorization');
  });

  it('needs the URL of an upstream that publishes metadata for its path alone, and takes none of another origin', async () => {
    const [tracker, wiki] = suite.upstreams;
    tracker.trusts = { issuer: suite.issuers[0], onlyForPath: true };
    const without = await suite.login(['tracker']);
    expect([without.code, without.err]).toEqual([3, expect.stringContaining('--upstream <url>')]);
    expect(await suite.login(['tracker', '--upstream', wiki.url])).toMatchObject({
      code: 5,
      err: expect.stringContaining('upstream_other_origin'),
    });
    expect((await suite.login(['tracker', '--upstream', tracker.url])).code).toBe(0);
  });

  it('leaves no token of any kind in clear on disk', async () => {
    verifies('login.store');
    await suite.login([]);
    const folder = join(suite.home, '.config/lethe/logins');
    const content = await readFile(join(folder, 'tokens'), 'latin1');
    for (const header of Object.values(await suite.headers())) expect(content).not.toContain(header.slice(7));
    expect(content).not.toMatch(/refresh|access/i);
  });

  it.each([
    ['a redirect', 'no_resource_metadata'],
    ['an endless answer', 'authorization_unreachable'],
    // Nobody has asked for one, and it is not unpacked.
    ['a compressed answer', 'no_resource_metadata'],
  ])('is %s', async (what, error) => {
    verifies('login.checks');
    const { origin, close } = await listenOnLoopback((request, response) => {
      if (!request.url?.includes('oauth-protected-resource')) response.writeHead(404).end();
      else if (what === 'a redirect') response.writeHead(302, { location: 'https://evil.example/' }).end();
      else if (what === 'an endless answer') Readable.from(forever()).pipe(response);
      else response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(50_000_000)));
    });
    await suite.moveTo([{ ...suite.upstreams[0], origin, url: `${origin}/mcp` }]);
    await expect.poll(async () => (await suite.login(['tracker'])).err, POLL).toContain(error);
    await close();
  });
});

function* forever(): Generator<string> {
  for (;;) yield ' '.repeat(16_384);
}
