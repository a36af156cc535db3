import { once } from 'node:events';
import { get, IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type ServiceProcess, startCommand } from '../../support/processes.js';
import { freePort } from '../../support/upstreams/loopback-server.js';
import { canReadMemory, cpuSecondsOf } from './process-memory.js';
import { type Build, type StartScript, startCommandOf } from './builds.js';

/** A process that was started, and answers that it is ready. */
export interface Ready {
  readonly process: ServiceProcess;
  /** From the start of the process, in seconds. */
  readonly readyS: number;
  /** CPU time of its process until then, in seconds; undefined where only time is known. */
  readonly cpuS: number | undefined;
}

const LIMIT_MS = 60_000;
/** The clock's grain: what a start takes is some tenths of a second at least. */
const LOOK_MS = 4;
const BARE = `require('node:http').createServer((_, response) => response.end()).listen(process.env.PORT, '127.0.0.1')`;
/** What was started; none outlives the benchmark, also when it is broken off. */
const running = new Set<ServiceProcess>();
process.once('exit', () => {
  for (const each of running) each.signal('SIGKILL');
});
const UPSTREAMS = { LETHE_ALLOWED_UPSTREAMS: '127.0.0.0/8' };

/** All services in one process, as `npm start` starts them; where they listen. */
export interface Embedded extends Ready {
  readonly registryUrl: string;
  readonly proxyUrl: string;
}

/** @param home a folder with what an earlier start left, or an empty one */
export async function startEmbedded(build: Build, home: string, env: Record<string, string> = {}): Promise<Embedded> {
  const [registry, proxy] = [await freePort(), await freePort()];
  const ports = { REGISTRY_PORT: String(registry), PROXY_PORT: String(proxy), DOOR_PORT: '0' };
  const urls = { registryUrl: urlOf(registry), proxyUrl: urlOf(proxy) };
  return { ...(await startReady(build, 'start', home, { ...ports, ...env }, Object.values(urls))), ...urls };
}

/** A proxy alone; where it listens. */
export interface Proxy extends Ready {
  readonly proxyUrl: string;
}

/** What a proxy alone is started with; the file of its routes in `home` is of its port. */
export interface ProxyStart {
  readonly home: string;
  readonly port: number;
  readonly natsUrl: string;
  readonly trustDir: string;
}

export async function startProxy(build: Build, { home, port, natsUrl, trustDir }: ProxyStart): Promise<Proxy> {
  const env = { PROXY_PORT: String(port), NATS_URL: natsUrl, LETHE_TRUST: trustDir };
  const proxyUrl = urlOf(port);
  return { ...(await startReady(build, 'start:proxy', home, env, [proxyUrl])), proxyUrl };
}

function startReady(
  build: Build,
  script: StartScript,
  home: string,
  env: Record<string, string>,
  urls: readonly string[],
): Promise<Ready> {
  const name = `${script.replace(':', '-')}-${build.name}`;
  return readyAfter(
    () => startCommand(startCommandOf(build, script), home, { ...UPSTREAMS, ...env }, { name, cwd: home }),
    urls.map((url) => `${url}/readyz`),
  );
}

/** What Node.js itself takes: a process that answers HTTP, and does nothing else. */
export async function startBareNode(home: string): Promise<Ready> {
  const port = await freePort();
  const start = () =>
    startCommand([process.execPath, '-e', BARE], home, { PORT: String(port) }, { name: 'bare', cwd: home });
  return readyAfter(start, [urlOf(port)]);
}

/** Ends it in order afterwards. */
export async function whileRuns<Started extends Ready, T>(
  started: Promise<Started>,
  use: (started: Started) => Promise<T>,
): Promise<T> {
  const ready = await started;
  try {
    return await use(ready);
  } finally {
    await ready.process.stop();
  }
}

async function readyAfter(start: () => ServiceProcess, urls: readonly string[]): Promise<Ready> {
  const begun = performance.now();
  const process = start();
  running.add(process);
  try {
    await Promise.all(urls.map((url) => answered(process, url, begun)));
  } catch (error) {
    await process.kill();
    throw new Error(`${process.name}: ${(await process.log()).slice(-2_000)}`, { cause: error });
  }
  const readyS = (performance.now() - begun) / 1_000;
  return { process, readyS, cpuS: canReadMemory() ? cpuSecondsOf(process.pid) : undefined };
}

/** Once it says 200. */
async function answered(process: ServiceProcess, url: string, begun: number): Promise<void> {
  for (;;) {
    if (await statusOf(url).then((status) => status === 200, () => false)) return; // prettier-ignore
    if (process.hasExited()) throw new Error('it ended');
    if (performance.now() - begun > LIMIT_MS) throw new Error(`not ready after ${LIMIT_MS} ms`);
    await pause(LOOK_MS);
  }
}

async function statusOf(url: string): Promise<number | undefined> {
  const request = get(url, { agent: false });
  const heard: unknown[] = await once(request, 'response');
  const [response] = heard;
  if (!(response instanceof IncomingMessage)) return undefined;
  response.resume();
  return response.statusCode;
}

function urlOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
