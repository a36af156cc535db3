import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { type LetheRun, runLethe } from '@test/support/run-lethe.js';

const HOME_TOKEN = 'lethe_admin_of-this-home';
const GIVEN_TOKEN = 'lethe_admin_given';

/** A server that notes the credentials of all requests, and shows empty lists, or redirects. */
class Listener {
  readonly tokens: (string | undefined)[] = [];
  redirectTo: string | undefined;
  url = '';
  private constructor(private readonly server: Server) {}

  static async start(): Promise<Listener> {
    const server = createServer();
    const listener = new Listener(server);
    server.on('request', ({ headers, url = '' }, response) => {
      listener.tokens.push(headers.authorization);
      if (listener.redirectTo) response.writeHead(307, { location: `${listener.redirectTo}${url}` }).end();
      else response.end(JSON.stringify({ items: [] }));
    });
    server.on('connect', ({ headers }, socket) => {
      listener.tokens.push(headers.authorization);
      socket.end();
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const address = server.address();
    listener.url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    return listener;
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe("an administrator's token", () => {
  let dir: string;
  let own: Listener;
  let other: Listener;
  let tokenFile: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lethe-cli-'));
    tokenFile = join(dir, 'token');
    [own, other] = await Promise.all([Listener.start(), Listener.start()]);
    await mkdir(join(dir, '.lethe'));
    await runs(own.url);
    await writeFile(join(dir, '.lethe', 'admin-token'), `${HOME_TOKEN}\n`);
    await writeFile(tokenFile, GIVEN_TOKEN);
  });
  afterEach(async () => {
    for (const listener of [own, other]) listener.stop();
    await rm(dir, { recursive: true });
  });

  /** What a Lethe writes that runs in the data directory. */
  function runs(registryUrl: string, pid = process.pid): Promise<void> {
    return writeFile(join(dir, '.lethe', 'runtime.json'), JSON.stringify({ registryUrl, pids: [pid] }));
  }

  function ls(flags: string[] = [], env: NodeJS.ProcessEnv = {}): Promise<LetheRun> {
    return runLethe(['ls', ...flags], env, dir);
  }

  it('of a data directory goes to the registry that runs with it, by whatever name', async () => {
    verifies('cli.token-goes-home');
    for (const flags of [[], ['--url', own.url], ['--url', own.url.replace('127.0.0.1', 'localhost')]]) {
      expect(await ls(flags)).toMatchObject({ code: 0 });
    }
    expect(new Set(own.tokens)).toEqual(new Set([`Bearer ${HOME_TOKEN}`]));
  });

  it('of a data directory goes nowhere else', async () => {
    verifies('cli.token-goes-home');
    const elsewhere = [await ls(['--url', other.url]), await ls([], { LETHE_URL: other.url })];
    await rm(join(dir, '.lethe', 'runtime.json'));
    elsewhere.push(await ls(['--url', own.url]), await ls(['--url', other.url]));
    for (const { code, err } of elsewhere) {
      expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('(token_unknown)') });
      expect(err).toContain('--token-file <path> or LETHE_TOKEN');
    }
    expect([...own.tokens, ...other.tokens]).toEqual([]);
  });

  it('does not go to what listens after Lethe has ended', async () => {
    verifies('cli.token-goes-home');
    const ended = spawn(process.execPath, ['-e', '']);
    await once(ended, 'exit');
    await runs(other.url, ended.pid);
    expect(await ls()).toMatchObject({ code: 2, err: expect.stringContaining('(registry_unknown)') });
    expect(other.tokens).toEqual([]);
  });

  it('that was given goes where the command line says', async () => {
    expect(await ls(['--url', other.url, '--token-file', tokenFile])).toMatchObject({ code: 0 });
    expect(await ls(['--url', other.url], { LETHE_TOKEN: GIVEN_TOKEN })).toMatchObject({ code: 0 });
    expect(new Set(other.tokens)).toEqual(new Set([`Bearer ${GIVEN_TOKEN}`]));
    expect(await ls([], { LETHE_TOKEN: GIVEN_TOKEN })).toMatchObject({ code: 0 });
    expect(new Set(own.tokens)).toEqual(new Set([`Bearer ${GIVEN_TOKEN}`]));
  });

  it('is not followed by a redirect', async () => {
    verifies('cli.token-goes-home');
    own.redirectTo = other.url;
    expect(await ls()).toMatchObject({ code: 3, err: expect.stringContaining('(registry_redirects)') });
    expect(other.tokens).toEqual([]);
  });

  it('does not travel through a network in clear, unless the user says so', async () => {
    verifies('cli.token-goes-home');
    for (const url of ['http://192.0.2.1:4400', 'http://registry.example', 'http://0.0.0.0:4400']) {
      const { code, err } = await ls(['--url', url, '--token-file', tokenFile]);
      expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('(insecure_http)') });
    }
    const meant = ['--url', own.url.replace('127.0.0.1', '0.0.0.0'), '--token-file', tokenFile, '--insecure-http'];
    expect(await ls(meant)).toMatchObject({ code: 0 });
  });

  it('is not handed to a proxy of the environment', async () => {
    verifies('cli.token-goes-home');
    const env = { PATH: process.env['PATH'], NODE_USE_ENV_PROXY: '1', HTTP_PROXY: other.url };
    const script = `
      import { once } from 'node:events';
      import { directRequest } from '${new URL('./registry/direct-request.ts', import.meta.url).href}';
      const request = await directRequest('${own.url}/', { headers: { authorization: 'token' } });
      await once(request.end(), 'response');
      await fetch('${own.url}/', { headers: { authorization: 'control' } });`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect({ own: own.tokens, proxy: other.tokens }).toEqual({ own: ['token'], proxy: ['control'] });
  });

  it.each([
    ['does not exist', 'missing', undefined],
    ['is a directory', '.', undefined],
    ['is empty', 'empty', ' \n'],
    ['must be one word', 'two', 'two words'],
  ])('whose file %s is an error, and no other token is sent for it', async (rule, name, content) => {
    if (content !== undefined) await writeFile(join(dir, name), content);
    const { code, err } = await ls(['--token-file', join(dir, name)], { LETHE_TOKEN: GIVEN_TOKEN });
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining(rule) });
    expect(err).toContain('(token_file)');
    expect(own.tokens).toEqual([]);
  });

  it('that was typed instead of its file is not repeated', async () => {
    expect((await ls(['--token-file', GIVEN_TOKEN])).err).not.toContain(GIVEN_TOKEN);
  });
});
