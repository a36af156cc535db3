import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadTrust } from '@lethe/sealing';
import { Admin } from '../../support/admin.js';
import { servedBy } from '../../support/calls.js';
import { ROOT } from '../../support/processes.js';
import { PublishedRoutes } from '../../support/published-routes.js';
import { freePort } from '../../support/upstreams/loopback-server.js';
import { Child } from '../calls/children.js';
import { CLIENT_HEADERS } from '../calls/measure.js';
import { legacyCall, UPSTREAM_TOKEN } from '../calls/messages.js';
import { GATEWAY, virtualServers } from '../calls/servers.js';
import type { Sendable } from '../load/load.js';
import type { Entry } from '../scale/fleet.js';
import type { World } from '../scale/world.js';
import type { Build } from './builds.js';
import { startEmbedded, startProxy } from './services.js';

/** A process that takes the load of calls, and the call. */
export interface Subject {
  readonly name: 'bare' | 'proxy' | 'embedded';
  /** The bare relay is what the builds are compared with. */
  readonly of: Build['name'] | 'yardstick';
  readonly pid: number;
  readonly call: Sendable;
  stop(): Promise<void>;
}

const CHILDREN = join(ROOT, 'dist/bench/calls');
const SLUG = 'legacy';
const TOKEN = UPSTREAM_TOKEN.slice('Bearer '.length);

/** An upstream that costs next to nothing, in a process of its own. */
export async function startUpstream(home: string): Promise<{ child: Child; origin: string }> {
  const log = join(home, 'upstream.log');
  const { child, ready } = await Child.start<{ origins: string[] }>('upstream', log, {}, {}, CHILDREN);
  return { child, origin: ready.origins[0] ?? '' };
}

export async function bareSubject(home: string, upstream: string): Promise<Subject> {
  const log = join(home, 'bare.log');
  const { child, ready } = await Child.start<{ url: string }>('bare', log, { upstream }, {}, CHILDREN);
  const call = callOf(new URL('/legacy', ready.url), { authorization: UPSTREAM_TOKEN });
  return { name: 'bare', of: 'yardstick', pid: child.pid, call, stop: () => child.stop() };
}

/** A virtual server of one gateway beside those of the world; gives the caller's key. */
export async function publishServer({ trustDir, put }: World, upstream: string): Promise<string> {
  const entries: Entry[] = [];
  const snapshots = {
    put: (...[bucket, key, value]: [Entry[0], string, string]) => void entries.push([bucket, key, value]),
  };
  const routes = new PublishedRoutes({ snapshots }, await loadTrust(trustDir));
  const server = virtualServers([upstream]).find(({ slug }) => slug === SLUG);
  if (!server) throw new Error(`no server ${SLUG}`);
  const { id } = await routes.publish(server);
  const key = await routes.key([id]);
  await put(entries);
  return key;
}

/** @param key as `publishServer` gave it */
export async function proxySubject(build: Build, home: string, world: World, key: string): Promise<Subject> {
  const folder = await folderOf('proxy', build, home);
  const { process, proxyUrl } = await startProxy(build, {
    home: folder,
    port: await freePort(),
    natsUrl: world.natsUrl,
    trustDir: world.trustDir,
  });
  return {
    name: 'proxy',
    of: build.name,
    pid: process.pid,
    call: letheCall(proxyUrl, key),
    stop: () => process.stop(),
  };
}

/** With one gateway, verified by a real handshake, and one virtual server of it. */
export async function embeddedSubject(build: Build, home: string, upstream: string): Promise<Subject> {
  const folder = await folderOf('embedded', build, home);
  const { process, registryUrl, proxyUrl } = await startEmbedded(build, folder);
  try {
    const admin = new Admin(registryUrl, (await readFile(join(folder, 'admin-token'), 'utf8')).trim());
    const { slug, verification } = await admin.register({ name: GATEWAY, url: `${upstream}/legacy` }, TOKEN);
    if (verification.state !== 'verified') throw new Error(`not verified: ${verification.code ?? verification.state}`);
    await admin.ask('POST', '/servers', { name: SLUG, slug: SLUG, include: [{ gateway: slug }], access: 'key' });
    const key = await admin.callerKey();
    await servedBy(proxyUrl, SLUG, key);
    const call = letheCall(proxyUrl, key);
    return { name: 'embedded', of: build.name, pid: process.pid, call, stop: () => process.stop() };
  } catch (error) {
    await process.stop();
    throw error;
  }
}

async function folderOf(name: string, build: Build, home: string): Promise<string> {
  const folder = join(home, `${name}-${build.name}`);
  await mkdir(folder);
  return folder;
}

function letheCall(proxyUrl: string, key: string): Sendable {
  const own = { authorization: `Bearer ${key}`, [`x-upstream-${GATEWAY}-authorization`]: UPSTREAM_TOKEN };
  return callOf(new URL(`/servers/${SLUG}/mcp`, proxyUrl), own);
}

function callOf(url: URL, own: Record<string, string>): Sendable {
  const { headers, body } = legacyCall();
  return { url, headers: { ...CLIENT_HEADERS, ...headers, ...own }, body };
}
