import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import type { HttpEngine, ServeMcp } from './http-engine.js';
import type { HttpRequest } from './request/http-request.js';
import type { ResponseWriter } from './response/response-writer.js';
import { NodeHttp } from './node-http.js';

const PREFIX = '/servers/';
const SUFFIX = '/mcp';

/**
 * The HTTP server under Fastify. Requests to `/servers/{slug}/mcp` bypass Fastify's router, request objects and hooks, and
 * Nest's pipes and filters: calls do not need them, and they cost time (ADR 0011). All other requests go to Fastify.
 */
export class McpHttpServer {
  /** The requests to virtual servers that have no complete response yet. */
  readonly inFlight = new InFlight();
  private serveMcp: ServeMcp | undefined;

  /** @param engine belongs to this server alone */
  constructor(private readonly engine: HttpEngine = new NodeHttp()) {}

  /** Sets the handler for virtual servers. Until then their requests go to Fastify, too. */
  serve(serveMcp: ServeMcp): void {
    this.serveMcp = serveMcp;
  }

  /** Fastify's `serverFactory`. */
  readonly serverFactory = (rest: RequestListener): Server =>
    this.engine.createServer({
      slugOf: (request) => (this.serveMcp ? slugOf(request) : undefined),
      serve: (request, response, slug) => this.begin(request, response, slug),
      rest,
    });

  private begin(request: HttpRequest, response: ResponseWriter, slug: string): void {
    if (this.inFlight.isDraining) response.setHeaders({ connection: 'close' });
    this.inFlight.begin();
    this.serveMcp?.(request, response, slug, this.ended);
  }

  private readonly ended = (): void => this.inFlight.end();
}

/** The slug in `/servers/{slug}/mcp` or `/servers/{slug}/mcp/`, not decoded: no slug needs percent-encoding. */
function slugOf({ url: target = '' }: IncomingMessage): string | undefined {
  // RFC 9112, section 3.2.2: a server must also accept an absolute URL.
  const url = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '');
  if (!url.startsWith(PREFIX)) return undefined;
  const end = url.indexOf('/', PREFIX.length);
  if (end <= PREFIX.length || !url.startsWith(SUFFIX, end)) return undefined;
  const suffixEnd = end + SUFFIX.length;
  const rest = url[suffixEnd] === '/' ? suffixEnd + 1 : suffixEnd;
  return rest === url.length || url[rest] === '?' ? url.slice(PREFIX.length, end) : undefined;
}

/** Counts running requests, so that a graceful shutdown can wait for them. */
export class InFlight {
  private running = 0;
  private draining = false;
  private idle: (() => void) | undefined;

  /** Whether the shutdown has begun: each connection then ends with its next response. */
  get isDraining(): boolean {
    return this.draining;
  }

  begin(): void {
    this.running += 1;
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
    this.draining = true;
    if (this.running > 0) await this.untilIdle(limitMs);
    await setImmediate();
  }

  private async untilIdle(limitMs: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limitMs);
      this.idle = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
