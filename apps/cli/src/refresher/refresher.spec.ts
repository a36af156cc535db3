import { mkdtemp, rm, stat } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EmbeddedJWK, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { newDpopKey } from '../oauth/dpop-key.js';
import type { DpopKey } from '../token-store/login-record.js';
import { MemoryLoginStore } from '../token-store/login-store.js';
import { AccessTokens } from './access-tokens.js';
import { connectTo, listenAt, socketPath } from './private-socket.js';
import { RefresherClient } from './refresher-client.js';
import { RefresherServer } from './refresher-server.js';
import { serveMemory } from './shared-tokens.js';

const WISH = { server: 'https://lethe.example/servers/s/mcp', gateway: 'one', origin: 'https://one.example' };
const RESOURCE = 'https://one.example/mcp';

describe('the refresher of a person', () => {
  let folder: string;
  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'lethe-socket-')), 'logins');
  });
  afterEach(() => rm(join(folder, '..'), { recursive: true, force: true }));

  const store = async (dpopKey?: DpopKey): Promise<MemoryLoginStore> => {
    const made = new MemoryLoginStore();
    const client = { clientId: 'c', registration: 'given' as const };
    const tokens = { accessToken: 'token', obtainedAt: 0 };
    const login = { resource: RESOURCE, issuer: 'https://as', client, tokens, dpopKey };
    await made.change((document) => ({
      ...document,
      logins: { [RESOURCE]: login },
      pins: { [WISH.server]: { one: { resource: RESOURCE, issuer: 'https://as' } } },
    }));
    return made;
  };
  const fetch = (): Promise<Response> => Promise.reject(new Error('not asked for'));
  const listen = async (dpopKey?: DpopKey): Promise<{ path: string; server: RefresherServer }> => {
    const path = await socketPath(folder, 'refresher');
    return { path, server: await RefresherServer.listen(path, new AccessTokens(await store(dpopKey), fetch)) };
  };
  const clientAt = async (path: string, timeoutMs?: number): Promise<RefresherClient> => {
    const socket = await connectTo(path);
    return new RefresherClient(socket!, timeoutMs);
  };

  it('answers many requests on one connection, each with its own outcome', async () => {
    const { path, server } = await listen();
    const client = await clientAt(path);
    const other = { ...WISH, gateway: 'two' };
    const asked = [WISH, other, { ...WISH, origin: 'https://evil.example' }, WISH].map((wish) => client.tokenFor(wish));
    const outcomes = await Promise.allSettled(asked);
    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value.accessToken : (one.reason as { code: string }).code)))
      .toEqual(['token', 'not_logged_in', 'upstream_moved', 'token']); // prettier-ignore
    await server.close();
    await expect(client.tokenFor(WISH)).rejects.toMatchObject({ name: 'RefresherGone' });
  });

  it('signs for the upstream of a login and for nothing beside it, and gives its key to nobody', async () => {
    verifies('dpop.key-stays');
    const key = await newDpopKey();
    const { path, server } = await listen(key);
    const client = await clientAt(path);
    const wish = { ...WISH, isBound: true };
    const proofs = { url: RESOURCE, methods: ['POST', 'DELETE'], nonce: 'n' };
    const answer = await client.tokenFor({ ...wish, proofs });
    expect(JSON.stringify(answer)).not.toContain(key.d);
    const verified = await Promise.all((answer.proofs ?? []).map((one) => jwtVerify(one, EmbeddedJWK)));
    expect(verified.map(({ payload }) => payload)).toMatchObject([
      { htm: 'POST', htu: RESOURCE, nonce: 'n', iat: expect.closeTo(Date.now() / 1_000, -2) as number },
      { htm: 'DELETE', htu: RESOURCE },
    ]);
    expect(new Set(verified.map(({ payload }) => payload.jti)).size).toBe(2);
    const elsewhere = ['https://one.example/mcpx', 'https://one.example/', 'https://evil.example/mcp', 'mcp'];
    for (const url of elsewhere) {
      await expect(client.tokenFor({ ...wish, proofs: { ...proofs, url } })).rejects.toMatchObject({ code: 'upstream_moved' });
    }
    // Whoever would send it as a bearer token gets none.
    await expect(client.tokenFor(WISH)).rejects.toMatchObject({ code: 'not_logged_in' });
    await server.close();
  }); // prettier-ignore

  it('cuts whoever sends something else, and goes on', async () => {
    const { path, server } = await listen();
    for (const garbage of ['GET / HTTP/1.1\n', '{"id":1}\n', '[]\n', 'x'.repeat(200_000)]) {
      const socket: Socket = connect(path);
      const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()).on('error', () => undefined));
      socket.write(garbage);
      await closed;
    }
    const client = await clientAt(path);
    expect(await client.tokenFor(WISH)).toMatchObject({ accessToken: 'token' });
    client.close();
    await server.close();
  });

  it('ends although a client does not end its side, and is named when it does not answer itself', async () => {
    const { path, server } = await listen();
    const stopped = connect({ path, allowHalfOpen: true });
    await new Promise<void>((resolve) => stopped.once('connect', () => resolve()));
    await server.close();
    stopped.destroy();
    const silent = createServer((socket) => socket.resume());
    await listenAt(silent, path);
    const client = await clientAt(path, 20);
    await expect(client.tokenFor(WISH)).rejects.toMatchObject({ code: 'refresher_silent' });
    client.close();
    await new Promise((resolve) => silent.close(resolve));
  });

  it('has its socket where nobody else may enter, also where the path of the folder is long', async () => {
    const { path, server } = await listen();
    expect((await stat(join(path, '..'))).mode & 0o777).toBe(0o700);
    await server.close();
    const long = join(folder, 'x'.repeat(60), 'y'.repeat(60));
    const short = await socketPath(long, 'refresher');
    expect(Buffer.byteLength(short)).toBeLessThan(104);
    expect((await stat(join(short, '..'))).mode & 0o777).toBe(0o700);
    await rm(join(short, '..'), { recursive: true });
  });

  it('is one for logins in memory, too', async () => {
    const first = await serveMemory(folder, await store(), fetch);
    await expect(serveMemory(folder, await store(), fetch)).rejects.toMatchObject({ code: 'memory_taken' });
    await first.close();
    await (await serveMemory(folder, await store(), fetch)).close();
  });
});
