import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import { HTTP_SERVER_OPTIONS } from '@lethe/platform';
import { RawBodyRequest } from './fast/raw-body-request.js';
import { flush } from './fast/coalesced-responses.js';

/** Carries out one request to a virtual server. */
export type ServeMcp = (request: RawBodyRequest, response: ServerResponse, slug: string) => void;

const METHODS = new Set(['GET', 'POST', 'DELETE', 'OPTIONS']);
const PREFIX = '/servers/';
const SUFFIX = '/mcp';

/**
 * The HTTP server under Fastify. Requests to `/servers/{slug}/mcp` are taken before Fastify's router and request objects,
 * and Nest's pipes and filters, which would cost a fifth of a call; everything else goes on to them.
 */
export class McpHttpServer {
  private serveMcp: ServeMcp | undefined;

  /** From now on virtual servers are served here. */
  serve(serveMcp: ServeMcp): void {
    this.serveMcp = serveMcp;
  }

  /** Fastify's `serverFactory`. */
  readonly serverFactory = (rest: RequestListener): Server => {
    const options = { ...HTTP_SERVER_OPTIONS, IncomingMessage: RawBodyRequest };
    const server = createServer<typeof RawBodyRequest>(options, (request, response) => {
      const slug = slugOf(request);
      if (slug !== undefined && this.serveMcp) return this.serveMcp(request, response, slug);
      request.useStandardStream();
      rest(request, response);
    });
    // Before node ends the connection of a client that says no more, or of one that says what can't be read.
    server.on('connection', (socket) => socket.prependListener('end', flush));
    server.on('clientError', flush);
    return server;
  };
}

/** The slug in `/servers/{slug}/mcp`, as it was written: one that is encoded is no slug. */
function slugOf({ method, url: target = '' }: IncomingMessage): string | undefined {
  if (method === undefined || !METHODS.has(method)) return undefined;
  // RFC 9112, section 3.2.2: a whole URL has to be taken as well.
  const url = target.startsWith('/') ? target : target.replace(/^https?:\/\/[^/?#]*/i, '');
  if (!url.startsWith(PREFIX)) return undefined;
  const end = url.indexOf('/', PREFIX.length);
  if (end <= PREFIX.length || !url.startsWith(SUFFIX, end)) return undefined;
  const rest = end + SUFFIX.length;
  return rest === url.length || url[rest] === '?' ? url.slice(PREFIX.length, end) : undefined;
}
