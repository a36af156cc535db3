import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@lethe/platform';
import { type Admission, admitBody } from './admission.js';
import { corsHeaders, preflightHeaders } from './cors.js';
import type { ExchangeService } from './exchange.service.js';
import { admitHeaders } from './header-view.js';
import type { InFlight } from './in-flight.js';
import type { ServeMcp } from './mcp-front.js';
import { ClientGone, NO_BODY, readWhole } from './read-body.js';
import { answerFailure, asLetheError, Refusal } from './refusal.js';
import { ReplySink } from './reply-sink.js';

export interface McpRouteParts {
  readonly exchanges: Pick<ExchangeService, 'handle'>;
  readonly admission: Admission;
  readonly inFlight: InFlight;
  readonly logger: Logger;
}

/** `/servers/{slug}/mcp`: from node's request to its whole answer. */
export function mcpRoute(parts: McpRouteParts): ServeMcp {
  return (request, response, slug) => void serve(parts, request, response, slug);
}

async function serve(
  { exchanges, admission, inFlight, logger }: McpRouteParts,
  request: IncomingMessage,
  response: ServerResponse,
  slug: string,
): Promise<void> {
  const reply = new ReplySink(response);
  if (inFlight.isDraining) reply.always({ connection: 'close' });
  inFlight.begin();
  try {
    const headers = admitHeaders(request.rawHeaders);
    const host = admission.host(headers);
    const origin = admission.origin(headers, host);
    if (origin !== undefined) reply.always(corsHeaders(origin));
    const { method } = request;
    if (method === 'OPTIONS') return reply.empty(204, preflightHeaders(headers));
    if (method === 'POST') {
      admitBody(headers);
      await exchanges.handle({ method, slug, headers, reply, readBody: () => readWhole(request, reply) });
    } else {
      const isEnd = method === 'DELETE';
      await exchanges.handle({ method: isEnd ? 'DELETE' : 'GET', slug, headers, reply, readBody: noBody });
    }
  } catch (error) {
    if (error instanceof ClientGone) return;
    // What was thrown about a message is in the journal; what was thrown before there was one is not.
    if (!(error instanceof Refusal) && asLetheError(error).code === 'internal') {
      logger.error({ err: error, route: '/servers/:slug/mcp' }, 'Exchange failed');
    }
    answerFailure(reply, error);
  } finally {
    inFlight.end();
  }
}

async function noBody(): Promise<Buffer> {
  return NO_BODY;
}
