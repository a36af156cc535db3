import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { freePort } from '../upstreams/loopback-server.js';

/** A PostgreSQL of its own for one run: on a free port, open to this machine, its files gone after `stop`. */
export interface PostgresCluster {
  /** Of its `postgres` database, as its superuser. */
  url: string;
  /** Where its files are. */
  data: string;
  stop(): Promise<void>;
  /** Sends a signal to its first process. */
  signal(signal: NodeJS.Signals): void;
  isRunning(): Promise<boolean>;
  /** Starts it again on the same port, after it was killed or ended by itself. */
  restart(): Promise<void>;
}

interface Account {
  uid?: number;
  gid?: number;
}

const START_LIMIT_MS = 30_000;
const ATTEMPTS = 3;

/** Nothing here outlives the run. Full pages stay in the log: the search for credentials reads it. */
const SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'on',
};

/** Ends the server and removes its files once its standard input closes, also where the run was killed. */
const UNTIL_INPUT_CLOSES = `
  folder=$1; shift
  exec 3<&0
  "$@" 2> "$folder/log" 3<&- & server=$!
  (cat <&3 > /dev/null; : > "$folder/over.$$"; kill -INT $server 2> /dev/null) &
  wait $server
  [ -e "$folder/over.$$" ] && rm -rf "$folder"`;

/** PostgreSQL refuses to run as root. */
function accountToRunAs(): Account {
  if (process.getuid?.() !== 0) return {};
  const idOf = (name: string, flag: string) => {
    const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
    return status === 0 ? Number(stdout) : undefined;
  };
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = [idOf(name, '-u'), idOf(name, '-g')];
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new Error('it refuses to run as root, and there is no user postgres or nobody');
}

/** The binaries where that account can run them: a checkout below /root is closed to it. */
function reachable(binaries: string, account: Account, folder: string): string {
  if (spawnSync(join(binaries, 'initdb'), ['--version'], account).status === 0) return binaries;
  cpSync(dirname(binaries), join(folder, 'native'), { recursive: true, verbatimSymlinks: true });
  return join(folder, 'native/bin');
}

/** Whether the server of these files answers there, and not another one that took the port. */
async function answers(url: string, data: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ data_directory: string }>('show data_directory');
    return rows[0]?.data_directory === data;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function untilItAnswers(server: ChildProcess, url: string, data: string): Promise<boolean> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (server.exitCode === null && Date.now() < deadline) {
    if (await answers(url, data)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}

function initialize(bin: string, folder: string, data: string, account: Account): void {
  const options = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  const { status, error, stderr } = spawnSync(join(bin, 'initdb'), options, {
    ...account,
    cwd: folder,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`initdb failed: ${(error?.message ?? stderr).trim().slice(-300)}`);
}

function launch(bin: string, folder: string, data: string, port: number, account: Account) {
  const settings = Object.entries({ ...SETTINGS, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  // Ctrl-C ends the tests first, and by that the server: it is not in their group of processes.
  return spawn('/bin/sh', ['-c', UNTIL_INPUT_CLOSES, 'sh', folder, join(bin, 'postgres'), '-D', data, ...settings], {
    ...account,
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
}

type Start = () => Promise<(() => Promise<void>) | undefined>;

function clusterOf(
  { url, folder, data }: { url: string; folder: string; data: string },
  start: Start,
  stop: () => Promise<void>,
): PostgresCluster {
  let stopServer = stop;
  return {
    url,
    data,
    signal: (signal) => {
      process.kill(Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]), signal);
    },
    isRunning: () => answers(url, data),
    restart: async () => {
      const again = await start();
      if (!again) throw new Error(`it does not start again: ${readFileSync(join(folder, 'log'), 'utf8').slice(-300)}`);
      stopServer = again;
    },
    stop: async () => {
      await stopServer();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Starts a server on an empty cluster. @throws Error that says why it cannot */
export async function startPostgresCluster(binaries: string): Promise<PostgresCluster> {
  const account = accountToRunAs();
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lethe-postgres-')));
  const data = join(folder, 'data');
  try {
    if (account.uid !== undefined && account.gid !== undefined) chownSync(folder, account.uid, account.gid);
    const bin = reachable(binaries, account, folder);
    initialize(bin, folder, data, account);
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const port = await freePort();
      const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
      const start = async (): Promise<(() => Promise<void>) | undefined> => {
        const server = launch(bin, folder, data, port, account);
        const exited = once(server, 'exit');
        const stop = async (): Promise<void> => {
          server.stdin.end();
          await exited;
        };
        if (await untilItAnswers(server, url, data)) return stop;
        await stop();
        return undefined;
      };
      const stop = await start();
      if (stop) return clusterOf({ url, folder, data }, start, stop);
    }
    throw new Error(`it does not start: ${readFileSync(join(folder, 'log'), 'utf8').trim().slice(-300)}`);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    throw error;
  }
}
