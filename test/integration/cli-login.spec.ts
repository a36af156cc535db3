import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { openStore } from '../../apps/cli/src/token-store/open-store.js';
import { runCli } from '../../apps/cli/src/run-cli.js';
import { verifies } from '../requirements.js';
import { Browser } from '../support/login/browser.js';
import { freePort } from '../support/upstreams/loopback-server.js';
import { describeLogins, PAGE } from '../support/login/describe-logins.js';

/** Of a client whose one redirect URI is compared exactly. */
const PORT = String(await freePort());
const DOCUMENT = 'https://company.example/lethe.json';

/** A machine that is busy takes its time. */
const POLL = { timeout: 10_000 };

describeLogins('lethe login', (suite) => {
  const login = (...argv: string[]) => suite.login(argv);

  it('gets a token for each upstream, which goes to that upstream alone', async () => {
    verifies('login.own-machine');
    const { code, out, err } = await login();
    expect([code, out.split('\n').length], err).toEqual([0, 3]);
    const headers = await suite.headers();
    const tokens = ['tracker', 'wiki'].map((slug) => headers[`X-Upstream-${slug}-Authorization`]?.slice('Bearer '.length));
    const checked = suite.upstreams.map(async ({ url }, n) => suite.issuers[n]?.check(tokens[n] ?? '', url));
    expect(await Promise.all(checked)).toEqual(['tools', 'tools']);
    const store = await openStore({ folder: join(suite.home, '.config/lethe/logins'), keychainTimeoutMs: 1_000 });
    const refreshTokens = Object.values((await store.read()).logins).map((one) => one.tokens.refreshToken);
    for (const token of [...tokens, ...refreshTokens]) expect(out + err).not.toContain(token);
    // The command itself calls with them, and so do the clients that it gives them to.
    const called = await suite.lethe('call', suite.server.url, 'echo', '{"text":"hi"}');
    expect(called).toMatchObject({ code: 0, out: 'tracker: hi\n', err: '' });
    expect(suite.upstreams.map(({ tokens: seen }) => [...new Set(seen)])).toEqual([[tokens[0]], []]);
    expect(JSON.parse((await suite.lethe('token', suite.server.url, 'wiki', '--json')).out)).toMatchObject({ accessToken: tokens[1] });
    const asked = suite.issuers.map(({ granted }) => granted.at(-1));
    expect(asked.map((one) => one?.resource)).toEqual(suite.upstreams.map(({ url }) => url));
  }); // prettier-ignore

  it('is shared by virtual servers that have the same upstream, each of which asks first', async () => {
    await login();
    const other = await suite.moveTo(suite.upstreams, 'other');
    const before = await suite.lethe('headers', other.url);
    expect([before.code, before.err]).toEqual([2, expect.stringMatching(/not_logged_in[^]*lethe login http\S+mcp tracker/)]);
    const again = await suite.lethe('login', other.url);
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('has a login that you have already')]);
    expect(JSON.parse((await suite.lethe('headers', other.url)).out)).toEqual(await suite.headers());
  });

  it.each([
    ['dynamic', []],
    ['metadata-document', ['--client-metadata-url', DOCUMENT]],
    ['given', ['--client-id', 'known', '--callback-port', PORT]],
    ['given', ['--client-id', 'confidential', '--credential-stdin']],
  ])('takes a client by each way of registration: %s %j', async (registration, flags) => {
    verifies('login.registration');
    const client = { grant_types: ['authorization_code', 'refresh_token'], response_types: ['code'], application_type: 'native' };
    const issuer = await suite.startIssuer({
      registration: registration === 'dynamic',
      ...(registration === 'metadata-document' && {
        documents: {
          [DOCUMENT]: { ...client, client_id: DOCUMENT, client_name: 'Company', redirect_uris: ['http://127.0.0.1/callback'], token_endpoint_auth_method: 'none' },
        },
      }),
      clients: [
        { ...client, client_id: 'known', redirect_uris: [`http://127.0.0.1:${PORT}/callback`], token_endpoint_auth_method: 'none', application_type: 'web' },
        { ...client, client_id: 'confidential', client_secret: 'the-secret', redirect_uris: ['http://127.0.0.1/callback'] },
      ],
    });
    suite.upstreams[0].trusts = { issuer };
    // Whoever is given a secret is named by the person, and not by the upstream.
    const whose = flags.includes('--credential-stdin') ? ['--issuer', issuer.issuer] : [];
    const run = suite.start('login', suite.server.url, 'tracker', '--store', 'file', '--json', ...flags, ...whose);
    run.stdin.end('the-secret\n');
    const [, page = ''] = await run.says(PAGE);
    await new Browser().open(page);
    const { code, out, err } = await run.ended;
    expect([code, JSON.parse(out || '{}')], err).toEqual([0, { logins: [expect.objectContaining({ registration })] }]);
    expect(out + err).not.toContain('the-secret');
    const [granted] = issuer.granted;
    const known: Record<string, string> = { '--client-id': flags[1] ?? '', '--client-metadata-url': DOCUMENT };
    expect(granted?.client).toEqual(known[flags[0] ?? ''] ?? expect.stringMatching(/.{20}/));
    expect(Object.keys(await suite.headers())).toEqual(['X-Upstream-tracker-Authorization']);
  }); // prettier-ignore

  it('says how to go on where a server takes no clients that nobody registered', async () => {
    suite.upstreams[0].trusts = { issuer: await suite.startIssuer({ registration: false }) };
    const { code, err } = await login('tracker');
    expect([code, err]).toEqual([2, expect.stringMatching(/registration_impossible[^]*--client-id/)]);
  });

  it('asks for the union of scopes when one more is needed', async () => {
    verifies('login.step-up');
    await login('tracker');
    expect((await login('tracker', '--scope', 'issues:write')).code).toBe(0);
    const { 'X-Upstream-tracker-Authorization': header = '' } = await suite.headers();
    const scope = await suite.issuers[0].check(header.slice('Bearer '.length), suite.upstreams[0].url);
    expect(scope?.split(' ').sort()).toEqual(['issues:write', 'tools']);
    // The next login keeps what this one had.
    await login('tracker');
    const { 'X-Upstream-tracker-Authorization': next = '' } = await suite.headers();
    expect(await suite.issuers[0].check(next.slice('Bearer '.length), suite.upstreams[0].url)).toContain(
      'issues:write',
    );
  });

  it('works with a code that is typed on another device', async () => {
    verifies('login.device');
    const run = suite.start('login', suite.server.url, 'tracker', '--device', '--store', 'file');
    const [, url = '', code = ''] = await run.says(/Go to (\S+) on any device, and type the code (\S+)/);
    await new Browser().confirm(url, code);
    expect(await run.ended).toMatchObject({ code: 0, out: expect.stringContaining('logged in at') });
    expect(suite.issuers[0].granted.at(-1)).toMatchObject({ grant: expect.stringContaining('device_code') });
    expect(Object.keys(await suite.headers())).toHaveLength(1);
  });

  it('takes the URL that a browser on another machine ended at, and no other one', async () => {
    verifies('login.device');
    for (const isRight of [false, true]) {
      const run = suite.start('login', suite.server.url, 'tracker', '--store', 'file');
      Object.assign(run.stdin, { isTTY: true });
      const [, page = ''] = await run.says(PAGE);
      await run.says(/URL:/);
      // The browser can't open it: nobody listens there, on its machine.
      const ended: string[] = [];
      await new Browser((url) => {
        if (url.pathname !== '/callback') return url;
        ended.push(url.href);
        return new URL(suite.upstreams[0].origin);
      }).open(page);
      run.stdin.write(`${isRight ? ended[0] : ended[0]?.replace(/state=./, 'state=')}\r`);
      const { code, out, err } = await run.ended;
      expect([code, /logged in|state_mismatch/.exec(out + err)?.[0]]).toEqual(isRight ? [0, 'logged in'] : [5, 'state_mismatch']);
      // The code in it is a secret until it is used.
      expect(err.includes(new URL(ended[0] ?? '').searchParams.get('code') ?? '')).toBe(false);
    }
  }); // prettier-ignore

  it('opens the browser that is named, without a shell between', async () => {
    const opened = join(suite.home, 'opened');
    const program = join(suite.home, 'browser.mjs');
    await writeFile(program, `#!${process.execPath}\nimport { writeFileSync } from 'node:fs';\nwriteFileSync('${opened}', process.argv.slice(2).join('\\n'));\n`, { mode: 0o755 });
    suite.env['BROWSER'] = program;
    const run = suite.start('login', suite.server.url, 'tracker', '--store', 'file');
    const [, page = ''] = await run.says(PAGE);
    await new Browser().open(page);
    expect((await run.ended).code).toBe(0);
    await expect.poll(() => readFile(opened, 'utf8').catch(() => ''), POLL).toBe(page);
  }); // prettier-ignore

  it('ends with Ctrl-C at any time and keeps nothing', async () => {
    verifies('login.ctrl-c');
    for (const flags of [[], ['--device']]) {
      const run = suite.start('login', suite.server.url, 'tracker', '--store', 'file', ...flags);
      await run.says(/auth\?|any device/);
      process.emit('SIGINT');
      expect(await run.ended).toMatchObject({ code: 130, out: '', err: expect.stringContaining('nothing was kept') });
    }
    expect((await suite.lethe('headers', suite.server.url)).code).toBe(2);
  });

  it('finishes a refresh in spite of Ctrl-C: its tokens would be lost', async () => {
    verifies('login.ctrl-c');
    const held: { release?: () => void; isOn: boolean } = { isOn: false };
    const beforeTokenAnswer = async (): Promise<void> => {
      if (held.isOn) await new Promise<void>((resolve) => (held.release = resolve));
    };
    const issuer = await suite.startIssuer({ accessTokenSeconds: 1, beforeTokenAnswer });
    suite.upstreams[0].trusts = { issuer };
    await login('tracker');
    held.isOn = true;
    const refreshing = (async () => {
      for (;;) {
        const run = await suite.lethe('token', suite.server.url, 'tracker');
        if (held.release) return run;
      }
    })();
    await expect.poll(() => held.release, POLL).toBeDefined();
    process.emit('SIGINT');
    held.release?.();
    expect((await refreshing).code).toBe(0);
    held.isOn = false;
    // The rotated refresh token is there, and is good for the next time.
    const refreshes = () => issuer.granted.filter(({ grant }) => grant === 'refresh_token').length;
    await expect.poll(async () => [(await suite.lethe('token', suite.server.url, 'tracker')).code, refreshes()], POLL).toEqual([0, 2]);
    expect(issuer.refused).toEqual([]);
  }); // prettier-ignore

  it('logs in again by itself where a login has ended at its server', async () => {
    const issuer = await suite.startIssuer({ accessTokenSeconds: 1 });
    suite.upstreams[0].trusts = { issuer };
    await login();
    expect((await login()).out).toMatch(/tracker: has a login[^]*wiki: has a login/);
    await issuer.forget();
    await expect
      .poll(async () => (await suite.lethe('token', suite.server.url, 'tracker')).err, POLL)
      .toContain('login_ended');
    expect((await login()).out).toMatch(/tracker: logged in[^]*wiki: has a login/);
  });

  it('keeps tokens in memory alone where the person asks for it, until Ctrl-C', async () => {
    verifies('login.memory');
    const run = suite.start('login', suite.server.url, 'tracker', '--store', 'memory');
    const [, page = ''] = await run.says(PAGE);
    await new Browser().open(page);
    await run.says(/in the memory of this command only/);
    expect(Object.keys(await suite.headers())).toHaveLength(1);
    expect(
      (await readdir(join(suite.home, '.config/lethe/logins'))).filter((name) => /^(tokens|key)/.test(name)),
    ).toEqual([]);
    process.emit('SIGINT');
    expect((await run.ended).code).toBe(0);
    expect(await suite.headers()).toEqual({});
  });

  it('prints tokens into pipes alone', async () => {
    const stdout = Object.assign(new PassThrough(), { isTTY: true });
    const streams = { stdin: new PassThrough(), stdout, stderr: new PassThrough() };
    for (const argv of [['headers', suite.server.url], ['token', suite.server.url, 'tracker']]) {
      expect(await runCli(argv, suite.env, streams, suite.home)).toBe(2);
    }
    expect(String(streams.stderr.read())).toContain('terminal_output');
    expect(streams.stdout.read()).toBeNull();
  }); // prettier-ignore

  it('ends at its authorization server with lethe logout, or says that it lives on there', async () => {
    verifies('login.logout');
    await login();
    const { 'X-Upstream-tracker-Authorization': header = '' } = await suite.headers();
    const out = await suite.lethe('logout', suite.server.url, 'tracker');
    expect(out).toMatchObject({ code: 0, out: expect.stringContaining('its tokens were revoked') });
    expect(await suite.issuers[0].check(header.slice('Bearer '.length), suite.upstreams[0].url)).toBeUndefined();
    expect(Object.keys(await suite.headers())).toEqual(['X-Upstream-wiki-Authorization']);
    const gone = await suite.startIssuer({});
    suite.upstreams[0].trusts = { issuer: gone };
    expect((await login('tracker')).code).toBe(5);
    await suite.lethe('logout', suite.server.url, 'tracker', '--forget');
    expect((await login('tracker')).code).toBe(0);
    await gone.close();
    expect((await suite.lethe('logout', '--all')).out).toMatch(
      /was not told[^]*were revoked|were revoked[^]*was not told/,
    );
    expect(await suite.headers()).toEqual({});
    // With nothing left, another kind of store can be chosen.
    const files = (): Promise<string[]> => readdir(join(suite.home, '.config/lethe/logins'));
    expect(await files()).not.toContain('key');
    // Also where each login has ended before.
    await login('wiki');
    await suite.lethe('logout', suite.server.url);
    expect(await files()).toContain('key');
    expect(await suite.lethe('logout', '--all')).toMatchObject({ code: 0, out: 'Forgotten.\n' });
    expect(await files()).not.toContain('key');
    expect((await suite.lethe('logout', '--all')).err).toContain('not_logged_in');
  });
});
