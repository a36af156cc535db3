import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { createLogger } from '../logging/logger.js';
import { listen } from './listen.js';

@Module({})
class Empty {}

describe('listen', () => {
  it.each([
    ['0.0.0.0', 'http://0.0.0.0', 'http://127.0.0.1'],
    ['127.0.0.1', 'http://127.0.0.1', 'http://127.0.0.1'],
    ['::1', 'http://[::1]', 'http://[::1]'],
    ['::', 'http://[::]', 'http://[::1]'],
  ])('on %s says %s, and reaches it at %s', async (host, said, reached) => {
    verifies('start.says-where-it-listens');
    const lines: string[] = [];
    const logger = createLogger('connector', 'info', { write: (line) => void lines.push(line) });
    const app = await NestFactory.create<NestFastifyApplication>(Empty, new FastifyAdapter(), { logger: false });
    const url = await listen(app, { service: 'connector', setting: 'CONNECTOR_PORT', port: 0, host }, logger);
    const { port } = new URL(url);
    expect(url).toBe(`${reached}:${port}`);
    expect(JSON.parse(lines.join(''))).toMatchObject({ msg: `The connector listens at ${said}:${port}` });
    expect((await fetch(url)).status).toBe(404);
    await app.close();
  });
});
