import { Body, Controller, Delete, Get, HttpCode, Post, type INestApplication } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { Type } from 'class-transformer';
import { IsArray, IsInt, IsString, Matches, ValidateNested } from 'class-validator';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readUntil } from '@test/support/read-until.js';
import { LetheError } from '../errors.js';
import { createLogger } from '../logging/logger.js';
import { Metrics } from '../ops/metrics.js';
import { OpsModule } from '../ops/ops.module.js';
import { Readiness } from '../ops/readiness.js';
import { fastifyOptions, problemErrors } from './fastify-options.js';
import { acceptJsonBodies } from './json-bodies.js';
import { ProblemFilter } from './problem.filter.js';
import { logRequests } from './request-log.js';
import { validationPipe } from './validation.js';

const CANARY = 'canary-9d2e77';
const JSON_HEAD = 'Host: here\r\nContent-Type: application/json\r\nContent-Length';

class MappingDto {
  @IsString() header!: string;
}
class ThingDto {
  @Matches(/^[a-z]+$/) name!: string;
  @IsInt() size!: number;
  @IsArray() @ValidateNested({ each: true }) @Type(() => MappingDto) mappings!: MappingDto[];
}

@Controller('things')
class ThingsController {
  @Post()
  make(@Body() dto: ThingDto): { name: string } {
    return { name: dto.name };
  }

  @Delete()
  @HttpCode(204)
  removeAll(): void {}

  @Get('gone')
  gone(): never {
    throw new LetheError('slug_taken', { slug: 'github' });
  }

  @Get('broken')
  broken(): never {
    throw new TypeError(`value was ${CANARY}`);
  }
}

describe('the admin API', () => {
  const lines: string[] = [];
  let app: NestFastifyApplication;
  let url: string;
  const post = (body: unknown, headers: Record<string, string> = { 'content-type': 'application/json' }) =>
    fetch(`${url}/things`, { method: 'POST', headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
  const problemOf = async (response: Response): Promise<{ status: number; body: Record<string, unknown> }> => {
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    const text = await response.text();
    expect(text).not.toContain(CANARY);
    return { status: response.status, body: JSON.parse(text) };
  };

  beforeAll(async () => {
    const logger = createLogger('test', 'trace', { write: (line) => void lines.push(line) });
    const clientErrors = problemErrors();
    const module = await Test.createTestingModule({
      imports: [OpsModule.forRoot({ service: 'test', logger, checks: { database: () => true } })],
      controllers: [ThingsController],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(
      new FastifyAdapter(fastifyOptions({ bodyLimit: 1_000, clientErrors })),
      {
        logger: false,
      },
    );
    clientErrors.attach(app.getHttpAdapter().getInstance().server);
    app.useGlobalPipes(validationPipe());
    app.useGlobalFilters(new ProblemFilter(logger));
    logRequests(app, logger);
    acceptJsonBodies(app);
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => closeIfOpen(app));

  it('answers what is valid', async () => {
    const response = await post({ name: 'a', size: 1, mappings: [] });
    expect([response.status, await response.json()]).toEqual([201, { name: 'a' }]);
  });

  it('names broken rules by field, without values', async () => {
    const { status, body } = await problemOf(await post({ name: CANARY, size: CANARY, mappings: [{ header: 3 }] }));
    expect(status).toBe(400);
    expect(body).toMatchObject({
      type: '/problems/invalid_request',
      code: 'invalid_request',
      status: 400,
      errors: [
        { field: 'name', rule: 'pattern' },
        { field: 'size', rule: 'integer' },
        { field: 'mappings.0.header', rule: 'string' },
      ],
    });
    expect(body['requestId']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('refuses unknown fields by name if that is a plain word, and tells the known ones', async () => {
    const mappings = [{ headr: 'a', header: 'a' }];
    const odd = { [`${CANARY} `]: 1, [`sk-${CANARY}`]: 1, [CANARY.repeat(5)]: 1 };
    const { body } = await problemOf(await post({ name: 'a', size: 1, mappings, ...odd, Name: 'b' }));
    expect(body['errors']).toEqual([
      ...[1, 2, 3].map(() => ({ field: '*', rule: 'unknown_field', known: ['name', 'size', 'mappings'] })),
      { field: 'Name', rule: 'unknown_field', nearest: 'name', known: ['name', 'size', 'mappings'] },
      { field: 'mappings.0.headr', rule: 'unknown_field', nearest: 'header', known: ['header'] },
    ]);
  });

  it('takes an empty body for none, also when it is said to be JSON', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await fetch(`${url}/things`, { method: 'DELETE', headers })).status).toBe(204);
    expect(await problemOf(await post('', headers))).toMatchObject({ body: { code: 'invalid_request' } });
  });

  it.each([
    ['JSON that is none', `{"${CANARY}`, 'application/json', 400, 'parse_error'],
    ['a poisoned prototype', `{"__proto__":{"${CANARY}":1}}`, 'application/json', 400, 'parse_error'],
    ['another content type', CANARY, `text/${CANARY}`, 415, 'unsupported_media_type'],
    ['a body that is too long', CANARY.repeat(200), 'application/json', 413, 'payload_too_large'],
  ])('answers %s with a fixed text', async (_, body, type, status, code) => {
    expect(await problemOf(await post(body, { 'content-type': type }))).toMatchObject({ status, body: { code } });
  });

  it.each([
    ['an unknown path', `/${CANARY}?q=${CANARY}`, 404, 'not_found'],
    ['a path that can not be decoded', `/%${CANARY}`, 400, 'request_malformed'],
    ['a failure inside', '/things/broken', 500, 'internal'],
    ['a failure of the table', '/things/gone', 409, 'slug_taken'],
  ])('answers %s with a fixed text', async (_, path, status, code) => {
    expect(await problemOf(await fetch(url + path))).toMatchObject({ status, body: { code } });
  });

  it('shows the safe detail of a failure', async () => {
    expect((await problemOf(await fetch(`${url}/things/gone`))).body).toMatchObject({ slug: 'github' });
  });

  it('refuses headers longer than 64 KiB and lets shorter ones pass', async () => {
    const long = (bytes: number): Promise<number> =>
      fetch(`${url}/livez`, { headers: { 'x-long': 'a'.repeat(bytes) } }).then(({ status }) => status);
    expect([await long(60_000), await long(70_000)]).toEqual([200, 431]);
  });

  it.each([
    ['headers that are too long', `GET / HTTP/1.1\r\nX-Long: ${'a'.repeat(900_000)}\r\n\r\n`, 431, 'headers_too_large'],
    [
      'a body that is too long',
      `POST /things HTTP/1.1\r\n${JSON_HEAD}: 900000\r\n\r\n${'a'.repeat(900_000)}`,
      413,
      'payload_too_large',
    ],
    ['what is no request', `${CANARY}\r\n\r\n`, 400, 'request_malformed'],
    ['another version of HTTP', 'GET / HTTP/3.7\r\n\r\n', 505, 'http_version_unsupported'],
    ['CONNECT', 'CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n', 405, 'method_not_allowed'],
  ])('answers %s so that a client can read it after it sent all, and logs no error', async (_, sent, status, code) => {
    lines.length = 0;
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write(sent);
    const answer = await readUntil(socket, 'never');
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*application/problem\\+json[^]*"code":"${code}"`));
    expect(answer).not.toContain(CANARY);
    expect(lines.join('')).not.toMatch(/"level":"(warn|error)"/);
  });

  it('logs of a request its method, route, status, duration and id, and nothing that was sent', async () => {
    lines.length = 0;
    await fetch(`${url}/things/gone?q=${CANARY}`, { headers: { authorization: CANARY, [`x-${CANARY}`]: CANARY } });
    await fetch(`${url}/${CANARY}`);
    await waitForLines(lines, 2);
    expect(lines.join('')).not.toContain(CANARY);
    const line: Record<string, unknown> = JSON.parse(lines[0] ?? '{}');
    expect(line).toMatchObject({ method: 'GET', route: '/things/gone', status: 409, msg: 'Answered' });
    expect(Object.keys(line).toSorted()).toEqual(
      ['durationMs', 'level', 'method', 'msg', 'requestId', 'route', 'service', 'status', 'time'].toSorted(),
    );
  });

  it('logs of an unexpected failure where it happened, not what it said', async () => {
    lines.length = 0;
    await fetch(`${url}/things/broken`);
    await waitForLines(lines, 2);
    expect(lines.join('')).toContain('TypeError');
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('reports liveness, readiness by named checks, and metrics', async () => {
    app.get(Metrics).counter('lethe_test_total', 'A test').inc();
    expect(await (await fetch(`${url}/livez`)).json()).toEqual({ status: 'alive' });
    const ready = await fetch(`${url}/readyz`);
    expect([ready.status, await ready.json()]).toEqual([
      200,
      { status: 'ready', checks: { database: true, running: true } },
    ]);
    const metrics = await fetch(`${url}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    const text = await metrics.text();
    expect(text).toContain('lethe_test_total 1\n');
    expect(text).toContain('process_cpu_seconds_total');
  });

  it('is not ready while a check fails or throws', async () => {
    const readiness = app.get(Readiness);
    readiness.register('bus', () => Promise.reject(new Error(CANARY)));
    const response = await fetch(`${url}/readyz`);
    expect([response.status, await response.json()]).toMatchObject([
      503,
      { status: 'not_ready', checks: { bus: false, database: true } },
    ]);
    readiness.register('bus', () => true);
  });

  it('ends: not ready first, then no more connections', async () => {
    await app.get(Readiness).drain();
    const answer = await fetch(`${url}/readyz`);
    expect(answer.status).toBe(503);
    await answer.body?.cancel();
    await app.close();
    await expect(opens(new URL(url))).resolves.toBe(false);
  });
});

function opens({ hostname, port }: URL): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => socket.destroy());
  });
}

async function closeIfOpen(app: INestApplication): Promise<void> {
  await app.close().catch(() => undefined);
}

async function waitForLines(lines: string[], count: number): Promise<void> {
  for (let tries = 0; lines.length < count && tries < 100; tries += 1)
    await new Promise((resolve) => setImmediate(resolve));
}
