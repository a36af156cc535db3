import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '@lethe/platform';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { startEmbedded } from '../support/embedded.js';
import { eventually } from '../support/eventually.js';
import { makeHome, removeHome, ROOT, until } from '../support/processes.js';

const ENTRY = join(ROOT, 'dist/apps/demo/src/main.js');

describe('npm run demo', () => {
  let home: string;
  let demo: ChildProcess | undefined;
  let said: string;

  beforeEach(async () => {
    home = await makeHome();
  });
  afterEach(async () => {
    if (demo?.exitCode === null) demo.kill('SIGTERM');
    await removeHome(home);
  });

  /** As `npm run demo` does, with temporary folders in a folder of its own. */
  function play(args: string[], env: Record<string, string> = {}): ChildProcess {
    said = '';
    demo = spawn(process.execPath, [ENTRY, ...args], {
      cwd: home,
      env: { PATH: process.env.PATH ?? '', TMPDIR: home, ...env },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    demo.stdout?.on('data', (text: Buffer) => {
      said += text.toString();
    });
    return demo;
  }

  it(
    'does the whole path once beside a running Lethe, finds its control and no piece of the token, and ends with 0',
    { timeout: 180_000 },
    async () => {
      verifies('demo.finds-nothing');
      verifies('demo.keeps-apart');
      const running = await startEmbedded();
      const before = readFileSync(join(running.home, 'runtime.json'), 'utf8');
      const ports = { REGISTRY_PORT: new URL(running.registryUrl).port, PROXY_PORT: new URL(running.proxyUrl).port };
      const [code] = (await once(play(['--once'], { LETHE_HOME: running.home, ...ports }), 'exit')) as [number | null];
      expect([code, said]).toEqual([0, expect.stringContaining("copies of the registration token's pieces: 0")]);
      expect(said).toMatch(/outcome +verified/);
      expect(said).toContain('19 + 23 = 42');
      expect(said).toContain('this call came with the caller token');
      expect(said).toMatch(/refused \.+.*\n +.*No credential was sent for .* in the header X-Upstream-/);
      if (process.platform === 'linux') {
        expect(said).toMatch(/in a file of the data directory: found [1-9]\d* +in the memory of \d+: found [1-9]/);
        expect(said).toMatch(/memory of Lethe \(\d+\) +\d+ MiB {2}found 0/);
      }
      expect(readFileSync(join(running.home, 'runtime.json'), 'utf8')).toBe(before);
      expect(await running.admin.ask('GET', '/gateways')).toMatchObject({ items: [] });
      expect(readdirSync(running.home)).not.toContain('logs');
      expect(readdirSync(home)).toEqual([]);
      await running.stop();
    },
  );

  it('stays up with the addresses, and takes everything down with it', { timeout: 120_000 }, async () => {
    const running = play([]);
    await until('the demo to stay up', () => (said.includes('Connect any MCP client') ? true : undefined), 100_000);
    const ownHome = /LETHE_HOME=(\S+)/.exec(said)?.[1] ?? '';
    const { registryUrl, pids } = JSON.parse(readFileSync(join(ownHome, 'runtime.json'), 'utf8')) as {
      registryUrl: string;
      pids: number[];
    };
    expect((await fetch(`${registryUrl}/readyz`)).status).toBe(200);
    running.kill('SIGINT');
    const isReady = (): Promise<boolean> =>
      fetch(`${registryUrl}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await eventually(async () => expect(await isReady()).toBe(false));
    // npm hands the Ctrl-C of the terminal on, so the demo gets it twice.
    running.kill('SIGINT');
    expect(await once(running, 'exit')).toEqual([0, null]);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(readdirSync(home)).toEqual([]);
  });

  it('ends by itself, with everything that it started, when nobody reads it', { timeout: 120_000 }, async () => {
    verifies('cli.closed-pipe');
    const unread = play([]);
    unread.stdout?.destroy();
    expect(await once(unread, 'exit')).toEqual([0, null]);
    expect(readdirSync(home)).toEqual([]);
  });

  it('ends with 1, says where it stopped when a step fails, and keeps the logs', { timeout: 60_000 }, async () => {
    const [code] = (await once(play(['--once'], { LETHE_SLOTS: 'none' }), 'exit')) as [number | null];
    expect([code, said]).toEqual([1, expect.stringContaining('FAILED')]);
    const logs = /Logs: (\S+)/.exec(said)?.[1] ?? '';
    expect(readFileSync(join(logs, 'lethe.log'), 'utf8')).toContain('LETHE_SLOTS');
  });
});
