import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { callEcho } from '../support/calls.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { ROOT } from '../support/processes.js';
import { startModernUpstream, type Upstream } from '../support/upstreams/index.js';

const TOKEN = `tok_${randomBytes(24).toString('base64url')}`;

describe('the lethe command', () => {
  let lethe: Embedded;
  let upstream: Upstream;

  beforeAll(async () => {
    [lethe, upstream] = await Promise.all([startEmbedded(), startModernUpstream({ token: TOKEN, name: 'tracker' })]);
  });
  afterAll(() => Promise.all([lethe?.stop(), upstream?.close()]));

  /** In the directory where `npm start` ran, as a person would. */
  async function run(args: string[], input?: string): Promise<{ code: number | null; out: string; err: string }> {
    const command = spawn(process.execPath, [join(ROOT, 'dist/apps/cli/src/main.js'), ...args], {
      cwd: lethe.home,
      env: { PATH: process.env['PATH'] ?? '', LETHE_HOME: lethe.home, XDG_CONFIG_HOME: join(lethe.home, 'config') },
    });
    const said = { out: '', err: '' };
    command.stdout.on('data', (data: Buffer) => (said.out += data.toString()));
    command.stderr.on('data', (data: Buffer) => (said.err += data.toString()));
    command.stdin.end(input ?? '');
    const [code] = (await once(command, 'exit')) as [number | null];
    return { code, ...said };
  }

  it('registers with a credential from standard input, shows the receipt and never the credential', async () => {
    verifies('cli.whole-path');
    const added = await run(['add', upstream.url, '--name', 'Tracker', '--bearer', '--credential-stdin'], TOKEN);
    expect(added, added.err).toMatchObject({ code: 0 });
    expect(added.out).toMatch(/verified/);
    expect(added.out).toContain(upstream.url);
    expect(added.out + added.err).not.toContain(TOKEN);
  });

  it('makes a virtual server with a key that calls it', async () => {
    verifies('cli.whole-path');
    const served = await run(['serve', 'Team', '--from', 'tracker', '--json']);
    expect(served, served.err).toMatchObject({ code: 0 });
    const key = /lethe_key_[\w-]+/.exec(served.out)?.[0] ?? '';
    // At once: the command waits for the proxy.
    const answer = await callEcho(`${lethe.proxyUrl}/servers/team/mcp`, {
      authorization: `Bearer ${key}`,
      'x-upstream-authorization': `Bearer ${TOKEN}`,
    });
    expect(answer).toContain('hello');
    expect((await run(['ls'])).out).toMatch(/tracker[\s\S]*team/);
  });

  it('verifies again, and a wrong token ends in its code with the catalogue kept', async () => {
    verifies('cli.whole-path');
    expect(await run(['verify', 'tracker', '--bearer', '--credential-stdin'], TOKEN)).toMatchObject({ code: 0 });
    const refused = await run(['verify', 'tracker', '--bearer', '--credential-stdin'], `${TOKEN}x`);
    expect(refused.code).not.toBe(0);
    expect(refused.out + refused.err).toContain('credential_rejected');
    expect(refused.out + refused.err).not.toContain(TOKEN);
    const { items } = await lethe.admin.ask<{ items: unknown[] }>('GET', '/gateways/tracker/tools');
    expect(items.length).toBeGreaterThan(0);
  });

  it('refuses an address that carries a secret before anything is sent', async () => {
    verifies('cli.whole-path');
    const before = (await lethe.admin.ask<{ items: unknown[] }>('GET', '/gateways')).items.length;
    const refused = await run(['add', `${upstream.url}?api_key=${TOKEN}`, '--name', 'Leaky', '--no-credential']);
    expect(refused.code).toBe(2);
    expect(refused.out + refused.err).not.toContain(TOKEN);
    expect((await lethe.admin.ask<{ items: unknown[] }>('GET', '/gateways')).items).toHaveLength(before);
  });
});
