import { access, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { bundleLethe } from '../support/bridge/bridge-process.js';
import { Browser } from '../support/login/browser.js';
import { describeLogins, signIn } from '../support/login/describe-logins.js';
import { standInKeychain } from '../support/login/stand-in-keychain.js';
import { startLetheProcess } from '../support/login/started-lethe.js';

type State = 'present' | 'locked' | 'slow' | 'absent';
const FAILURES = { locked: 'keychain_refused', slow: 'keychain_slow', absent: 'keychain_unavailable' } as const;
/** A machine that is busy takes its time. */
const POLL = { timeout: 10_000 };

describeLogins('a person with a keychain', (suite) => {
  let program: string;
  let takeAway: () => Promise<void>;
  beforeAll(async () => {
    program = await bundleLethe();
    takeAway = await standInKeychain(program);
  });
  afterAll(() => takeAway());

  const start = (state: State, ...argv: string[]) =>
    startLetheProcess([program, ...argv], { ...suite.env, KEYCHAIN: state }, suite.home);
  const folder = (): string => join(suite.home, '.config/lethe/logins');
  const login = (state: State) => start(state, 'login', suite.server.url, 'tracker');

  it('has one key in it and the tokens in a file, and loses neither while it is locked, slow or gone', async () => {
    verifies('login.keychain');
    const { code, err } = await signIn(login('present'), new Browser());
    expect([code, await readdir(folder())], err).toEqual([0, ['tokens']]);
    const [[entry, key] = []] = Object.entries(JSON.parse(await readFile(join(suite.home, 'keychain.json'), 'utf8')) as object); // prettier-ignore
    expect([entry, Buffer.from(String(key), 'base64url').length]).toEqual([`lethe ${folder()}`, 32]);
    const before = await readFile(join(folder(), 'tokens'), 'utf8');
    for (const [state, failure] of Object.entries(FAILURES) as [keyof typeof FAILURES, string][]) {
      const started = performance.now();
      const run = await start(state, 'headers', suite.server.url).ended;
      expect([run.code, run.out, run.err]).toEqual([2, '', expect.stringContaining(failure)]);
      expect(performance.now() - started).toBeLessThan(10_000);
      // A logout ends nothing.
      if (state === 'locked') expect((await start(state, 'logout', suite.server.url, 'tracker').ended).err).toContain(failure); // prettier-ignore
      expect(await readFile(join(folder(), 'tokens'), 'utf8')).toBe(before);
    }
    const { out } = await start('present', 'headers', suite.server.url).ended;
    expect(Object.keys(JSON.parse(out) as object)).toEqual(['X-Upstream-tracker-Authorization']);
    expect((await start('present', 'logout', '--all').ended).out).toContain('revoked');
    expect(JSON.parse(await readFile(join(suite.home, 'keychain.json'), 'utf8'))).toEqual({});
  });

  it.each(['locked', 'absent'] as const)('hears before the page opens that it is %s, and nothing is written', async (state) => {
    verifies('login.keychain');
    const granted = suite.issuers[0].granted.length;
    const run = await login(state).ended;
    expect([run.code, run.err]).toEqual([2, expect.stringContaining(FAILURES[state])]);
    expect(run.err).not.toContain('/auth?');
    expect([await readdir(folder()), suite.issuers[0].granted.length]).toEqual([[], granted]);
  }); // prettier-ignore

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('need not wait for it: %s, to the command alone or from a terminal', async (signal) => {
    verifies('login.ctrl-c');
    for (const how of ['kill', 'interrupt'] as const) {
      await rm(join(suite.home, 'asked'), { force: true });
      const run = login('slow');
      await expect.poll(() => access(join(suite.home, 'asked')).then(() => true, () => false), POLL).toBe(true);
      run[how](signal);
      expect(await run.ended).toMatchObject({ code: 130, err: expect.stringContaining('nothing was kept (cancelled)') });
      expect(await readdir(folder())).toEqual([]);
    }
  }); // prettier-ignore
});
