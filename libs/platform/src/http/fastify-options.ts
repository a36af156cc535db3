import { randomUUID } from 'node:crypto';
import type { Server, ServerOptions } from 'node:http';
import type { FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_JSON } from './problem.filter.js';
import { toLetheError, toProblem } from './problem.js';

export interface HttpLimits {
  /** Longest body, bytes. */
  bodyLimit?: number;
}

const KIB = 1024;
/** How long a request may take to arrive whole, and its head before that. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Options of node's own HTTP server under every service: bounded in size and time. */
export const HTTP_SERVER_OPTIONS: ServerOptions = {
  maxHeaderSize: 64 * KIB,
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  connectionsCheckingInterval: 1_000,
};

/** A URL that can't be routed is answered like any other refusal; Fastify's own answer would echo it. */
function answerUnroutable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(toLetheError(error), request.id);
  void reply.status(problem.status).header('content-type', PROBLEM_JSON).send(problem);
}

/** Options of every HTTP server of Lethe: bounded in size and time, no proxy headers believed, no logger of its own. */
export function fastifyOptions(limits: HttpLimits = {}): FastifyHttpOptions<Server> {
  return {
    logger: false,
    trustProxy: false,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodyLimit ?? KIB * KIB,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    frameworkErrors: answerUnroutable,
    http: HTTP_SERVER_OPTIONS,
  };
}
