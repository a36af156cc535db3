import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { HttpEngine, ServeMcp } from './http-engine.js';
import { NodeHttp } from './node-http.js';

const METHODS = new Set(['GET', 'POST', 'DELETE', 'OPTIONS']);
const PREFIX = '/servers/';
const SUFFIX = '/mcp';

/**
 * The HTTP server under Fastify. It takes requests to `/servers/{slug}/mcp` before Fastify's router, request objects and
 * hooks, and before Nest's pipes and filters: calls need none of these, and they are not free (ADR 0011). Every other request
 * goes on to Fastify.
 */
export class McpHttpServer {
  private serveMcp: ServeMcp | undefined;

  /** @param engine belongs to this server alone */
  constructor(private readonly engine: HttpEngine = new NodeHttp()) {}

  /** Sets who serves the virtual servers. Until then their requests go to Fastify too. */
  serve(serveMcp: ServeMcp): void {
    this.serveMcp = serveMcp;
  }

  /** Fastify's `serverFactory`. */
  readonly serverFactory = (rest: RequestListener): Server =>
    this.engine.createServer({
      slugOf: (request) => (this.serveMcp ? slugOf(request) : undefined),
      serve: (request, response, slug) => this.serveMcp?.(request, response, slug),
      rest,
    });
}

/** The slug in `/servers/{slug}/mcp` as it was written: no slug needs percent-encoding. */
function slugOf({ method, url: target = '' }: IncomingMessage): string | undefined {
  if (method === undefined || !METHODS.has(method)) return undefined;
  // RFC 9112, section 3.2.2: a server must accept a whole URL as well.
  const url = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '');
  if (!url.startsWith(PREFIX)) return undefined;
  const end = url.indexOf('/', PREFIX.length);
  if (end <= PREFIX.length || !url.startsWith(SUFFIX, end)) return undefined;
  const rest = end + SUFFIX.length;
  return rest === url.length || url[rest] === '?' ? url.slice(PREFIX.length, end) : undefined;
}
