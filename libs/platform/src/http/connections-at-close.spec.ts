import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Controller, Get, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLogger } from '../logging/logger.js';
import { fastifyOptions } from './fastify-options.js';
import { listen } from './listen.js';

let arrived = (): void => undefined;
let respond = (): void => undefined;

@Controller()
class SlowController {
  @Get('slow')
  slow(): Promise<string> {
    return new Promise((resolve) => {
      respond = () => resolve('done');
      arrived();
    });
  }
}

@Module({ controllers: [SlowController] })
class SlowModule {}

const request = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

describe('a server that closes', () => {
  let app: NestFastifyApplication;
  let port: number;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    app = await NestFactory.create(SlowModule, new FastifyAdapter(fastifyOptions()), { logger: false });
    const address = { service: 'connector', setting: 'CONNECTOR_PORT', port: 0, host: '127.0.0.1' } as const;
    port = Number(new URL(await listen(app, address, createLogger('test', 'silent'))).port);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await app.close();
  });

  /** Opens a connection that the server has accepted. */
  async function open(): Promise<Socket> {
    const accepted = once(app.getHttpServer(), 'connection');
    const socket = connect(port, '127.0.0.1').on('error', () => undefined);
    sockets.push(socket);
    await accepted;
    return socket;
  }

  it('is not held up by a connection without a request, nor by one whose response is sent meanwhile', async () => {
    const unused = await open();
    const busy = await open();
    const running = new Promise<void>((resolve) => (arrived = resolve));
    busy.write(request('/slow'));
    await running;
    const begin = performance.now();
    const closed = app.close();
    await once(unused.resume(), 'close');
    respond();
    const [answer] = (await once(busy, 'data')) as [Buffer];
    expect(answer.toString()).toContain('done');
    await closed;
    expect(performance.now() - begin).toBeLessThan(3_000);
  });

  it('cuts a request that never arrives completely', async () => {
    const accepted = once(app.getHttpServer(), 'connection') as Promise<[Socket]>;
    const slow = await open();
    const [socket] = await accepted;
    const arrives = once(socket, 'data');
    slow.write('GET /slow HTTP/1.1\r\nHost:');
    await arrives;
    const begin = performance.now();
    await Promise.all([app.close(), once(slow.resume(), 'close')]);
    expect(performance.now() - begin).toBeGreaterThan(1_000);
    expect(performance.now() - begin).toBeLessThan(8_000);
  }, 15_000);
});
