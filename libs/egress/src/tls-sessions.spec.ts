import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import { TLSSocket } from 'node:tls';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Dispatcher, Pool } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { SELF_SIGNED } from '@test/support/connector/self-signed.js';
import { portOf } from '@test/support/upstreams/loopback-server.js';
import { guardedConnector } from './guarded-connector.js';

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');

describe('TLS sessions of a guarded connector', () => {
  let server: Server;
  let pool: Pool;
  let connections = 0;

  /** A server that ends every connection after one answer, which says whether the connection resumed a session. */
  async function start(options: { version: 'TLSv1.2' | 'TLSv1.3'; allowed: string[]; resumesTls?: boolean }) {
    connections = 0;
    const { version, allowed, resumesTls = true } = options;
    const keys = { ...SELF_SIGNED, minVersion: version, maxVersion: version } as const;
    server = createServer(keys, ({ socket }, response) => {
      response.setHeader('connection', 'close');
      response.end(String(socket instanceof TLSSocket && socket.isSessionReused()));
    }).on('connection', () => (connections += 1));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `https://localhost:${portOf(server)}`;
    const policy = { allowed };
    const connect = guardedConnector({ url, policy, tlsCa: SELF_SIGNED.cert, timeoutMs: 5_000, resumesTls });
    pool = new Pool(url, { connect, connections: 1 });
    return policy;
  }
  afterEach(async () => {
    await pool.destroy();
    server.close();
  });

  const get = (): Promise<Dispatcher.ResponseData> => pool.request({ path: '/', method: 'GET' });
  const isResumed = async (): Promise<boolean> => (await (await get()).body.text()) === 'true';

  it.each(['TLSv1.2', 'TLSv1.3'] as const)('are resumed by the second connection of a pool (%s)', async (version) => {
    await start({ version, allowed: ['localhost'] });
    expect([await isResumed(), await isResumed(), await isResumed()]).toEqual([false, true, true]);
    expect(connections).toBe(3);
  });

  it('outlive a garbage collection', async () => {
    await start({ version: 'TLSv1.3', allowed: ['localhost'] });
    expect(await isResumed()).toBe(false);
    // A WeakRef that was read holds until its turn of the event loop ends.
    await new Promise((resolve) => setImmediate(resolve));
    if (typeof collectGarbage === 'function') collectGarbage();
    expect(await isResumed()).toBe(true);
  });

  it('are not kept if the connector is configured so', async () => {
    await start({ version: 'TLSv1.3', allowed: ['localhost'], resumesTls: false });
    expect([await isResumed(), await isResumed()]).toEqual([false, false]);
  });

  it('do not excuse a connection from the guard: a session is at hand, the address is judged all the same', async () => {
    const policy = await start({ version: 'TLSv1.3', allowed: ['localhost'] });
    expect([await isResumed(), await isResumed()]).toEqual([false, true]);
    policy.allowed = [];
    await expect(get()).rejects.toMatchObject({ code: 'address_forbidden' });
    expect(connections).toBe(2);
  });
});
