import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.js';
import { lingerAtEnd } from './connection-end.js';
import { retryAfter, toLetheError, toProblem } from './problem.js';

/** Content type of problem details (RFC 9457). */
export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** Turns errors of the admin API into responses; the only place that does. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    // The client left, or broke off its body: nobody can read a response.
    if (thrown === request.raw.errored) return;
    const error = toLetheError(thrown);
    if (!request.raw.complete) lingerAtEnd(request.raw.socket);
    if (error.status >= 500) this.logger.error({ err: error, requestId: request.id }, 'Request failed');
    if (reply.sent || reply.raw.headersSent) return;
    if (error.status === 503 || error.status === 429) void reply.header('retry-after', retryAfter(error));
    void reply.status(error.status).header('content-type', PROBLEM_JSON).send(toProblem(error, request.id));
  }
}
