import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { logIn } from '../../apps/cli/src/login/log-in.js';
import { directFetch } from '../../apps/cli/src/mcp/direct-fetch.js';
import { secureFetch } from '../../apps/cli/src/oauth/secure-fetch.js';
import { CliError } from '../../apps/cli/src/errors/cli.error.js';
import { AccessTokens } from '../../apps/cli/src/refresher/access-tokens.js';
import { digestOf } from '../../apps/cli/src/refresher/token-digest.js';
import { SharedTokens } from '../../apps/cli/src/refresher/shared-tokens.js';
import { type LoginStore, MemoryLoginStore } from '../../apps/cli/src/token-store/login-store.js';
import { openStore } from '../../apps/cli/src/token-store/open-store.js';
import { verifies } from '../requirements.js';
import { Browser } from '../support/login/browser.js';
import { type Issuer, startIssuer } from '../support/login/issuer.js';
import { type ProtectedUpstream, startProtectedUpstream } from '../support/login/protected-upstream.js';
import { bundleRefreshing, type RefreshingTask, startRefreshing } from '../support/login/refreshing-task.js';

const SERVER = 'http://127.0.0.1/servers/team/mcp';
const PROCESSES = 8;
const ROUNDS = 50;
const LIFE_MS = 3_600_000;

describe('the tokens of a person', () => {
  let program: string;
  let issuer: Issuer;
  let upstream: ProtectedUpstream;
  let folder: string;
  const fetch = secureFetch(directFetch);

  beforeAll(async () => {
    program = await bundleRefreshing();
  });
  afterAll(() => rm(program, { force: true }));
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'lethe-refresh-')), 'logins');
    issuer = await startIssuer();
    upstream = await startProtectedUpstream('tracker', issuer);
  });
  afterEach(async () => {
    await Promise.all([upstream.close(), issuer.close()]);
    await rm(join(folder, '..'), { recursive: true, force: true });
  });

  const wish = () => ({ server: SERVER, gateway: 'tracker', origin: upstream.origin });
  const login = async (store: LoginStore): Promise<LoginStore> => {
    const screens = {
      firstUse: () => undefined,
      page: (url: string) => new Browser().open(url).then(() => undefined),
      code: () => undefined,
    };
    const parts = { store, fetch, screens, signal: new AbortController().signal, isAlive: async () => true };
    await logIn(wish(), { isDevice: false, mayShare: false }, parts);
    return store;
  };
  const inFile = () => openStore({ folder, kind: 'file', keychainTimeoutMs: 1_000 });
  const refreshes = (): number => issuer.granted.filter(({ grant }) => grant === 'refresh_token').length;
  const task = (own: RefreshingTask['own'], rounds = ROUNDS): RefreshingTask => {
    return { folder, wish: wish(), resource: upstream.url, rounds, own };
  };
  const together = async (one: RefreshingTask, count = PROCESSES) => {
    const all = await Promise.all(Array.from({ length: count }, () => startRefreshing(program, one)));
    return Promise.all(all.map((each) => each.go()));
  };

  it(`are refreshed by one of ${PROCESSES} processes, in ${ROUNDS} rounds of all of them: none is logged out`, async () => {
    verifies('login.one-refresher');
    const store = await login(await inFile());
    const ended = await together(task('shared'));
    expect(ended.flatMap(({ errors }) => errors)).toEqual([]);
    expect(issuer.refused).toEqual([]);
    // Each process saw its own fifty tokens, of which others refreshed most.
    expect(ended.map(({ seen }) => seen)).toEqual(Array.from({ length: PROCESSES }, () => ROUNDS));
    expect(refreshes()).toBeLessThan(PROCESSES * ROUNDS);
    expect(refreshes()).toBeGreaterThanOrEqual(ROUNDS - 1);
    // And the login goes on.
    const { accessToken } = await new AccessTokens(store, fetch).tokenFor(wish());
    expect(await issuer.check(accessToken, upstream.url)).toBe('tools');
  }, 60_000);

  it('would be lost, were each process to refresh for itself (control)', async () => {
    verifies('login.one-refresher');
    const store = await login(await inFile());
    const ended = await together(task('alone', 5));
    expect(ended.flatMap(({ errors }) => errors).length).toBeGreaterThan(0);
    expect(issuer.refused).toContain('invalid_grant');
    const { accessToken } = await new AccessTokens(store, fetch).tokenFor(wish()).catch(() => ({ accessToken: '' }));
    const rejected = digestOf(accessToken);
    await expect(new AccessTokens(store, fetch).tokenFor({ ...wish(), rejected })).rejects.toMatchObject({
      code: 'login_ended',
    });
  });

  it('are refreshed by the next process when the one that did it is killed', async () => {
    verifies('login.one-refresher');
    await login(await inFile());
    // It becomes the refresher, and is still there when the others come.
    const first = new SharedTokens({ folder, openStore: inFile, fetch });
    const { accessToken } = await first.tokenFor(wish());
    const [others, second] = await Promise.all([
      startRefreshing(program, task('shared', 5)),
      startRefreshing(program, task('shared', 5)),
    ]);
    const running = [others.go(), second.go()];
    await first.tokenFor({ ...wish(), rejected: digestOf(accessToken) });
    await first.close();
    expect((await Promise.all(running)).flatMap(({ errors }) => errors)).toEqual([]);
    // One that is killed leaves its socket behind, which nobody answers.
    const killed = await startRefreshing(program, task('shared', 100_000));
    void killed.go().catch(() => undefined);
    await expect.poll(refreshes, { timeout: 10_000 }).toBeGreaterThan(20);
    await killed.kill();
    const next = new SharedTokens({ folder, openStore: inFile, fetch });
    expect((await next.tokenFor(wish())).accessToken).toMatch(/./);
    await next.close();
  });

  it('lose nothing when several processes write at once', async () => {
    verifies('login.one-refresher');
    const store = await login(await inFile());
    expect((await together(task('write', 10))).flatMap(({ errors }) => errors)).toEqual([]);
    const { pins, logins } = await store.read();
    expect([Object.keys(pins).length, Object.keys(logins)]).toEqual([PROCESSES * 10 + 1, [upstream.url]]);
  });

  it('are refreshed once for all who wait, before they end, and when a clock was set back', async () => {
    verifies('login.alive');
    const store = await login(new MemoryLoginStore());
    let now = Date.now();
    const tokens = new AccessTokens(store, fetch, () => now);
    const first = await tokens.tokenFor(wish());
    expect(refreshes()).toBe(0);
    now += LIFE_MS * 0.85;
    const renewed = await Promise.all([tokens.tokenFor(wish()), tokens.tokenFor(wish()), tokens.tokenFor(wish())]);
    expect([new Set(renewed.map(({ accessToken }) => accessToken)).size, refreshes()]).toEqual([1, 1]);
    expect(renewed[0]).not.toEqual(first);
    now -= 2 * LIFE_MS;
    expect((await tokens.tokenFor(wish())).accessToken).not.toBe(renewed[0]?.accessToken);
  });

  it('are got at no port of this machine that a Lethe elsewhere names', async () => {
    verifies('login.checks');
    const asked: string[] = [];
    const watched: typeof fetch = (url, init) => {
      asked.push(String(url));
      return fetch(url, init);
    };
    const screens = { firstUse: () => undefined, page: () => Promise.resolve(undefined), code: () => undefined };
    const { signal } = new AbortController();
    const parts = { store: new MemoryLoginStore(), fetch: watched, screens, signal, isAlive: async () => true };
    const target = { ...wish(), server: 'https://lethe.example/servers/team/mcp' };
    await expect(logIn(target, { isDevice: false, mayShare: false }, parts)).rejects.toMatchObject({ code: 'upstream_insecure' });
    expect(asked).toEqual([]);
  }); // prettier-ignore

  it.each([10, -10, 60, -60, 1_440, -1_440])('are refreshed at the same time by a clock that is %i minutes wrong', async (minutes) => {
    verifies('login.clock');
    const store = await login(new MemoryLoginStore());
    const skew = minutes * 60_000;
    let now = Date.now() + skew;
    await store.change((document) => {
      const own = document.logins[upstream.url]!;
      const tokens = { ...own.tokens, obtainedAt: own.tokens.obtainedAt + skew, expiresAt: own.tokens.expiresAt! + skew };
      return { ...document, logins: { [upstream.url]: { ...own, tokens } } };
    });
    const tokens = new AccessTokens(store, fetch, () => now);
    const isGood = async () => issuer.check((await tokens.tokenFor(wish())).accessToken, upstream.url);
    now += LIFE_MS * 0.79;
    expect([await isGood(), refreshes()]).toEqual(['tools', 0]);
    now += LIFE_MS * 0.02;
    expect([await isGood(), refreshes()]).toEqual(['tools', 1]);
    // Set right, it is asked for once more if that is backwards, or later than its end.
    now -= skew;
    expect([await isGood(), await isGood()]).toEqual(['tools', 'tools']);
    expect(refreshes()).toBe(minutes === -10 ? 1 : 2);
    expect(issuer.refused).toEqual([]);
  }); // prettier-ignore

  it('survive a machine that slept, also while it was asleep in the middle of a refresh', async () => {
    verifies('login.clock');
    const store = await login(new MemoryLoginStore());
    let now = Date.now();
    const slow: typeof fetch = async (url, init) => {
      const response = await fetch(url, init);
      now += 86_400_000;
      return response;
    };
    const tokens = new AccessTokens(store, slow, () => now);
    now += LIFE_MS;
    for (let n = 0; n < 3; n += 1) expect(await issuer.check((await tokens.tokenFor(wish())).accessToken, upstream.url)).toBe('tools');
    expect(issuer.refused).toEqual([]);
  }); // prettier-ignore

  it('are not refreshed where the new ones could not be kept: the old one is used, and nothing is lost', async () => {
    verifies('login.alive');
    const store = await login(new MemoryLoginStore());
    const disk = { isFull: true };
    const full: LoginStore = {
      kind: 'file',
      read: () => store.read(),
      change: (change) => (disk.isFull ? Promise.reject(new CliError('unexpected', 'store_unwritable', 'full')) : store.change(change)),
      erase: () => store.erase(),
      alone: (resource, work) => store.alone(resource, work),
    };
    let now = Date.now() + LIFE_MS * 0.9;
    const tokens = new AccessTokens(full, fetch, () => now);
    expect(await issuer.check((await tokens.tokenFor(wish())).accessToken, upstream.url)).toBe('tools');
    now += LIFE_MS;
    await expect(tokens.tokenFor(wish())).rejects.toMatchObject({ code: 'store_unwritable' });
    expect(refreshes()).toBe(0);
    disk.isFull = false;
    expect(await issuer.check((await tokens.tokenFor(wish())).accessToken, upstream.url)).toBe('tools');
  }); // prettier-ignore

  it('are used until their end, whatever becomes of the refresh; then it says to log in again', async () => {
    verifies('login.alive');
    const store = await login(new MemoryLoginStore());
    const { logins } = await store.read();
    const own = logins[upstream.url];
    let now = Date.now();
    const tokens = new AccessTokens(store, fetch, () => now);
    const stolen = { ...own!, tokens: { ...own!.tokens, refreshToken: 'used-before' } };
    await store.change((document) => ({ ...document, logins: { [upstream.url]: stolen } }));
    now += LIFE_MS * 0.9;
    for (let n = 0; n < 3; n += 1) expect((await tokens.tokenFor(wish())).accessToken).toBe(own?.tokens.accessToken);
    // A server that said no is not asked again.
    expect(issuer.refused).toEqual(['invalid_grant']);
    now += LIFE_MS;
    await expect(tokens.tokenFor(wish())).rejects.toMatchObject({ code: 'login_ended' });
    // Nothing was thrown away, and a new login is taken up at once.
    expect((await store.read()).logins[upstream.url]).toEqual(stolen);
    await login(store);
    now = Date.now();
    expect(await issuer.check((await tokens.tokenFor(wish())).accessToken, upstream.url)).toBe('tools');
  });

  it('survive an authorization server that is down', async () => {
    verifies('login.alive');
    const store = await login(new MemoryLoginStore());
    await issuer.close();
    let now = Date.now() + LIFE_MS * 0.9;
    const tokens = new AccessTokens(store, fetch, () => now);
    expect((await tokens.tokenFor(wish())).accessToken).toMatch(/./);
    now += LIFE_MS;
    await expect(tokens.tokenFor(wish())).rejects.toMatchObject({ code: 'authorization_unreachable' });
    expect((await store.read()).logins[upstream.url]?.tokens.refreshToken).toMatch(/./);
  });
});
