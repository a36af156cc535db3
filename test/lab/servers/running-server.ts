import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../support/upstreams/loopback-server.js';
import type { ServerAdapter } from './adapter.js';

/** A real server that listens. */
export interface RunningServer {
  url: string;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 60_000;
/** No server is left behind, whatever happens to the lab. */
const LIFE_LIMIT_MS = 300_000;

/** Starts a server on a free port, in a process group of its own, which ends completely. */
export async function startServer(
  adapter: ServerAdapter,
  folder: string,
  more: Record<string, string> = {},
): Promise<RunningServer> {
  const port = await freePort();
  const { command, args, env } = adapter.start({ folder, port });
  const logFile = join(folder, 'server.log');
  const log = openSync(logFile, 'w');
  const server = spawn(command === 'node' ? process.execPath : command, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...inherited(), PORT: String(port), HOST: '127.0.0.1', ...env, ...more },
  });
  closeSync(log);
  const kill = (): void => killGroup(server);
  const end = setTimeout(kill, LIFE_LIMIT_MS);
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    clearTimeout(end);
    process.off('exit', kill);
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    kill();
    await exited;
  };
  if (!(await isListening(server, port))) {
    await stop();
    throw new Error(`${adapter.name} does not start:\n${(await readFile(logFile, 'utf8')).slice(-2_000)}`);
  }
  return { url: `http://127.0.0.1:${port}${adapter.path ?? '/mcp'}`, stop };
}

/** What a program needs to run, and nothing that could be a credential. */
function inherited(): Record<string, string | undefined> {
  const { PATH, HOME, LANG, TMPDIR } = process.env;
  return { PATH, HOME, LANG, TMPDIR };
}

function killGroup({ pid, exitCode, signalCode }: ChildProcess): void {
  if (pid === undefined || exitCode !== null || signalCode !== null) return;
  process.kill(-pid, 'SIGKILL');
}

async function isListening(server: ChildProcess, port: number): Promise<boolean> {
  const end = Date.now() + START_LIMIT_MS;
  while (Date.now() < end && server.exitCode === null && server.signalCode === null) {
    if (await canConnect(port)) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

async function canConnect(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
