import { once } from 'node:events';
import { createServer } from 'node:net';
import { randomUUID } from 'node:crypto';
import { BUCKETS, type KeptEntry, type ServerManifest } from '@lethe/contracts';
import { type KV, Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { decodeJwt } from 'jose';
import pg from 'pg';
import { eventually } from '../eventually.js';
import { modern } from '../proxy/rpc.js';
import { type Separate, startSeparate } from '../separate.js';
import { startModernUpstream, type Upstream } from '../upstreams/index.js';
import type { Genuine } from './edits.js';

/** The signed entry and manifest of a gateway. */
export interface Signed {
  entry: string;
  manifest: string;
}

/** A gateway whose credential is kept, and its own virtual server and upstream. */
export interface KeptMember {
  id: string;
  slug: string;
  server: string;
  upstream: Upstream;
  /** What its upstream may receive: all that was registered and kept for it. */
  tokens: Set<string>;
  /** The token that is kept now. */
  token: string;
  now: Signed;
  earlier: Signed;
}

/** A deployment with kept credentials, real writers of database and bus, and the host of whoever tampers. */
export interface KeptDeployment {
  lethe: Separate;
  members: KeptMember[];
  database: pg.Client;
  buckets: Record<'kept' | 'servers', KV>;
  trap: { url: string; bytes: () => number };
  /** Replaces what is kept; resolves when every proxy sends it. */
  renew(member: KeptMember, urls?: readonly string[]): Promise<void>;
  /** Calls virtual servers at these proxies, whatever they answer; returns which credentials ever went where they may not. */
  leaks(called?: readonly KeptMember[], urls?: readonly string[]): Promise<string[]>;
  call(url: string, member: KeptMember): Promise<string>;
  genuine(member: KeptMember): Genuine;
  close(): Promise<void>;
}

const tokenIn = (authorization: string | undefined): string => authorization?.replace('Bearer ', '') ?? '';

async function startTrap() {
  let bytes = 0;
  const server = createServer((socket) => {
    socket.on('data', (data) => (bytes += data.length));
    socket.on('error', () => socket.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  return { url: `http://127.0.0.1:${port}/mcp`, bytes: () => bytes, close: () => server.close() };
}

/** Registers one gateway, keeps a credential for it, and lets its virtual server use it. */
async function addMember(lethe: Separate, name: string): Promise<KeptMember> {
  const registered = `reg_${randomUUID()}`;
  const tokens = new Set([registered]);
  const upstream = await startModernUpstream({
    name,
    accepts: (headers) => tokens.has(tokenIn(headers.authorization)),
  });
  const { id, slug } = await lethe.admin.register({ name, url: upstream.url }, registered);
  const token = `kept_${randomUUID()}`;
  tokens.add(token);
  await lethe.admin.keep(id, { scheme: 'bearer', token });
  const { slug: server } = await lethe.admin.ask<{ slug: string }>('POST', '/servers', {
    ...{ name: `of ${name}`, access: 'key', eras: 'both', limits: {}, include: [{ gateway: slug }] },
    grants: [{ role: '*' }, { role: 'eng', gateways: [slug] }],
    credentials: [{ gateway: slug, use: 'kept' }],
  });
  const nothing = { entry: '', manifest: '' };
  return { id, slug, server, upstream, tokens, token, now: nothing, earlier: nothing };
}

/** Starts registry, connector and two proxies with so many gateways. */
export async function startKeptDeployment(count: number): Promise<KeptDeployment> {
  const [lethe, trap] = await Promise.all([
    startSeparate({ proxies: 2, env: { LETHE_KEPT_CREDENTIALS: 'on' } }),
    startTrap(),
  ]);
  const members: KeptMember[] = [];
  for (let n = 0; n < count; n += 1) members.push(await addMember(lethe, `up${n}`));
  const { key } = await lethe.admin.ask<{ key: string }>('POST', '/keys', { name: 'k', servers: '*', roles: ['eng'] });
  const database = new pg.Client({ connectionString: lethe.databaseUrl });
  await database.connect();
  const bus: NatsConnection = await connect({ servers: lethe.nats.url, ...lethe.natsLogin('operator') });
  const kvm = new Kvm(bus);
  const buckets = { kept: await kvm.open(BUCKETS.kept), servers: await kvm.open(BUCKETS.servers) };

  const call: KeptDeployment['call'] = async (url, { server }) =>
    (await modern(`${url}/servers/${server}/mcp`, 'tools/call', { name: 'echo', arguments: { text: 'hello' } }, { authorization: `Bearer ${key}` })).text; // prettier-ignore
  /** Waits until each proxy sends the token of now, and notes what was signed. */
  const settle = async (member: KeptMember, urls: readonly string[]): Promise<void> => {
    for (const url of urls) {
      await eventually(async () => {
        const before = member.upstream.received.length;
        const answer = await call(url, member);
        const sent = member.upstream.received.slice(before).map(({ headers }) => tokenIn(headers.authorization));
        if (!answer.includes('hello') || sent.at(-1) !== member.token) throw new Error(`not in use: ${answer}`);
      }, 20_000);
    }
    const value = async (kv: KV, at: string) => (await kv.get(at))?.string() ?? '';
    member.earlier = member.now;
    member.now = { entry: await value(buckets.kept, member.id), manifest: await value(buckets.servers, member.server) };
  };
  const deployment: KeptDeployment = {
    ...{ lethe, members, database, buckets, trap, call },
    renew: async (member, urls = lethe.proxyUrls) => {
      member.token = `kept_${randomUUID()}`;
      member.tokens.add(member.token);
      await lethe.admin.keep(member.id, { scheme: 'bearer', token: member.token });
      await settle(member, urls);
    },
    leaks: async (called = members, urls = lethe.proxyUrls) => {
      for (const url of urls) await Promise.all(called.map((member) => call(url, member)));
      return members.flatMap(({ slug, upstream, tokens }) =>
        upstream.received
          .map(({ headers }) => tokenIn(headers.authorization))
          .filter((token) => token !== '' && !tokens.has(token))
          .map((token) => `${slug} got ${token.slice(0, 5)}`),
      );
    },
    genuine: ({ now, earlier }) => ({
      entry: decodeJwt<KeptEntry & Record<string, unknown>>(now.entry),
      earlier: decodeJwt<KeptEntry & Record<string, unknown>>(earlier.entry),
      manifest: decodeJwt<ServerManifest & Record<string, unknown>>(now.manifest),
    }),
    close: async () => {
      await database.end();
      await bus.close();
      trap.close();
      await lethe.stop();
      for (const { upstream } of members) await upstream.close();
    },
  };
  await Promise.all(members.map((member) => settle(member, lethe.proxyUrls)));
  await Promise.all(members.map((member) => deployment.renew(member)));
  return deployment;
}
