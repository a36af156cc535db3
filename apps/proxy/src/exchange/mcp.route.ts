import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { type AdmissionRules, admitBody, admitHost, admitOrigin } from './admission.js';
import { corsHeaders, preflightHeaders } from './cors.js';
import type { ExchangeService } from './exchange.service.js';
import { admitHeaders } from './header-view.js';
import type { InFlight } from './in-flight.js';
import { ClientGone, readWhole } from './read-body.js';
import { answerFailure } from './refusal.js';
import { ReplySink } from './reply-sink.js';

const METHODS = ['GET', 'POST', 'DELETE', 'OPTIONS'] as const;
type Method = (typeof METHODS)[number];

export interface McpRouteParts {
  readonly exchanges: ExchangeService;
  readonly rules: AdmissionRules;
  readonly inFlight: InFlight;
}

/** `/servers/{slug}/mcp` as a raw route: Nest's pipes and filters are not on the hot path. Register before listening. */
export function serveMcp(fastify: FastifyInstance, parts: McpRouteParts): void {
  void fastify.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    scope.route<{ Params: { slug: string } }>({
      method: [...METHODS],
      url: '/servers/:slug/mcp',
      handler: (request, reply) => {
        reply.hijack();
        void parts.inFlight.track(serve(parts, request.raw, reply.raw, request.params.slug));
      },
    });
    done();
  });
}

async function serve(
  { exchanges, rules, inFlight }: McpRouteParts,
  request: IncomingMessage,
  response: ServerResponse,
  slug: string,
): Promise<void> {
  const reply = new ReplySink(response);
  if (inFlight.isDraining) reply.always({ connection: 'close' });
  try {
    const headers = admitHeaders(request.rawHeaders);
    const host = admitHost(headers, rules);
    const origin = admitOrigin(headers, host, rules);
    if (origin !== undefined) reply.always(corsHeaders(origin));
    const method = methodOf(request);
    if (method === 'OPTIONS') return reply.empty(204, preflightHeaders(headers));
    if (method === 'POST') admitBody(headers);
    const readBody = async () => (method === 'POST' ? readWhole(request) : Buffer.alloc(0));
    await exchanges.handle({ method, slug, headers, reply, readBody });
  } catch (error) {
    if (!(error instanceof ClientGone)) answerFailure(reply, error);
  }
}

function methodOf(request: IncomingMessage): Method {
  return METHODS.find((method) => method === request.method) ?? 'GET';
}
