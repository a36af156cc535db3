import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { callEcho } from '../../support/calls.js';
import { ROOT, until } from '../../support/processes.js';
import { startModernUpstream } from '../../support/upstreams/index.js';

const TOKEN = 'tok_of_the_installed_command';
const INSTALL_LIMIT_MS = 300_000;
const Lock = z.object({ packages: z.record(z.string(), z.object({ version: z.string().optional() })) });

/** Where and with which npm. */
export interface Setup {
  npm: string;
  folder: string;
  registry: string;
}

/**
 * Does what docs/operations/install.md says, in an empty folder with an empty cache, on the system's Node.js.
 * @throws Error when a command fails, the call does, or something else was installed than the lock file of the package names
 */
export async function followReadme({ npm, folder, registry }: Setup): Promise<{ node: string; versions: number }> {
  const cache = join(folder, 'cache');
  const work = join(folder, 'work');
  await mkdir(work, { recursive: true });
  const env = { ...terminalEnvironment(folder), npm_config_cache: cache, npm_config_yes: 'true' };
  const tool = join(folder, 'tool');
  await run('npm', ['install', '--prefix', tool, `npm@${npm}`], folder, env);
  const own = { ...env, npm_config_registry: registry, PATH: `${tool}/node_modules/.bin${delimiter}${env.PATH}` };
  const npx = (args: string[], input?: string): Promise<string> => run('npx', args, work, own, input);
  const node = (await run('node', ['--version'], work, own)).trim();
  const ports = { REGISTRY_PORT: '0', PROXY_PORT: '0', DOOR_PORT: '0' };
  const service = spawn('npx', ['lethe-gateway'], { cwd: work, env: { ...own, ...ports }, stdio: 'inherit' });
  const upstream = await startModernUpstream({ token: TOKEN, name: 'tracker' });
  try {
    const file = join(work, '.lethe/runtime.json');
    const runtime = await until('the start', () => readFile(file, 'utf8'), INSTALL_LIMIT_MS);
    const { proxyUrl } = z.object({ proxyUrl: z.string() }).parse(JSON.parse(runtime));
    await npx(['lethe', 'add', upstream.url, '--name', 'Tracker', '--bearer', '--credential-stdin'], TOKEN);
    const key = /lethe_key_[\w-]+/.exec(await npx(['lethe', 'serve', 'code', '--from', 'tracker']))?.[0] ?? '';
    const headers = { authorization: `Bearer ${key}`, 'x-upstream-authorization': `Bearer ${TOKEN}` };
    const answer = await callEcho(`${proxyUrl}/servers/code/mcp`, headers);
    if (!answer.includes('hello')) throw new Error(`the call failed: ${answer}`);
    return { node, versions: compareWithLock(cache) };
  } finally {
    const gone = once(service, 'exit');
    service.kill('SIGTERM');
    await Promise.all([upstream.close(), gone]);
  }
}

/** The environment of a terminal: without the Node.js of the install, and without what `npm run` adds. */
function terminalEnvironment(folder: string): NodeJS.ProcessEnv & { PATH: string } {
  const entries = Object.entries(process.env).filter(([name]) => !/^npm_/.test(name));
  const isOurs = (path: string): boolean => path.startsWith(join(ROOT, 'node_modules'));
  const PATH = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((path) => !isOurs(path))
    .join(delimiter);
  return { ...Object.fromEntries(entries), PATH, XDG_CONFIG_HOME: join(folder, 'config') };
}

async function run(name: string, args: string[], cwd: string, env: NodeJS.ProcessEnv, input = ''): Promise<string> {
  const command = spawn(name, args, { cwd, env });
  command.stdin.end(input);
  const [out, err] = await Promise.all([text(command.stdout), text(command.stderr)]);
  if (command.exitCode === null) await once(command, 'exit');
  if (command.exitCode !== 0) throw new Error(`${name} ${args.join(' ')}: ${err}`);
  return out;
}

/** The installed versions, in the form `name@version`. */
function versionsIn(file: string): string[] {
  const { packages } = Lock.parse(JSON.parse(readFileSync(file, 'utf8')));
  const named = Object.entries(packages).filter(([key]) => key !== '');
  return named.map(([key, { version = '' }]) => `${key.replace(/^.*node_modules\//, '')}@${version}`);
}

function compareWithLock(cache: string): number {
  const locked = new Set(versionsIn(join(ROOT, 'dist/packages/lethe-gateway/npm-shrinkwrap.json')));
  const installed = globSync('_npx/*/package-lock.json', { cwd: cache }).flatMap((file) =>
    versionsIn(join(cache, file)),
  );
  const others = installed.filter((name) => !locked.has(name) && !/^lethe(?:-gateway)?@/.test(name));
  if (others.length > 0) throw new Error(`not in npm-shrinkwrap.json: ${others.join(', ')}`);
  return installed.length;
}
