import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { NATS_SERVER } from './services/service-variables.js';

export interface NatsServer {
  /** `nats://127.0.0.1:<port>`, without a user. */
  url: string;
  /** JetStream's files. */
  storeDir: string;
  /** The server's log. */
  logFile: string;
  pid: number;
  /** Ends it in order and removes its files. */
  stop(): Promise<void>;
  /** SIGKILL; its files stay. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the files it left. */
  restart(): Promise<void>;
}

const binaryOfThisRun = (): string | undefined => process.env[NATS_SERVER];

/** Whether a nats-server can be started here. */
export function isNatsServerAvailable(): boolean {
  return binaryOfThisRun() !== undefined;
}

/** A real nats-server on a free port, with an own folder. `config` is the text of a configuration file. */
export async function startNatsServer(options: { config?: string; jetStream?: boolean } = {}): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'lethe-nats-'));
  const config = join(folder, 'nats.conf');
  const logFile = join(folder, 'nats.log');
  const storeDir = join(folder, 'jetstream');
  await writeFile(config, options.config ?? '');
  const jetStream = options.jetStream === false ? [] : ['-js', '-sd', storeDir];
  const args = ['-c', config, '-l', logFile, ...jetStream];
  let running = await launch(folder, [...args, '-p', '-1']);
  const port = new URL(running.url).port;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (running.child.exitCode !== null || running.child.signalCode !== null) return;
    const exited = once(running.child, 'exit');
    running.child.kill(signal);
    await exited;
  };
  return {
    url: running.url,
    storeDir,
    logFile,
    get pid() {
      return running.child.pid ?? 0;
    },
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
    restart: async () => {
      await end('SIGTERM');
      running = await launch(folder, [...args, '-p', port]);
    },
  };
}

async function launch(folder: string, args: string[]): Promise<{ child: ChildProcess; url: string }> {
  const binary = binaryOfThisRun();
  if (!binary) throw new Error('this run has no nats-server');
  const ports = join(folder, `ports-${Date.now()}`);
  await mkdir(ports, { recursive: true });
  const child = spawn(binary, ['-a', '127.0.0.1', '--ports_file_dir', ports, ...args], { stdio: 'ignore' });
  const file = join(ports, `nats-server_${child.pid}.ports`);
  for (let waitedMs = 0; waitedMs < 10_000 && child.exitCode === null; waitedMs += 20) {
    const url = await readFile(file, 'utf8').then(firstUrl, () => undefined);
    if (url !== undefined) return { child, url };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  const log = await readFile(join(folder, 'nats.log'), 'utf8').catch(() => '');
  throw new Error(`nats-server did not start: ${log.slice(-500)}`);
}

function firstUrl(text: string): string | undefined {
  try {
    const ports: { nats?: string[] } = JSON.parse(text);
    return ports.nats?.[0];
  } catch {
    return undefined;
  }
}
