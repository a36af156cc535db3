import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import { PROBLEM_JSON } from './problem.filter.js';
import { toLetheError, toProblem } from './problem.js';

export interface HttpLimits {
  /** Longest body, bytes. */
  bodyLimit?: number;
  /** How long a request may take to arrive whole. */
  requestTimeoutMs?: number;
  headersTimeoutMs?: number;
  keepAliveTimeoutMs?: number;
  maxConnections?: number;
}

const KIB = 1024;

/** A URL that can't be routed is answered like any other refusal; Fastify's own answer would echo it. */
function answerUnroutable(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(toLetheError(error), request.id);
  void reply.status(problem.status).header('content-type', PROBLEM_JSON).send(problem);
}

/** Options of every HTTP server of Lethe: bounded in size and time, no proxy headers believed, no logger of its own. */
export function fastifyOptions(limits: HttpLimits = {}): FastifyHttpOptions<Server> {
  const requestTimeout = limits.requestTimeoutMs ?? 30_000;
  const headersTimeout = limits.headersTimeoutMs ?? 10_000;
  return {
    logger: false,
    trustProxy: false,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    bodyLimit: limits.bodyLimit ?? KIB * KIB,
    requestTimeout,
    keepAliveTimeout: limits.keepAliveTimeoutMs ?? 65_000,
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    frameworkErrors: answerUnroutable,
    http: { maxHeaderSize: 64 * KIB, headersTimeout, requestTimeout, connectionsCheckingInterval: 1_000 },
  };
}
