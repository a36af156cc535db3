import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from '../logging/logger.js';
import { lingerAtEnd } from './connection-end.js';
import { PROBLEM_JSON, retryAfter, toLetheError, toProblem } from './problem.js';

/** Answers with what was thrown as problem details, unless something was answered already. Unexpected errors are logged. */
export function sendProblem(thrown: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  // The client left, or broke off its body: nobody can read a response.
  if (thrown === request.raw.errored) return;
  const error = toLetheError(thrown);
  if (!request.raw.complete) lingerAtEnd(request.raw.socket);
  if (error.status >= 500) logger.error({ err: error, requestId: request.id }, 'Request failed');
  if (reply.sent || reply.raw.headersSent) return;
  if (error.status === 503 || error.status === 429) void reply.header('retry-after', retryAfter(error));
  void reply.status(error.status).header('content-type', PROBLEM_JSON).send(toProblem(error, request.id));
}
