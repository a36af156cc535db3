import { createHash } from 'node:crypto';
import type { JsonValue } from '@lethe/contracts';
import { parseJson } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import { identityOf } from '../admins/admin-identity.js';
import { IdempotencyService, type KeyedRequest } from './idempotency.service.js';

const KEY_FORM = /^[\x21-\x7e]{1,128}$/;

/** Answers a repeated request with the response to the first one. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor<unknown, unknown> {
  constructor(private readonly requests: IdempotencyService) {}

  intercept(context: ExecutionContext, next: CallHandler<unknown>): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const key = request.headers['idempotency-key'];
    if (key === undefined) return next.handle();
    if (typeof key !== 'string' || !KEY_FORM.test(key))
      throw new LetheError('header_illegal', { header: 'idempotency-key' });
    return from(this.runOnce(repeatable(request, key), http.getResponse<FastifyReply>(), next));
  }

  private async runOnce(request: KeyedRequest, reply: FastifyReply, next: CallHandler<unknown>): Promise<unknown> {
    const before = await this.requests.begin(request, new Date());
    if (before !== undefined) {
      void reply.status(before.status).header('idempotency-replayed', 'true');
      return before.body;
    }
    try {
      const body = await lastValueFrom(next.handle());
      await this.requests.finish(request, { status: reply.statusCode, body: toJson(body) });
      return body;
    } catch (error) {
      await this.requests.forget(request);
      throw error;
    }
  }
}

/**
 * Lets clients repeat a request by its `Idempotency-Key`. Responses are stored, so never use it where one contains
 * a secret.
 */
export function Idempotent(): MethodDecorator {
  return applyDecorators(
    UseInterceptors(IdempotencyInterceptor),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description: 'Repeated requests get the first response, for 24 hours',
    }),
  );
}

function repeatable(request: FastifyRequest, key: string): KeyedRequest {
  const content = JSON.stringify([request.method, request.routeOptions.url, request.params, request.body]);
  const fingerprint = createHash('sha256').update(content).digest('hex');
  return { administrator: identityOf(request).id, key, fingerprint };
}

function toJson(body: unknown): JsonValue {
  return parseJson(JSON.stringify(body ?? null)) ?? null;
}
