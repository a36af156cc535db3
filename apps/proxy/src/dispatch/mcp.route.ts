import type { Logger } from '@lethe/platform';
import { type Done, runCatching } from '../http/completion.js';
import { corsHeaders, preflightHeaders } from '../http/cors.js';
import { checkContentType, type HostOriginPolicy } from '../http/host-origin-policy.js';
import type { InFlight } from '../http/mcp-http-server.js';
import type { HttpRequest, ServeMcp } from '../http/http-engine.js';
import { ClientDisconnected, NO_BODY, readBody } from '../http/request-body.js';
import { parseRequestHeaders } from '../http/request-headers.js';
import type { ResponseWriter } from '../http/response-writer.js';
import { asLetheError } from '../protocol/errors.js';
import { McpRequest, type ReadBody } from '../request/mcp-request.js';
import type { Dispatcher } from './dispatcher.js';
import { sendFailure } from './send-failure.js';

/** The services that the route uses. */
export interface McpRouteParts {
  readonly dispatcher: Pick<Dispatcher, 'dispatch'>;
  readonly policy: HostOriginPolicy;
  readonly inFlight: InFlight;
  readonly logger: Logger;
}

/** The route `/servers/{slug}/mcp`: admits a request (step 1), dispatches it, and sends the error if it fails. */
export function mcpRoute(parts: McpRouteParts): ServeMcp {
  return (incoming, response, slug) => serve(parts, incoming, response, slug);
}

function serve(parts: McpRouteParts, incoming: HttpRequest, response: ResponseWriter, slug: string): void {
  const { dispatcher, policy, inFlight, logger } = parts;
  if (inFlight.isDraining) response.setHeaders({ connection: 'close' });
  inFlight.begin();
  let request: McpRequest | undefined;
  let isDone = false;
  const done: Done = (error) => {
    if (isDone) return;
    isDone = true;
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
 * Step 1: checks the HTTP head, before the caller is identified. Undefined for `OPTIONS`, which it responds to itself.
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
    // The dispatcher handles all other methods as GET, and rejects them outside a session.
    return new McpRequest(incoming.method === 'DELETE' ? 'DELETE' : 'GET', slug, headers, response, readNothing);
  }
  checkContentType(headers);
  const read: ReadBody = (onBody, onError) => readBody(incoming, response, onBody, onError);
  return new McpRequest('POST', slug, headers, response, read);
}

const readNothing: ReadBody = (onBody) => onBody(NO_BODY);

function fail(logger: Logger, response: ResponseWriter, request: McpRequest | undefined, error: unknown): void {
  if (error instanceof ClientDisconnected) return;
  // The call log has already logged the errors of its calls.
  const isLogged = request?.startedAt !== undefined;
  if (!isLogged && asLetheError(error).code === 'internal') {
    logger.error({ err: error, route: '/servers/:slug/mcp' }, 'Request failed');
  }
  sendFailure(response, request, error);
}
