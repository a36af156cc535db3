import { execFile, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a generator saw. */
export interface Load {
  readonly calls: number;
  readonly failed: number;
  readonly seconds: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface LoadOrder {
  /** Origin of the relay. */
  readonly url: string;
  readonly connections: number;
  readonly seconds: number;
  /** Holds the requests that are sent in turn, as `writeRequests` wrote them. */
  readonly file: string;
}

/** Puts load on a relay for a while. */
export interface Generator {
  readonly name: string;
  load(order: LoadOrder): Promise<Load>;
}

const SCRIPT = fileURLToPath(new URL('wrk.lua', import.meta.url));
/** A load ends by a signal, as wrk itself counts whole seconds only; by itself so much later, when nobody is left to send it. */
const GRACE_SECONDS = 5;

/** wrk where it is installed; else one of our own, which takes more of the machine. */
export function findGenerator(): Generator {
  try {
    execFileSync('wrk', ['-v'], { stdio: 'ignore' });
  } catch (error) {
    // It says its version and ends with 1; only when it is not there is there no status.
    if (!(error instanceof Error) || !('status' in error) || error.status !== 1) return OWN;
  }
  return WRK;
}

const WRK: Generator = {
  name: 'wrk',
  load: ({ url, connections, seconds, file }) =>
    new Promise((resolve, reject) => {
      const limits = ['-t1', `-c${connections}`, `-d${Math.ceil(seconds) + GRACE_SECONDS}s`, '--timeout', '10s'];
      const options = [...limits, '-s', SCRIPT, url, '--', file];
      const wrk = execFile('wrk', options, (error, stdout, stderr) => {
        const line = /^LOAD (.+)$/m.exec(stdout)?.[1];
        if (line === undefined) reject(new Error(`wrk said nothing: ${stderr}`, { cause: error }));
        else resolve(JSON.parse(line));
      });
      setTimeout(() => wrk.kill('SIGINT'), seconds * 1000);
    }),
};

const OWN: Generator = {
  name: "own (node:net; wrk is not installed, so that its calls per second and latencies are this generator's too)",
  load: async (order) => {
    const file = join(dirname(process.argv[1] ?? ''), '../load/load.process.js');
    const child = fork(file, [JSON.stringify(order)]);
    const heard: Load[] = await once(child, 'message');
    if (!heard[0]) throw new Error('the generator said nothing');
    return heard[0];
  },
};

/** A request as a client sends it. */
export interface Sendable {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Writes requests to a file that both generators read, a NUL behind each. */
export async function writeRequests(file: string, requests: readonly Sendable[]): Promise<void> {
  await writeFile(file, requests.map((request) => `${asSent(request)}\0`).join(''));
}

function asSent({ url, headers, body }: Sendable): string {
  const lines = Object.entries({
    host: url.host,
    connection: 'keep-alive',
    ...headers,
    'content-length': Buffer.byteLength(body),
  });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `POST ${url.pathname} HTTP/1.1\r\n${head}\r\n${body}`;
}
