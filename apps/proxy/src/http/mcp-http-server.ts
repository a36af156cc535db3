import type { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import { type ClientErrors, type ErrorCode, HTTP_SERVER_OPTIONS, problemErrors } from '@lethe/platform';
import type { HttpEngine, HttpHandlers, ServeMcp } from './http-engine.js';
import { absoluteForm } from './request/absolute-form.js';
import type { HttpRequest } from './request/http-request.js';
import type { ResponseWriter } from './response/response-writer.js';
import { NodeHttp } from './node-http.js';

const PREFIX = '/servers/';
const SUFFIX = '/mcp';

/**
 * The HTTP server under Fastify. Requests to `/servers/{slug}/mcp` bypass Fastify's router, request objects and hooks:
 * calls do not need them, and they cost time (ADR 0011). All other requests go to Fastify.
 */
export class McpHttpServer {
  /** The requests to virtual servers that have no complete response yet. */
  readonly inFlight = new InFlight();
  private serveMcp: ServeMcp | undefined;

  /** @param engine belongs to this server alone */
  constructor(
    private readonly engine: HttpEngine = new NodeHttp(),
    private readonly options: ServerOptions = HTTP_SERVER_OPTIONS,
    private readonly clientErrors: ClientErrors = problemErrors(),
  ) {}

  /** Sets the handler for virtual servers. Until then their requests go to Fastify, too. */
  serve(serveMcp: ServeMcp): void {
    this.serveMcp = serveMcp;
  }

  /** Fastify's `serverFactory`. */
  readonly serverFactory = (rest: RequestListener): Server => {
    const handlers: HttpHandlers = {
      slugOf: (request) => (this.serveMcp ? slugOf(request) : undefined),
      serve: (request, response, slug) => this.begin(request, response, slug),
      rest: (request, response) => this.routeByPath(request, response, rest),
    };
    const server = this.engine.createServer(handlers, this.options);
    this.clientErrors.attach(server);
    return server;
  };

  /** Fastify routes paths only. A target that names another host than `Host` is for none of them. */
  private routeByPath(request: IncomingMessage, response: ServerResponse, rest: RequestListener): void {
    const isWithoutHost = request.httpVersion === '1.1' && request.headers.host === undefined;
    const problem = isWithoutHost ? 'request_malformed' : versionProblem(request);
    if (problem !== undefined) return this.clientErrors.refuse(response, problem);
    const absolute = absoluteForm(request.url ?? '');
    if (absolute) {
      const isSameHost = absolute.host === request.headers.host?.toLowerCase();
      if (!isSameHost) return this.clientErrors.refuse(response, 'host_forbidden');
      request.url = absolute.path;
    }
    rest(request, response);
  }

  private begin(request: HttpRequest, response: ResponseWriter, slug: string): void {
    if (this.inFlight.isDraining) response.endConnection();
    this.inFlight.begin();
    this.serveMcp?.(request, response, slug, this.ended);
  }

  private readonly ended = (): void => this.inFlight.end();
}

/** The slug in `/servers/{slug}/mcp` or `/servers/{slug}/mcp/`, not decoded: no slug needs percent-encoding. */
function slugOf(request: IncomingMessage): string | undefined {
  const { url: target = '' } = request;
  if (request.httpVersion !== '1.1' && versionProblem(request) !== undefined) return undefined;
  const url = target.startsWith('/') ? target : absoluteForm(target)?.path;
  if (!url?.startsWith(PREFIX)) return undefined;
  const end = url.indexOf('/', PREFIX.length);
  if (end <= PREFIX.length || !url.startsWith(SUFFIX, end)) return undefined;
  const suffixEnd = end + SUFFIX.length;
  const rest = url[suffixEnd] === '/' ? suffixEnd + 1 : suffixEnd;
  return rest === url.length || url[rest] === '?' ? url.slice(PREFIX.length, end) : undefined;
}

/** Node's parser also reads HTTP/0.9 and HTTP/2.0, and codings that HTTP/1.0 has not (RFC 9112, section 6.1). */
function versionProblem({ httpVersionMajor, httpVersionMinor, rawHeaders }: IncomingMessage): ErrorCode | undefined {
  if (httpVersionMajor !== 1) return 'http_version_unsupported';
  const isOld = httpVersionMinor === 0;
  return isOld && rawHeaders.some((name, at) => at % 2 === 0 && name.toLowerCase() === 'transfer-encoding')
    ? 'request_malformed'
    : undefined;
}

/** Counts running requests, so that a graceful shutdown can wait for them. */
export class InFlight {
  private running = 0;
  private total = 0;
  private draining = false;
  private idle: (() => void) | undefined;

  /** Whether the shutdown has begun: each connection then ends with its next response. */
  get isDraining(): boolean {
    return this.draining;
  }

  /** How many requests have begun so far. */
  get begun(): number {
    return this.total;
  }

  endConnections(): void {
    this.draining = true;
  }

  begin(): void {
    this.running += 1;
    this.total += 1;
  }

  end(): void {
    this.running -= 1;
    if (this.running === 0) this.idle?.();
  }

  /**
   * Resolves when no request runs any more, or after `limitMs`, and then at the end of the event-loop turn, so that queued
   * responses have been written.
   */
  async drain(limitMs: number): Promise<void> {
    this.endConnections();
    if (this.running > 0) await this.untilIdle(limitMs);
    await setImmediate();
  }

  private async untilIdle(limitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      const idle = (): void => {
        clearTimeout(timer);
        resolve();
      };
      this.idle = idle;
    });
  }
}
