import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Pool } from 'undici';
import { guardedConnector } from './guarded-connector.js';

describe('guardedConnector', () => {
  let inner: Server;
  let received = 0;

  beforeAll(async () => {
    inner = createServer((socket) => {
      socket.on('data', (bytes) => {
        received += bytes.length;
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n');
      });
      socket.on('error', () => socket.destroy());
    }).listen(0, '127.0.0.1');
    await once(inner, 'listening');
  });
  afterAll(() => inner.close());

  const port = (): number => (inner.address() as AddressInfo).port;
  async function dial(host: string, allowed: string[]): Promise<string> {
    const url = `http://${host}:${port()}`;
    const pool = new Pool(url, {
      connect: guardedConnector({ url, policy: { allowed }, timeoutMs: 5_000, resumesTls: true }),
    });
    try {
      return String((await pool.request({ path: '/', method: 'GET' })).statusCode);
    } catch (error) {
      return error instanceof Error ? error.name : 'thrown';
    } finally {
      await pool.destroy();
    }
  }

  it.each(['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]', '0x7f.1', '2130706433'])(
    'sends no byte to %s',
    async (host) => {
      expect(await dial(host, [])).toBe('AddressForbidden');
      expect(await dial(host, ['10.0.0.0/8'])).toBe('AddressForbidden');
      expect(received).toBe(0);
    },
  );

  it('dials what the operator lists, by address or by name', async () => {
    expect(await dial('127.0.0.1', ['127.0.0.0/8'])).toBe('200');
    expect(await dial('localhost', [`localhost:${port()}`])).toBe('200');
    expect(received).toBeGreaterThan(0);
  });

  it('dials its own origin and no other', async () => {
    const policy = { allowed: ['127.0.0.0/8'] };
    const elsewhere = guardedConnector({ url: 'http://127.0.0.1:1', policy, timeoutMs: 5_000, resumesTls: true });
    const pool = new Pool(`http://127.0.0.1:${port()}`, { connect: elsewhere });
    await expect(pool.request({ path: '/', method: 'GET' })).rejects.toMatchObject({ code: 'address_forbidden' });
    await pool.destroy();
  });
});
