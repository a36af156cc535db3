import { createHash } from 'node:crypto';
import type { JsonValue } from '@lethe/contracts';
import { parseJson } from '@lethe/mcp';
import { LetheError, LOGGER, type Logger } from '@lethe/platform';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Inject,
  Injectable,
  type NestInterceptor,
  SetMetadata,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { identityOf } from '../admins/admin-identity.js';
import { IdempotencyService, type RepeatableRequest, type StoredResponse } from './idempotency.service.js';

const KEY_FORM = /^[\x21-\x7e]{1,128}$/;
const SHOWN_ONCE = 'shownOnce';
/** Headers that a repeated response has again. */
const KEPT_HEADERS = ['etag', 'location'];

/** Answers a repeated request with the response to the first one. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor<unknown, unknown> {
  constructor(
    private readonly requests: IdempotencyService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    if (key === undefined) return next.handle();
    if (typeof key !== 'string' || !KEY_FORM.test(key))
      throw new LetheError('header_illegal', { header: 'idempotency-key' });
    const isShownOnce = Reflect.getMetadata(SHOWN_ONCE, context.getHandler()) === true;
    return from(this.runOnce(repeatable(request, key), http.getResponse<FastifyReply>(), next, isShownOnce));
  }

  private async runOnce(
    request: RepeatableRequest,
    reply: FastifyReply,
    next: CallHandler<unknown>,
    isShownOnce: boolean,
  ): Promise<unknown> {
    const before = await this.requests.begin(request, new Date());
    if (before !== undefined) return replay(reply, before, isShownOnce);
    const body = await this.carriedOut(request, next);
    const stored = toJson(isShownOnce ? idOf(body) : body);
    // It is done: without a stored response, a repetition is told that.
    await this.requests
      .finish(request, { status: reply.statusCode, body: stored, headers: keptHeaders(reply) })
      .catch((error: unknown) => this.logger.warn({ err: error }, 'The answer for repeated requests was not stored'));
    return body;
  }

  private async carriedOut(request: RepeatableRequest, next: CallHandler<unknown>): Promise<unknown> {
    try {
      return await this.requests.carryOut(request, () => lastValueFrom(next.handle(), { defaultValue: undefined }));
    } catch (error) {
      // Otherwise the key is free after a minute.
      await this.requests.forget(request).catch(() => undefined);
      throw error;
    }
  }
}

/**
 * Lets clients repeat a request by its `Idempotency-Key`.
 * @param options `shownOnce` where the response has a secret: it is not stored, and a repeated request is told
 * `secret_shown_once` with the id of what was made
 */
export function Idempotent({ shownOnce = false }: { shownOnce?: boolean } = {}): MethodDecorator {
  return applyDecorators(
    SetMetadata(SHOWN_ONCE, shownOnce),
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({ name: 'Idempotency-Key', required: false }),
  );
}

function replay(reply: FastifyReply, { status, body, headers }: StoredResponse, isShownOnce: boolean): JsonValue {
  if (isShownOnce) throw new LetheError('secret_shown_once', idOf(body));
  void reply.status(status).headers(headers).header('idempotency-replayed', 'true');
  return body;
}

function repeatable(request: FastifyRequest, key: string): RepeatableRequest {
  const { method, routeOptions, params, body, query } = request;
  const content = JSON.stringify([method, routeOptions.url, params, body, ...(hasMembers(query) ? [query] : [])]);
  return { administrator: identityOf(request).id, keyDigest: sha256(key), fingerprint: sha256(content) };
}

function hasMembers(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function keptHeaders(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(
    KEPT_HEADERS.flatMap((name) => {
      const value = reply.getHeader(name);
      return typeof value === 'string' ? [[name, value]] : [];
    }),
  );
}

function idOf(body: unknown): { id?: string } {
  const isMade = typeof body === 'object' && body !== null && 'id' in body && typeof body.id === 'string';
  return isMade ? { id: String(body.id) } : {};
}

function toJson(body: unknown): JsonValue {
  return parseJson(JSON.stringify(body ?? null)) ?? null;
}
