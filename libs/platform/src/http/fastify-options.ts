import { randomUUID } from 'node:crypto';
import type { Server, ServerOptions } from 'node:http';
import type { FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import { LetheError } from '../errors.js';
import { ClientErrors } from './client-errors.js';
import { PROBLEM_JSON, toProblem } from './problem.js';

/** What differs between the HTTP servers of the services. */
export interface HttpOptions {
  /** Longest body, bytes. */
  bodyLimit?: number;
  /** Answers to what is no request. */
  clientErrors?: ClientErrors;
}

const KIB = 1024;
/** Longest time until a whole request has arrived. */
const REQUEST_TIMEOUT_MS = 30_000;
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 65_000;

/** Options of node's HTTP server, for every service: limits of size and time. */
export const HTTP_SERVER_OPTIONS: ServerOptions = {
  maxHeaderSize: 64 * KIB,
  headersTimeout: HEADERS_TIMEOUT_MS,
  requestTimeout: REQUEST_TIMEOUT_MS,
  keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  connectionsCheckingInterval: 1_000,
};

/** Answers to what is no request on the servers that show problem details. */
export function problemErrors(): ClientErrors {
  return new ClientErrors((error) => ({
    contentType: PROBLEM_JSON,
    body: JSON.stringify(toProblem(error, randomUUID())),
  }));
}

/** Responds to a URL that can't be routed like to any other error; Fastify's own response would repeat the URL. */
function answerUnroutable(_error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(new LetheError('request_malformed'), request.id);
  void reply.status(problem.status).header('content-type', PROBLEM_JSON).send(problem);
}

/** Options of every Fastify server of Lethe: limits of size and time, no trust in proxy headers, no own logger. */
export function fastifyOptions(options: HttpOptions = {}): FastifyHttpOptions<Server> {
  return {
    logger: false,
    trustProxy: false,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    bodyLimit: options.bodyLimit ?? KIB * KIB,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    onProtoPoisoning: 'error',
    onConstructorPoisoning: 'error',
    frameworkErrors: answerUnroutable,
    clientErrorHandler: (options.clientErrors ?? problemErrors()).answer,
    http: HTTP_SERVER_OPTIONS,
  };
}
