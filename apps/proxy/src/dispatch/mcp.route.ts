import type { Logger } from '@lethe/platform';
import { type Done, runCatching } from '../http/completion.js';
import { corsHeaders, preflightHeaders } from '../http/cors.js';
import { checkContentType, type HostOriginPolicy } from '../http/host-origin-policy.js';
import type { InFlight } from '../http/in-flight.js';
import type { HttpRequest, ServeMcp } from '../http/http-engine.js';
import { ClientDisconnected, NO_BODY, readBody } from '../http/request-body.js';
import { parseRequestHeaders } from '../http/request-headers.js';
import type { ResponseWriter } from '../http/response-writer.js';
import { asLetheError } from '../protocol/errors.js';
import { McpRequest, type ReadBody } from '../request/mcp-request.js';
import type { Dispatcher } from './dispatcher.js';
import { sendFailure } from './send-failure.js';

export interface McpRouteParts {
  readonly dispatcher: Pick<Dispatcher, 'dispatch'>;
  readonly policy: HostOriginPolicy;
  readonly inFlight: InFlight;
  readonly logger: Logger;
}

/** `/servers/{slug}/mcp`: step 1, admit, and whatever comes of the request at its end. */
export function mcpRoute(parts: McpRouteParts): ServeMcp {
  return (incoming, response, slug) => serve(parts, incoming, response, slug);
}

function serve(parts: McpRouteParts, incoming: HttpRequest, response: ResponseWriter, slug: string): void {
  const { dispatcher, policy, inFlight, logger } = parts;
  if (inFlight.isDraining) response.setHeaders({ connection: 'close' });
  inFlight.begin();
  let request: McpRequest | undefined;
  let isOver = false;
  const done: Done = (error) => {
    if (isOver) return;
    isOver = true;
    const destroy: Done = () => response.destroy();
    if (error !== undefined) runCatching(() => fail(logger, response, request, error), destroy);
    inFlight.end();
  };
  runCatching(() => {
    request = admit(policy, incoming, response, slug);
    if (request) dispatcher.dispatch(request, done);
    else done();
  }, done);
}

/**
 * Step 1 of a request: what its HTTP head has to fulfil before anybody is asked who sent it. Undefined for an `OPTIONS`,
 * which has its response then.
 * @throws LetheError about headers, Host, Origin, content type
 */
function admit(
  policy: HostOriginPolicy,
  incoming: HttpRequest,
  response: ResponseWriter,
  slug: string,
): McpRequest | undefined {
  const headers = parseRequestHeaders(incoming.rawHeaders);
  const host = policy.checkHost(headers);
  const origin = policy.checkOrigin(headers, host);
  if (origin !== undefined) response.setHeaders(corsHeaders(origin));
  if (incoming.method === 'OPTIONS') {
    response.sendEmpty(204, preflightHeaders(headers));
    return undefined;
  }
  if (incoming.method !== 'POST') {
    // Any other method is a GET to the dispatcher, which refuses it outside a session.
    return new McpRequest(incoming.method === 'DELETE' ? 'DELETE' : 'GET', slug, headers, response, readNothing);
  }
  checkContentType(headers);
  const read: ReadBody = (whole, failed) => readBody(incoming, response, whole, failed);
  return new McpRequest('POST', slug, headers, response, read);
}

const readNothing: ReadBody = (whole) => whole(NO_BODY);

function fail(logger: Logger, response: ResponseWriter, request: McpRequest | undefined, error: unknown): void {
  if (error instanceof ClientDisconnected) return;
  // What is in the call log is logged there.
  const isLogged = request?.startedAt !== undefined;
  if (!isLogged && asLetheError(error).code === 'internal') {
    logger.error({ err: error, route: '/servers/:slug/mcp' }, 'Request failed');
  }
  sendFailure(response, request, error);
}
