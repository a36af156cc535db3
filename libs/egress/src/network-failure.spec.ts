import { once } from 'node:events';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Pool } from 'undici';
import { SELF_SIGNED } from '@test/support/connector/self-signed.js';
import { portOf } from '@test/support/upstreams/loopback-server.js';
import { guardedConnector } from './guarded-connector.js';
import { networkFailure, type NetworkFailure } from './network-failure.js';

const LOOPBACK = ['127.0.0.0/8', '::1/128', 'localhost:*'];

describe('a failure of a request', () => {
  const sockets = new Set<Socket>();
  const servers: Server[] = [];
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    for (const server of servers.splice(0)) server.close();
  });

  async function listen(server: Server): Promise<number> {
    server.on('connection', (socket: Socket) => sockets.add(socket.on('error', () => socket.destroy())));
    servers.push(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return portOf(server);
  }

  const serving = (onData: (socket: Socket) => void): Promise<number> =>
    listen(createServer((socket) => socket.once('data', () => onData(socket))));

  async function failureAt(url: string, allowed = LOOPBACK): Promise<NetworkFailure | undefined> {
    const connect = guardedConnector({ url, policy: { allowed }, timeoutMs: 200, resumesTls: false });
    const pool = new Pool(url, { connect, headersTimeout: 200, bodyTimeout: 200, maxHeaderSize: 1024 });
    try {
      const { body } = await pool.request({ path: '/', method: 'GET' });
      await body.text();
      throw new Error('it succeeded');
    } catch (error) {
      return networkFailure(error);
    } finally {
      await pool.destroy();
    }
  }

  /** On real sockets: how to make a URL, and what the request to it fails with. */
  const CASES: readonly [what: string, url: () => Promise<string>, NetworkFailure][] = [
    ['a name without an address', async () => 'http://no-such-host.invalid', 'dns'],
    ['a port on which nothing listens', async () => `http://127.0.0.1:${await closedPort()}`, 'refused'],
    ['a server that closes', async () => `http://127.0.0.1:${await serving((s) => s.end())}`, 'reset'],
    ['a server that resets', async () => `http://127.0.0.1:${await serving((s) => s.resetAndDestroy())}`, 'reset'],
    ['a body that is cut', async () => `http://127.0.0.1:${await serving((s) => s.end(`${HEAD}{`))}`, 'reset'],
    ['no response', async () => `http://127.0.0.1:${await serving(() => undefined)}`, 'response_timeout'],
    ['half a body', async () => `http://127.0.0.1:${await serving((s) => s.write(`${HEAD}{`))}`, 'response_timeout'],
    ['no TLS handshake', async () => `https://127.0.0.1:${await listen(createServer())}`, 'connect_timeout'],
    ['a certificate of nobody', async () => `https://127.0.0.1:${await listen(createTlsServer(SELF_SIGNED))}`, 'tls'],
    ['a server without TLS', async () => `https://127.0.0.1:${await serving((s) => s.end(HEAD))}`, 'tls'],
    ['garbage', async () => `http://127.0.0.1:${await serving((s) => s.end('SSH-2.0-x\r\n'))}`, 'not_http'],
    ['a long head', async () => `http://127.0.0.1:${await serving((s) => s.end(LONG_HEAD))}`, 'too_large'],
  ];

  it.each(CASES)('by %s is told', async (_what, url, expected) => {
    expect(await failureAt(await url(), [...LOOPBACK, 'no-such-host.invalid:80'])).toBe(expected);
  });

  it('by a forbidden address is told, whatever is there', async () => {
    expect(await failureAt(`http://127.0.0.1:${await closedPort()}`, [])).toBe('forbidden_address');
    expect(await failureAt(`http://localhost:${await closedPort()}`, [])).toBe('forbidden_address');
  });

  it.each([
    ['EAI_AGAIN', 'dns'],
    ['EHOSTUNREACH', 'refused'],
    ['ETIMEDOUT', 'connect_timeout'],
    ['EPIPE', 'reset'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ENOENT', undefined],
  ])('with the code %s is %s, also as a cause', (code, expected) => {
    expect(networkFailure(Object.assign(new Error('quotes the token'), { code }))).toBe(expected);
    expect(networkFailure(new Error('fetch failed', { cause: { code } }))).toBe(expected);
  });

  async function closedPort(): Promise<number> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const port = portOf(server);
    server.close();
    await once(server, 'close');
    return port;
  }
});

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n';
const LONG_HEAD = `HTTP/1.1 200 OK\r\nx-long: ${'x'.repeat(4_096)}\r\n\r\n`;
