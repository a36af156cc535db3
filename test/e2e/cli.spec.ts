import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { callEcho } from '../support/calls.js';
import { type Embedded, startEmbedded } from '../support/embedded.js';
import { eventually } from '../support/eventually.js';
import { ROOT } from '../support/processes.js';
import { argumentsInShell, asEchoCall, inShell, printedCommands, without } from '../support/shell-commands.js';
import { startModernUpstream, startScriptedUpstream, type Upstream } from '../support/upstreams/index.js';

const secret = (): string => randomBytes(24).toString('base64url');
const TOKEN = `tok_${secret()}`;
const PASSWORD = secret();
const API_KEY = secret();
const TENANT = secret();
const PAIR = Buffer.from(`me:${PASSWORD}`).toString('base64');

/** Flags, the lines of standard input, and the headers that the upstream takes: exactly these. */
const FLAGS: [string, string[], Record<string, string>][] = [
  ['--bearer', [TOKEN], { authorization: `Bearer ${TOKEN}` }],
  ['--basic me', [PASSWORD], { authorization: `Basic ${PAIR}` }],
  ['--header x-api-key', [API_KEY], { 'x-api-key': API_KEY }],
  ['--header X-Api-Key --header X-Tenant', [API_KEY, TENANT], { 'x-api-key': API_KEY, 'x-tenant': TENANT }],
  ['--bearer --header X-Tenant', [TOKEN, TENANT], { authorization: `Bearer ${TOKEN}`, 'x-tenant': TENANT }],
  ['--no-credential', [], {}],
];

/** What a person sets before the printed commands. */
function variablesOf(slug: string): Record<string, string> {
  const prefix = slug.toUpperCase().replaceAll('-', '_');
  const values = { TOKEN, BASIC: PAIR, X_API_KEY: API_KEY, X_TENANT: TENANT };
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}_${name}`, value]));
}

describe('the lethe command', () => {
  let lethe: Embedded;
  let upstream: Upstream;

  beforeAll(async () => {
    [lethe, upstream] = await Promise.all([startEmbedded(), startModernUpstream({ token: TOKEN, name: 'tracker' })]);
  });
  afterAll(() => Promise.all([lethe?.stop(), upstream?.close()]));

  /** In the directory where `npm start` ran, as a person would. */
  function start(args: string[], script = 'dist/apps/cli/src/main.js'): ChildProcessWithoutNullStreams {
    return spawn(process.execPath, [join(ROOT, script), ...args], {
      cwd: lethe.home,
      detached: true,
      env: { PATH: process.env['PATH'] ?? '', LETHE_HOME: lethe.home, XDG_CONFIG_HOME: join(lethe.home, 'config') },
    });
  }

  async function run(args: string[], input?: string): Promise<{ code: number | null; out: string; err: string }> {
    const command = start(args);
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

  it('does its whole work when the reader of its output has gone', async () => {
    verifies('cli.closed-pipe');
    /** The exit code and standard error of a command whose standard output nobody reads, as after `| head -0`. */
    const unread = async (args: string[]): Promise<{ code: number | null; err: string }> => {
      const command = start(args);
      command.stdout.destroy();
      let err = '';
      command.stderr.on('data', (data: Buffer) => (err += data.toString()));
      const [code] = (await once(command, 'exit')) as [number | null];
      return { code, err };
    };
    for (const args of [
      ['ls', '--json'],
      ['serve', 'Unread', '--from', 'tracker'],
    ]) {
      expect(await unread(args)).toEqual({ code: 0, err: '' });
    }
    expect(await lethe.admin.ask('GET', '/servers/unread')).toMatchObject({ slug: 'unread' });
    const refused = start(['serve', 'Unread', '--from', 'nope']);
    refused.stderr.destroy();
    expect((await once(refused, 'exit'))[0]).toBe(3);
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

  const slugs = async (): Promise<string[]> => {
    const { items } = await lethe.admin.ask<{ items: { slug: string }[] }>('GET', '/gateways');
    return items.map(({ slug }) => slug);
  };

  it.each(FLAGS)('prints calls that work at once: %s', async (flags, secrets, sent) => {
    verifies('cli.snippets-work');
    const accepts = (headers: IncomingHttpHeaders): boolean =>
      ['authorization', 'x-api-key', 'x-tenant'].every((name) => headers[name] === sent[name]);
    const name = `Exact ${flags.replaceAll('-', '')}`;
    const exact = await startModernUpstream({ accepts, name: 'exact' });
    try {
      const stdin = secrets.length > 0 ? ['--credential-stdin'] : [];
      const added = await run(['add', exact.url, '--name', name, ...flags.split(' '), ...stdin], secrets.join('\n'));
      expect(added, added.err).toMatchObject({ code: 0 });
      const next = /^To serve it: lethe (.*)$/m.exec(added.out)?.[1] ?? '';
      const served = await run(next.split(' '));
      expect(served, served.err).toMatchObject({ code: 0 });
      const slug = next.split(' ').at(-1) ?? '';
      const key = /lethe_key_[\w-]+/.exec(served.out)?.[0] ?? '';
      const { curl, claude } = printedCommands(served.out);
      expect(served.out).toContain('export <name>=<value>');
      const variables = { LETHE_KEY: key, ...variablesOf(slug) };
      expect(await inShell(curl, variables)).toContain('"regional"');
      expect(await inShell(asEchoCall(curl), variables)).toContain('exact: hello');
      const headers = [...curl.matchAll(/-H "(X-Upstream-[^:]*):/g)].map(([, header = '']) => header);
      expect(headers.map((header) => header.replace('X-Upstream-', '').toLowerCase())).toEqual(Object.keys(sent));
      for (const header of headers) {
        const lacking = await inShell(without(asEchoCall(curl), header), variables);
        expect(lacking).toContain(header.replace('X-Upstream-', `X-Upstream-${slug}-`));
      }
      // The client expands the variables, so the shell must not.
      expect(await argumentsInShell(claude, 'claude')).toEqual([
        ...['mcp', 'add', '--transport', 'http', slug, `${lethe.proxyUrl}/servers/${slug}/mcp`],
        ...[...curl.matchAll(/-H "(.*)"/g)].flatMap(([, header = '']) => ['--header', header]),
      ]);
    } finally {
      await exact.close();
    }
  });

  it('registers a credential in a query parameter, and prints a call that sends it there', async () => {
    verifies('credential.query');
    const byQuery = await startModernUpstream({ name: 'by-query' });
    try {
      const add = ['add', byQuery.url, '--name', 'By query', '--query', 'api_key', '--credential-stdin'];
      const added = await run(add, API_KEY);
      expect(added, added.err).toMatchObject({ code: 0 });
      expect(added.out + added.err).not.toContain(API_KEY);
      const served = await run(['serve', 'By query', '--from', 'by-query']);
      const key = /lethe_key_[\w-]+/.exec(served.out)?.[0] ?? '';
      const before = byQuery.received.length;
      const variables = { LETHE_KEY: key, BY_QUERY_API_KEY: API_KEY };
      expect(await inShell(asEchoCall(printedCommands(served.out).curl), variables)).toContain('by-query: hello');
      expect(byQuery.received.length).toBeGreaterThan(before);
      expect(new Set(byQuery.received.map(({ path }) => path))).toEqual(new Set([`/mcp?api_key=${API_KEY}`]));
      expect(await run(['verify', 'by-query', '--credential-stdin'], API_KEY)).toMatchObject({ code: 0 });
    } finally {
      await byQuery.close();
    }
  });

  it('takes a registration back that was not verified, says which credential is asked for, and adds it at the next try', async () => {
    verifies('cli.takes-back');
    verifies('verification.required-or-rejected');
    const locked = await startModernUpstream({ token: TOKEN, name: 'locked' });
    try {
      const add = ['add', locked.url, '--name', 'Locked'];
      const open = await run([...add, '--no-credential']);
      expect(open).toMatchObject({ code: 4, err: expect.stringMatching(/credential_required[\s\S]*--bearer/) });
      const wrong = await run([...add, '--bearer', '--credential-stdin'], `${TOKEN}x`);
      expect(wrong).toMatchObject({ code: 4, err: expect.stringContaining('credential_rejected') });
      expect(await slugs()).not.toContain('locked');
      const right = await run([...add, '--bearer', '--credential-stdin'], TOKEN);
      expect(right, right.err).toMatchObject({ code: 0, out: expect.stringContaining('locked is verified') });
      const twice = await run([...add, '--bearer', '--credential-stdin'], TOKEN);
      expect(twice).toMatchObject({ code: 3, err: expect.stringContaining('lethe verify locked') });
      const removed = await run(['rm', 'locked', '--yes']);
      expect(removed).toMatchObject({ code: 0, out: expect.stringContaining('gateway locked') });
      expect(await slugs()).not.toContain('locked');
    } finally {
      await locked.close();
    }
  });

  it('adds a gateway to a virtual server, gives it another key, and removes the gateway again', async () => {
    verifies('cli.says-what-exists');
    const other = await startModernUpstream({ name: 'other' });
    try {
      expect(await run(['add', other.url, '--name', 'Other', '--no-credential'])).toMatchObject({ code: 0 });
      const twice = await run(['serve', 'Team', '--from', 'other']);
      expect(twice).toMatchObject({ code: 3, err: expect.stringContaining('lethe serve team --add --from') });
      expect(await run(['serve', 'team', '--add', '--from', 'other'])).toMatchObject({ code: 0 });
      const key = /lethe_key_[\w-]+/.exec((await run(['key', 'team'])).out)?.[0] ?? '';
      const headers = { authorization: `Bearer ${key}`, 'x-upstream-authorization': `Bearer ${TOKEN}` };
      expect(await callEcho(`${lethe.proxyUrl}/servers/team/mcp`, headers)).toContain('hello');
      expect(await run(['rm', 'other', '--yes'])).toMatchObject({ code: 0, out: expect.stringContaining('team') });
      // The rule for the gateway that is gone is no obstacle.
      const again = await run(['serve', 'team', '--add', '--from', 'tracker']);
      expect(again, again.err).toMatchObject({ code: 0 });
    } finally {
      await other.close();
    }
  });

  it.each([
    ['Ctrl-C', 'SIGINT'],
    ['Ctrl-C at the command of a checkout', 'SIGINT'],
    ['closing the terminal', 'SIGHUP'],
    ['the end of its session', 'SIGTERM'],
  ] as const)('takes a registration back after %s, and ends the handshake', async (how, signal) => {
    verifies('cli.takes-back');
    verifies('verification.cancelled');
    let isCut = false;
    const hanging = await startScriptedUpstream(
      ({ request }) => void request.socket.once('close', () => (isCut = true)),
    );
    try {
      const script = how.endsWith('checkout') ? 'scripts/lethe.mjs' : undefined;
      const command = start(['add', hanging.url, '--name', 'Hanging', '--no-credential'], script);
      let err = '';
      command.stderr.on('data', (data: Buffer) => (err += data.toString()));
      await eventually(() => expect(err).toContain('Registered hanging'));
      await eventually(() => expect(hanging.received).not.toEqual([]));
      // To the process and its children, as a terminal does.
      process.kill(-(command.pid ?? 0), signal);
      const [code] = (await once(command, 'exit')) as [number | null];
      expect({ code, err }).toMatchObject({ code: 130, err: expect.stringContaining('the handshake was ended') });
      expect(isCut).toBe(true);
      expect(await slugs()).not.toContain('hanging');
    } finally {
      await hanging.close();
    }
  });
});
