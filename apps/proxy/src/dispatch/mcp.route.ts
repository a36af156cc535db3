import type { Logger } from '@lethe/platform';
import { type HostOriginPolicy, checkContentType } from '../http/host-origin-policy.js';
import { corsHeaders, preflightHeaders } from '../http/cors.js';
import type { IncomingRequest } from '../protocol/exchange.js';
import type { Dispatcher } from './dispatcher.js';
import { parseRequestHeaders } from '../http/request-headers.js';
import type { InFlight } from '../http/in-flight.js';
import type { HttpRequest, ServeMcp } from '../http/http-engine.js';
import { ClientDisconnected, NO_BODY, readBody } from '../http/request-body.js';
import { sendFailure, asLetheError, McpErrorResponse } from '../protocol/mcp-error-response.js';
import type { ResponseWriter } from '../http/response-writer.js';
import { runCatching, type Done } from '../http/completion.js';

export interface McpRouteParts {
  readonly dispatcher: Pick<Dispatcher, 'handle'>;
  readonly policy: HostOriginPolicy;
  readonly inFlight: InFlight;
  readonly logger: Logger;
}

/** `/servers/{slug}/mcp`: from node's request to its whole answer. */
export function mcpRoute(parts: McpRouteParts): ServeMcp {
  return (request, response, slug) => serve(parts, request, response, slug);
}

function serve(parts: McpRouteParts, request: HttpRequest, response: ResponseWriter, slug: string): void {
  const { dispatcher, policy, inFlight } = parts;
  if (inFlight.isDraining) response.setHeaders({ connection: 'close' });
  inFlight.begin();
  let isOver = false;
  const done: Done = (error) => {
    if (isOver) return;
    isOver = true;
    if (error !== undefined)
      runCatching(
        () => fail(parts.logger, response, error),
        () => response.destroy(),
      );
    inFlight.end();
  };
  runCatching(() => {
    const headers = parseRequestHeaders(request.rawHeaders);
    const host = policy.checkHost(headers);
    const origin = policy.checkOrigin(headers, host);
    if (origin !== undefined) response.setHeaders(corsHeaders(origin));
    const { method } = request;
    if (method === 'OPTIONS') {
      response.sendEmpty(204, preflightHeaders(headers));
      return done();
    }
    if (method === 'POST') checkContentType(headers);
    const known = method === 'POST' || method === 'DELETE' ? method : 'GET';
    const readLater: IncomingRequest['readBody'] =
      known === 'POST' ? (whole, failed) => readBody(request, response, whole, failed) : (whole) => whole(NO_BODY);
    dispatcher.handle({ method: known, slug, headers, response, readBody: readLater }, done);
  }, done);
}

function fail(logger: Logger, response: ResponseWriter, error: unknown): void {
  if (error instanceof ClientDisconnected) return;
  // What was thrown about a message is in the journal; what was thrown before there was one is not.
  if (!(error instanceof McpErrorResponse) && asLetheError(error).code === 'internal') {
    logger.error({ err: error, route: '/servers/:slug/mcp' }, 'Exchange failed');
  }
  sendFailure(response, error);
}
