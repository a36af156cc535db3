import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync, statSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtFrom } from '../../scripts/packages/bundled-packages.mjs';
import { verifies } from '../requirements.js';
import { callEcho } from '../support/calls.js';
import { type Packed, packAll, unpack } from '../support/packages.js';
import { makeHome, removeHome, ROOT, until } from '../support/processes.js';
import { startModernUpstream } from '../support/upstreams/index.js';

const TOKEN = 'tok_of_the_packed_command';

/** What the gateway's package has, without the console and the compiled code. */
const GATEWAY_FILES = [
  '.env.example',
  'LICENSE',
  'README.md',
  'THIRD_PARTY_LICENSES',
  'deploy/image/apps.mjs',
  'dist/api-page/LICENSE',
  'dist/api-page/NOTICE',
  'dist/api-page/favicon-16x16.png',
  'dist/api-page/favicon-32x32.png',
  'dist/api-page/swagger-ui-bundle.js',
  'dist/api-page/swagger-ui-standalone-preset.js',
  'dist/api-page/swagger-ui.css',
  'dist/apps/demo/src/upstream/main.js',
  ...['connector', 'proxy', 'registry', 'standalone'].flatMap((app) =>
    ['main.cjs', 'main.js'].map((file) => `dist/apps/${app}/src/${file}`),
  ),
  'dist/bundled.cdx.json',
  'dist/database/first.zst',
  'dist/handshake-child/code.cache',
  'dist/handshake-child/code.js',
  'dist/handshake-child/handshake.cache',
  'dist/handshake-child/handshake.js',
  'dist/handshake-child/main.cjs',
  'dist/libs/embedded/src/create-cluster.js',
  'dist/libs/embedded/src/database-worker.js',
  'npm-shrinkwrap.json',
  'package.json',
  'scripts/choose-node.mjs',
  'scripts/find-node.mjs',
  'scripts/gateway/lethe-gateway.sh',
  'scripts/gateway/print-node.mjs',
  'scripts/gateway/start.mjs',
];

/** A legacy client that calls once, as lines. */
function echoMessages(): string {
  const initialize = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'packed', version: '1' } };
  const messages = [
    { id: 1, method: 'initialize', params: initialize },
    { method: 'notifications/initialized' },
    { id: 2, method: 'tools/call', params: { name: 'echo', arguments: { text: 'hello' } } },
  ];
  return messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('');
}

/** The packages that a bundled program imports. */
function importsOf(file: string): string[] {
  const names = [...readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport\(?) ?["']((?:@[^/'"]+\/)?[a-z0-9][^/'"\s]*)["'/]/g)];
  return names.map(([, name = '']) => name).filter((name) => !name.startsWith('node:') && !builtinModules.includes(name));
} // prettier-ignore

/** The sources of bundled files and of those that they import, without what is loaded later, by path. */
function loadedWith(files: string[], loaded = new Map<string, string>()): Map<string, string> {
  for (const file of files) {
    if (loaded.has(file)) continue;
    const source = readFileSync(file, 'utf8');
    loaded.set(file, source);
    const imported = [...source.matchAll(/(?:from|import)"(\.[^"]+)"/g)].map(([, path = '']) =>
      join(dirname(file), path),
    );
    loadedWith(imported, loaded);
  }
  return loaded;
}

describe('the npm packages', () => {
  let cli: Packed;
  let gateway: Packed;
  let folder: string;

  beforeAll(async () => {
    ({ cli, gateway } = packAll());
    folder = await makeHome();
  });
  afterAll(() => removeHome(folder));

  it('lethe has the command alone and needs no other package; for a keychain it uses one', () => {
    const parts = cli.files.filter((file) => /^lib\/[A-Z0-9]{8}\.mjs$/.test(file));
    const others = ['LICENSE', 'README.md', 'THIRD_PARTY_LICENSES', 'bin/lethe.mjs', 'package.json'];
    expect(cli.files).toEqual([...others, ...parts].sort());
    expect([cli.manifest.dependencies, Object.keys(cli.manifest.optionalDependencies)]).toEqual([
      {},
      ['@napi-rs/keyring'],
    ]);
    // A good third of it is the MCP client of `lethe call`.
    expect(statSync(cli.tarball).size).toBeLessThan(500_000);
    expect(Object.keys(cli.manifest.scripts)).toEqual([]);
  });

  it('lethe loads for a bridge what it needs from the start: not zod, no OAuth, no client of the SDK', () => {
    verifies('bridge.light');
    const bin = join(ROOT, 'dist/packages/lethe/bin/lethe.mjs');
    const [, part = ''] = /import\("([^"]+)"\)\)\.makeBridgeProgram/.exec(readFileSync(bin, 'utf8')) ?? [];
    const loaded = loadedWith([bin, join(dirname(bin), part)]);
    const holds = (word: string): boolean => [...loaded.values()].some((source) => source.includes(word));
    // Of zod/mini; then of zod, of OAuth requests, of the token store, of the client, of a listener.
    const words = ['"ZodMiniObject"', '"ZodObject"', 'grant_type', 'createCipheriv', 'listTools', 'node:https"'];
    expect(words.filter(holds)).toEqual(['"ZodMiniObject"', 'node:https"']);
    const builtin = [...loaded.values()].flatMap((source) => [...source.matchAll(/require\('?"?node:(\w+)/g)].map(([, name]) => name));
    expect(builtin).toContain('http');
    expect(builtin.filter((name) => name === 'https' || name === 'tls' || name === 'crypto')).toEqual([]);
  }); // prettier-ignore

  it('lethe-gateway has exactly the services: no test, no source map, nothing of the command', () => {
    const page = globSync('dist/console/**/*.*', { cwd: ROOT, exclude: ['**/*.map'] });
    expect(page).toEqual(expect.arrayContaining(['dist/console/index.html', 'dist/console/index.html.br']));
    const code = gateway.files.filter((file) => /^dist\/apps\/\w+\/src\/main\.cjs\.v[\w.-]+$/.test(file));
    expect(code).toHaveLength(4);
    expect(gateway.files).toEqual([...GATEWAY_FILES, ...code, ...page].sort());
    // Half of it is compiled code. The packages that are not installed any more were three times as much.
    expect(statSync(gateway.tarball).size).toBeLessThan(25_000_000);
  });

  it('lethe-gateway imports only packages that it depends on, each at one exact version that its lock file has', () => {
    const into = join(ROOT, 'dist/packages/lethe-gateway');
    const imported = new Set(globSync('dist/{apps,libs}/**/*.js', { cwd: into }).flatMap((file) => importsOf(join(into, file))));
    const { dependencies, optionalDependencies } = gateway.manifest;
    expect([...imported]).toEqual(['@electric-sql/pglite']);
    expect(Object.keys(dependencies)).toEqual(['@electric-sql/pglite']);
    const { packages } = JSON.parse(readFileSync(join(into, 'npm-shrinkwrap.json'), 'utf8')) as {
      packages: Record<string, { version: string; integrity?: string; dev?: boolean }>;
    };
    for (const [name, version] of Object.entries({ ...dependencies, ...optionalDependencies })) {
      expect([name, packages[`node_modules/${name}`]?.version]).toEqual([name, version]);
    }
    const locked = Object.entries(packages).filter(([key]) => key !== '');
    expect(locked.filter(([, { integrity, dev }]) => integrity === undefined || dev).map(([key]) => key)).toEqual([]);
    expect(packages['node_modules/vitest']).toBeUndefined();
  }); // prettier-ignore

  it('each come with an SBOM of all that they contain or install, and of nothing else', () => {
    const componentsOf = ({ tarball }: Packed): string[] => {
      const { components } = JSON.parse(readFileSync(tarball.replace(/tgz$/, 'cdx.json'), 'utf8')) as {
        components: { name: string; version: string }[];
      };
      return components.map(({ name, version }) => `${name}@${version}`);
    };
    type Packages = Record<string, { version: string }>;
    const packagesOf = (file: string): Packages => (JSON.parse(readFileSync(join(ROOT, file), 'utf8')) as { packages: Packages }).packages;
    const shrinkwrap = packagesOf('dist/packages/lethe-gateway/npm-shrinkwrap.json');
    const all = packagesOf('package-lock.json');
    const bundled = builtFrom(ROOT, (part) => part !== 'command').map((key) => [key, all[key]] as const);
    const named = [...Object.entries(shrinkwrap).slice(1), ...bundled].map(([key, one]) => `${key.replace(/^.*node_modules\//, '')}@${one?.version}`);
    expect(componentsOf(gateway).sort()).toEqual([...new Set(named)].sort());
    expect(named.length).toBeGreaterThan(80);
    const commander = componentsOf(cli).filter((name) => /^(?:commander|zod|jose|fastify)@/.test(name));
    expect(commander.map((name) => name.split('@')[0]).sort()).toEqual(['commander', 'jose', 'zod']);
  }); // prettier-ignore

  it('start, add, serve and call from an empty folder', { timeout: 120_000 }, async () => {
    verifies('deployment.packages');
    const [lethe, start] = [unpack(cli, folder), unpack(gateway, folder)];
    // What npm would install; that nothing else is imported is proved above, and by `npm run lab:packages`.
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules/lethe-gateway/node_modules'));
    const env = { PATH: process.env['PATH'] ?? '', HOME: folder, npm_node_execpath: process.execPath };
    // Not synchronously: the upstream is in this process.
    const run = async (args: string[], input = ''): Promise<string> => {
      const command = spawn(process.execPath, [lethe, ...args], { cwd: folder, env });
      command.stdin.end(input);
      const [out, err] = await Promise.all([text(command.stdout), text(command.stderr)]);
      expect(command.exitCode ?? (await once(command, 'exit'))[0], err).toBe(0);
      return out;
    };
    const ports = { REGISTRY_PORT: '0', PROXY_PORT: '0', DOOR_PORT: '0' };
    const service = spawn(start, [], { cwd: folder, env: { ...env, ...ports }, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [service.stdout, service.stderr])
      stream.on('data', (data: Buffer) => (said += data.toString()));
    const upstream = await startModernUpstream({ token: TOKEN, name: 'tracker' });
    /** Alone in its folder, as with `--omit=optional`. */
    const bridgesAndSaysWhatIsMissing = async (url: string, secrets: Record<string, string>): Promise<void> => {
      verifies('bridge.light');
      const bridge = spawn(process.execPath, [lethe, 'bridge', url], { cwd: folder, env: { ...env, ...secrets } });
      bridge.stdin.end(echoMessages());
      const [out, err] = await Promise.all([text(bridge.stdout), text(bridge.stderr)]);
      const ids = out
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { id: unknown }).id);
      expect({ ids, err, said: out.includes('hello') }).toEqual({ ids: [1, 2], err: '', said: true });
      const login = spawn(process.execPath, [lethe, 'login', url, '--no-browser'], {
        cwd: folder,
        env: { ...env, LETHE_KEY: secrets['LETHE_KEY'] },
      });
      login.stdin.end();
      expect(await text(login.stderr)).toContain('@napi-rs/keyring is not installed');
    };
    try {
      const file = join(folder, '.lethe/runtime.json');
      const runtime = await until('the start', () => readFile(file, 'utf8'), 60_000).catch((error: unknown) => {
        throw new Error(`${String(error)}: ${said}`);
      });
      const { registryUrl, proxyUrl, pids } = JSON.parse(runtime) as { registryUrl: string; proxyUrl: string; pids: number[] }; // prettier-ignore
      // The command becomes the service, so that signals reach it.
      expect(pids).toEqual([service.pid]);
      await run(['add', upstream.url, '--name', 'Tracker', '--bearer', '--credential-stdin'], TOKEN);
      const key = /lethe_key_[\w-]+/.exec(await run(['serve', 'code', '--from', 'tracker']))?.[0] ?? '';
      const page = await (await fetch(`${registryUrl}/console/`)).text();
      const [, script = ''] = /src="(\/console\/assets\/[^"]+\.js)"/.exec(page) ?? [];
      expect(
        (await fetch(registryUrl + script, { headers: { 'accept-encoding': 'br' } })).headers.get('content-encoding'),
      ).toBe('br');
      const headers = { authorization: `Bearer ${key}`, 'x-upstream-authorization': `Bearer ${TOKEN}` };
      const url = `${proxyUrl}/servers/code/mcp`;
      expect(await callEcho(url, headers)).toContain('hello');
      await bridgesAndSaysWhatIsMissing(url, { LETHE_KEY: key, TRACKER_TOKEN: TOKEN });
    } finally {
      const gone = once(service, 'exit');
      service.kill('SIGTERM');
      await Promise.all([upstream.close(), gone]);
    }
  });

  it('lethe-gateway starts what its argument names, and says which there are', () => {
    const start = join(folder, 'node_modules/lethe-gateway/scripts/gateway/lethe-gateway.sh');
    const env = { PATH: process.env['PATH'] ?? '', npm_node_execpath: process.execPath };
    const ask = (...args: string[]) => spawnSync(start, args, { cwd: folder, env, encoding: 'utf8' });
    expect(ask('--version')).toMatchObject({ status: 0, stdout: `${gateway.manifest.version}\n` });
    expect(ask('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining('registry | connector | proxy') });
    expect(ask('regsitry')).toMatchObject({ status: 2, stderr: expect.stringContaining('Usage: lethe-gateway') });
    // A proxy alone needs settings: it names them.
    expect(ask('proxy')).toMatchObject({ status: 1, stderr: expect.stringContaining('NATS_URL') });
  });
});
