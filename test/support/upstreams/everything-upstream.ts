import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { freePort } from './loopback-server.js';
import { startRecordingProxy } from './recording-proxy.js';
import type { Upstream, UpstreamLock } from './recorded-request.js';

const entry = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));

const PATHS = { streamableHttp: '/mcp', sse: '/sse' } as const;
type Mode = keyof typeof PATHS;

/** The reference server `@modelcontextprotocol/server-everything` (legacy era, sessions) behind a recording lock. `restart` ends its sessions. */
export async function startEverythingUpstream(
  lock: UpstreamLock,
  mode: Mode = 'streamableHttp',
): Promise<Upstream & { pid: number; restart(): Promise<void> }> {
  let running = await startEverything(mode);
  const proxy = await startRecordingProxy(() => running.port, lock, PATHS[mode]);
  return {
    url: proxy.url,
    received: proxy.received,
    pid: running.server.pid ?? 0,
    restart: async () => {
      await end(running.server);
      running = await startEverything(mode);
    },
    close: async () => {
      await proxy.close();
      await end(running.server);
    },
  };
}

async function startEverything(mode: Mode, attemptsLeft = 3): Promise<{ server: ChildProcess; port: number }> {
  const port = await freePort();
  const server = spawn(process.execPath, [entry, mode], {
    env: { PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (await isListening(server)) return { server, port };
  await end(server);
  if (attemptsLeft <= 1) throw new Error('server-everything does not start');
  return startEverything(mode, attemptsLeft - 1);
}

function isListening(server: ChildProcess): Promise<boolean> {
  return new Promise((resolve) => {
    let said = '';
    server.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
      if (/(listening|running) on port/.test(said)) resolve(true);
      if (said.includes('Failed to start')) resolve(false);
    });
    server.once('exit', () => resolve(false));
  });
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill('SIGKILL');
  await once(server, 'exit');
}
