import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { NO_LOGINS } from '../../apps/cli/src/token-store/login-record.js';
import { openStore } from '../../apps/cli/src/token-store/open-store.js';
import { verifies } from '../requirements.js';
import { bundleLethe } from '../support/bridge/bridge-process.js';
import { Browser } from '../support/login/browser.js';
import { describeLogins, PAGE, signIn } from '../support/login/describe-logins.js';
import type { Issuer } from '../support/login/issuer.js';
import { startLetheProcess } from '../support/login/started-lethe.js';
import { listenOnLoopback } from '../support/upstreams/loopback-server.js';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const KEPT = { ...NO_LOGINS, logins: {}, pins: {}, clients: {} };
const POLL = { timeout: 10_000 };

describeLogins('a command for logins that is interrupted', (suite) => {
  let program: string;
  beforeAll(async () => {
    program = await bundleLethe();
  });

  const folder = (): string => join(suite.home, '.config/lethe/logins');
  const kept = async () => (await openStore({ folder: folder(), keychainTimeoutMs: 1_000 })).read();
  /** An authorization server that does not answer requests for this path, and when the next one has come. */
  const holdingAt = async (held: RegExp): Promise<{ issuer: Issuer; next: () => Promise<void> }> => {
    const watch = { reached: (): void => undefined };
    const before = (path: string): Promise<void> | undefined => {
      if (!held.test(path)) return undefined;
      watch.reached();
      return new Promise(() => undefined);
    };
    const next = (): Promise<void> => new Promise((resolve) => (watch.reached = resolve));
    return { issuer: await suite.startIssuer({ before }), next };
  };

  it.each([
    ['the metadata are read', /well-known/, []],
    ['a client is registered', /^\/reg$/, []],
    ['the code is exchanged', /^\/token$/, []],
    ['a device code is asked for', /^\/device\/auth$/, ['--device']],
    ['the device code is exchanged', /^\/token$/, ['--device']],
  ])('keeps nothing while %s', async (_step, held, flags) => {
    verifies('login.ctrl-c');
    for (const signal of SIGNALS) {
      const { issuer, next } = await holdingAt(held);
      suite.upstreams[0].trusts = { issuer };
      const reached = next();
      const run = suite.start('login', suite.server.url, 'tracker', '--store', 'file', ...flags);
      const ended = signIn(run, new Browser());
      await reached;
      process.emit(signal);
      expect(await ended).toMatchObject({ code: 130, out: '', err: expect.stringContaining('nothing was kept (cancelled)') });
      expect([await kept(), (await readdir(folder())).sort()]).toEqual([KEPT, ['key', 'tokens']]);
    }
  }); // prettier-ignore

  it('keeps nothing while the browser is waited for, and where the URL of it is asked for', async () => {
    verifies('login.ctrl-c');
    for (const signal of SIGNALS) {
      const run = suite.start('login', suite.server.url, 'tracker', '--store', 'file');
      await run.says(PAGE);
      process.emit(signal);
      expect((await run.ended).code).toBe(130);
    }
    // A prompt reads Ctrl-C itself; a terminal that was closed ends its input.
    for (const end of ['\u0003', undefined]) {
      const run = suite.start('login', suite.server.url, 'tracker', '--store', 'file');
      Object.assign(run.stdin, { isTTY: true });
      await run.says(/URL:/);
      if (end === undefined) run.stdin.end();
      else run.stdin.write(end);
      expect((await run.ended).code).toBe(130);
    }
    expect(await kept()).toEqual(KEPT);
  });

  it('keeps the logins that are whole, and not the one that is not', async () => {
    verifies('login.ctrl-c');
    const { issuer, next } = await holdingAt(/^\/token$/);
    suite.upstreams[1].trusts = { issuer };
    const reached = next();
    const ended = signIn(suite.start('login', suite.server.url, '--store', 'file'), new Browser());
    await reached;
    process.emit('SIGINT');
    expect((await ended).code).toBe(130);
    expect(Object.keys(await suite.headers())).toEqual(['X-Upstream-tracker-Authorization']);
  });

  it('does not wait for another process that keeps the logins busy, and leaves them to it', async () => {
    verifies('login.ctrl-c');
    await mkdir(folder(), { recursive: true, mode: 0o700 });
    await writeFile(join(folder(), 'tokens.lock'), `${process.pid} another`);
    const before = process.listenerCount('SIGTERM');
    const run = suite.start('login', suite.server.url, 'tracker', '--store', 'file');
    await expect.poll(() => process.listenerCount('SIGTERM'), POLL).toBeGreaterThan(before);
    process.emit('SIGTERM');
    expect(await run.ended).toMatchObject({ code: 130, err: expect.stringContaining('nothing was kept') });
    expect(await readdir(folder())).toEqual(['tokens.lock']);
  });

  it('has still all logins when it should end them', async () => {
    verifies('login.logout');
    const { issuer, next } = await holdingAt(/revocation/);
    suite.upstreams[0].trusts = { issuer };
    await suite.login([]);
    const before = await kept();
    for (const which of [[suite.server.url, 'tracker'], ['--all']]) {
      const reached = next();
      const run = suite.start('logout', ...which);
      await reached;
      process.emit('SIGINT');
      expect(await run.ended).toMatchObject({ code: 130, err: expect.stringContaining('still on this machine') });
      expect(await kept()).toEqual(before);
    }
  });

  it('ends at once where it has not begun with anything', async () => {
    verifies('login.ctrl-c');
    const { promise: asked, resolve } = Promise.withResolvers<undefined>();
    const silent = await listenOnLoopback(() => resolve(undefined));
    const argv = [program, 'login', `${silent.origin}/servers/team/mcp`, '--store', 'file'];
    const run = startLetheProcess(argv, suite.env, suite.home);
    await asked;
    run.interrupt('SIGINT');
    expect(await run.ended).toMatchObject({ signal: 'SIGINT', out: '' });
    expect(await readdir(suite.home)).toEqual([]);
    await silent.close();
  });

  it.each([...SIGNALS, 'the end of its input'] as const)('that is a bridge ends while it asks, at %s', async (how) => {
    verifies('login.ctrl-c');
    const store = await openStore({ folder: folder(), kind: 'file', keychainTimeoutMs: 1_000 });
    await store.change((document) => document);
    const run = startLetheProcess([program, 'bridge', suite.server.url], suite.env, suite.home);
    const lines = createInterface({ input: run.stdout })[Symbol.asyncIterator]();
    const send = (message: object) => run.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    const clientInfo = { name: 'x', version: '1' };
    send({ id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: { elicitation: { url: {} } }, clientInfo } });
    await lines.next();
    send({ method: 'notifications/initialized' });
    send({ id: 2, method: 'tools/call', params: { name: 'echo', arguments: { text: 'hi' } } });
    expect((await lines.next()).value).toContain('elicitation/create');
    if (how === 'the end of its input') run.stdin.end();
    else run.interrupt(how);
    expect((await run.ended).code).toBe(0);
    expect([await kept(), (await readdir(folder())).sort()]).toEqual([KEPT, ['key', 'tokens']]);
  }); // prettier-ignore
});
