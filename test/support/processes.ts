import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A cold start on a busy machine. */
const START_LIMIT_MS = 60_000;

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** A process of the built product, its log on disk (so that leak tests search what was really written). */
export interface ServiceProcess {
  name: string;
  pid: number;
  logFile: string;
  log(): Promise<string>;
  hasExited(): boolean;
  /** Its exit code once it has exited; null if a signal ended it. */
  exitCode(): number | null;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL after 10 s. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export async function makeHome(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'lethe-test-'));
}

export async function removeHome(home: string): Promise<void> {
  await rm(home, { recursive: true, force: true, maxRetries: 5 });
}

/**
 * Starts `dist/apps/<app>/src/main.js` with exactly this environment (plus PATH).
 * @param root where `dist` is, for another version
 */
export function startProcess(
  app: string,
  home: string,
  env: Record<string, string>,
  name = app,
  root = ROOT,
): ServiceProcess {
  const entry = join(root, `dist/apps/${app}/src/main.js`);
  return startCommand([process.execPath, entry], home, env, { name, cwd: home });
}

/** The same for any entry file of the project. */
export function startEntry(file: string, home: string, env: Record<string, string>, name = 'service'): ServiceProcess {
  return startCommand([process.execPath, join(ROOT, file)], home, env, { name, cwd: home });
}

/** The same for any command; `node` is the Node.js of this run. */
export function startCommand(
  [program = '', ...args]: string[],
  home: string,
  env: Record<string, string>,
  { name, cwd }: { name: string; cwd: string },
): ServiceProcess {
  const logFile = join(home, `${name}.log`);
  const log = createWriteStream(logFile, { flags: 'a' });
  const PATH = `${dirname(process.execPath)}${delimiter}${process.env.PATH ?? ''}`;
  const child = spawn(program, args, {
    cwd,
    env: { PATH, LETHE_HOME: home, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  return {
    name,
    pid: child.pid ?? -1,
    logFile,
    log: () => readFile(logFile, 'utf8'),
    hasExited: () => child.exitCode !== null || child.signalCode !== null,
    exitCode: () => child.exitCode,
    signal: (signal) => child.kill(signal),
    stop: () => end(child, 'SIGTERM'),
    kill: () => end(child, 'SIGKILL'),
  };
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  const late = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await exited;
  clearTimeout(late);
}

/** Polls until `probe` gives something; the message says what was awaited. */
export async function until<T>(
  what: string,
  probe: () => Promise<T | undefined> | T | undefined,
  timeoutMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await Promise.resolve(probe()).catch(() => undefined);
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

/** Reads a runtime file once the service has written it. A service that does not start is ended, and its log is shown. */
export async function runtimeOf<T>(process: ServiceProcess, file: string): Promise<T> {
  const read = async (): Promise<{ runtime: T } | 'ended'> =>
    process.hasExited() ? 'ended' : { runtime: JSON.parse(await readFile(file, 'utf8')) as T };
  const found = await until(`${file} of ${process.name}`, read, START_LIMIT_MS).catch(() => 'late' as const);
  if (typeof found === 'object') return found.runtime;
  await process.kill();
  throw new Error(`${process.name} did not start (${found}):\n${(await process.log()).slice(-2_000)}`);
}
