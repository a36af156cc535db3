import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { freePort } from './upstreams/loopback-server.js';
import { NATS_SERVER } from './services/service-variables.js';

export interface NatsServer {
  /** `nats://127.0.0.1:<port>`, without a user. */
  url: string;
  /** JetStream's files. */
  storeDir: string;
  /** The server's log. */
  logFile: string;
  pid: number;
  /** Its monitoring, if the configuration has it. */
  monitorUrl: string | undefined;
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
  const onPort = [...args, '-p', String(await freePort())];
  let running = await launch(folder, onPort);
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
    get monitorUrl() {
      return running.monitorUrl;
    },
    kill: () => end('SIGKILL'),
    stop: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
    restart: async () => {
      await end('SIGTERM');
      running = await launch(folder, onPort);
    },
  };
}

/** Where a server listens. */
interface Ports {
  url: string;
  monitorUrl: string | undefined;
}

async function launch(folder: string, args: string[]): Promise<Ports & { child: ChildProcess }> {
  const binary = binaryOfThisRun();
  if (!binary) throw new Error('this run has no nats-server');
  const ports = join(folder, `ports-${Date.now()}`);
  await mkdir(ports, { recursive: true });
  const child = spawn(binary, ['-a', '127.0.0.1', '--ports_file_dir', ports, ...args], { stdio: 'ignore' });
  const file = join(ports, `nats-server_${child.pid}.ports`);
  for (let waitedMs = 0; waitedMs < 10_000 && child.exitCode === null; waitedMs += 20) {
    const found = await readFile(file, 'utf8').then(portsIn, () => undefined);
    if (found !== undefined) return { child, ...found };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGKILL');
  const log = await readFile(join(folder, 'nats.log'), 'utf8').catch(() => '');
  throw new Error(`nats-server did not start: ${log.slice(-500)}`);
}

function portsIn(text: string): Ports | undefined {
  try {
    const { nats, monitoring }: { nats?: string[]; monitoring?: string[] } = JSON.parse(text);
    return nats?.[0] === undefined ? undefined : { url: nats[0], monitorUrl: monitoring?.[0] };
  } catch {
    return undefined;
  }
}
