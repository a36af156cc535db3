import type { ServerResponse } from 'node:http';
import type { Logger } from '@lethe/platform';
import { type Admission, admitBody } from '../http/host-origin-policy.js';
import { corsHeaders, preflightHeaders } from '../http/cors.js';
import type { Arrival } from '../protocol/exchange.js';
import type { ExchangeService } from './dispatcher.js';
import type { FrontRequest } from '../http/fast/raw-body-request.js';
import { admitHeaders } from '../http/request-headers.js';
import type { InFlight } from '../http/in-flight.js';
import type { ServeMcp } from '../http/mcp-http-server.js';
import { ClientGone, NO_BODY, readWhole } from '../http/request-body.js';
import { answerFailure, asLetheError, Refusal } from '../protocol/mcp-error-response.js';
import { ReplySink } from '../http/response-writer.js';
import { attempt, type Settle } from '../http/completion.js';
import { sendOverdue } from '../http/fast/coalesced-responses.js';

export interface McpRouteParts {
  readonly exchanges: Pick<ExchangeService, 'handle'>;
  readonly admission: Admission;
  readonly inFlight: InFlight;
  readonly logger: Logger;
}

/** `/servers/{slug}/mcp`: from node's request to its whole answer. */
export function mcpRoute(parts: McpRouteParts): ServeMcp {
  return (request, response, slug) => serve(parts, request, response, slug);
}

function serve(parts: McpRouteParts, request: FrontRequest, response: ServerResponse, slug: string): void {
  const { exchanges, admission, inFlight } = parts;
  sendOverdue();
  const reply = new ReplySink(response);
  if (inFlight.isDraining) reply.always({ connection: 'close' });
  inFlight.begin();
  let isOver = false;
  const settle: Settle = (error) => {
    if (isOver) return;
    isOver = true;
    if (error !== undefined)
      attempt(
        () => fail(parts.logger, reply, error),
        () => reply.cut(),
      );
    inFlight.end();
  };
  attempt(() => {
    const headers = admitHeaders(request.rawHeaders);
    const host = admission.host(headers);
    const origin = admission.origin(headers, host);
    if (origin !== undefined) reply.always(corsHeaders(origin));
    const { method } = request;
    if (method === 'OPTIONS') {
      reply.empty(204, preflightHeaders(headers));
      return settle();
    }
    if (method === 'POST') admitBody(headers);
    const known = method === 'POST' || method === 'DELETE' ? method : 'GET';
    const readBody: Arrival['readBody'] =
      known === 'POST' ? (whole, failed) => readWhole(request, reply, whole, failed) : (whole) => whole(NO_BODY);
    exchanges.handle({ method: known, slug, headers, reply, readBody }, settle);
  }, settle);
}

function fail(logger: Logger, reply: ReplySink, error: unknown): void {
  if (error instanceof ClientGone) return;
  // What was thrown about a message is in the journal; what was thrown before there was one is not.
  if (!(error instanceof Refusal) && asLetheError(error).code === 'internal') {
    logger.error({ err: error, route: '/servers/:slug/mcp' }, 'Exchange failed');
  }
  answerFailure(reply, error);
}
