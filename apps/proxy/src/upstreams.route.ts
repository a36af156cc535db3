import { createHash } from 'node:crypto';
import { hasCurrent, type LetheError, PROBLEM_JSON, retryAfter, toLetheError, toProblem } from '@lethe/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticator } from './auth/authenticator.js';
import { callerChallenge, callerRefusalSentence } from './auth/caller-refusal.js';
import type { RefusedRequests } from './auth/refused-requests.js';
import { corsHeaders, preflightHeaders } from './http/request/cors.js';
import type { HostOriginPolicy } from './http/request/host-origin-policy.js';
import { parseRequestHeaders, type RequestHeaders } from './http/request/request-headers.js';
import type { Gateway } from './routes/table/gateway.js';
import type { VirtualServer } from './routes/table/virtual-server.js';
import type { PassthroughHeader } from './routes/table/passthrough-headers.js';

/** Who may read it, as on the MCP endpoint. */
export interface UpstreamsGuard {
  readonly policy: HostOriginPolicy;
  readonly auth: Pick<Authenticator, 'identify'>;
  readonly refused: RefusedRequests;
}

type Request = FastifyRequest<{ Params: { slug: string } }>;

/**
 * Serves `/servers/{slug}/upstreams`: the gateways of a virtual server, and which headers each needs. For callers that may use
 * it, identified as on its MCP endpoint. The origin of an upstream is told, because the caller's credentials go there; its path
 * only where a proof of possession has to name it. How tokens for it are got is told to those who can send one.
 */
export function serveUpstreams(fastify: FastifyInstance, guard: UpstreamsGuard): void {
  fastify.get('/servers/:slug/upstreams', async (request: Request, reply) => {
    try {
      await answer(request, reply, guard);
    } catch (error) {
      refuse(request, reply, toLetheError(error), guard);
    }
    return reply;
  });
  // A page sends its key as a header, so its browser asks before.
  fastify.options('/servers/:slug/upstreams', async (request: Request, reply) => {
    try {
      const headers = admit(request, reply, guard.policy);
      void reply.status(204).headers(preflightHeaders(headers, 'GET, HEAD, OPTIONS')).send();
    } catch (error) {
      refuse(request, reply, toLetheError(error), guard);
    }
    return reply;
  });
}

/**
 * Checks where a request comes from, and lets the page read the answer.
 * @throws LetheError about Host and Origin
 */
function admit({ raw }: Request, reply: FastifyReply, policy: HostOriginPolicy): RequestHeaders {
  const headers = parseRequestHeaders(raw.rawHeaders);
  const origin = policy.checkOrigin(headers, policy.checkHost(headers));
  if (origin !== undefined) void reply.headers(corsHeaders(origin));
  return headers;
}

async function answer(request: Request, reply: FastifyReply, { policy, auth }: UpstreamsGuard): Promise<void> {
  const headers = admit(request, reply, policy);
  const { server } = await auth.identify({ slug: request.params.slug, headers });
  const { slug, name } = server.manifest;
  // Of each caller alone: what roles do not allow is not in it.
  void reply.header('cache-control', 'private, max-age=60').header('vary', 'Authorization, Origin');
  const items = server.gateways.map((gateway) => toUpstream(gateway, server));
  const json = JSON.stringify({ server: { slug, name }, items });
  // Of what is told, as that differs with the caller's roles and with what is kept.
  const etag = `"${createHash('sha256').update(json).digest('base64url')}"`;
  void reply.header('etag', etag);
  void (hasCurrent(request.headers['if-none-match'], etag)
    ? reply.status(304).send()
    : reply.type('application/json').send(json));
}

function refuse({ id, raw }: Request, reply: FastifyReply, thrown: LetheError, { refused }: UpstreamsGuard): void {
  const error = refused.refuse(raw, thrown);
  const sentence = callerRefusalSentence(error.detail);
  if (error.code === 'caller_unknown') void reply.header('www-authenticate', callerChallenge(error.detail));
  if (error.status === 503 || error.status === 429) void reply.header('retry-after', retryAfter(error));
  const problem = { ...toProblem(error, id), ...(sentence !== undefined && { detail: sentence }) };
  void reply
    .status(error.status)
    .header('content-type', PROBLEM_JSON)
    .header('cache-control', 'no-store')
    .send(problem);
}

function toUpstream(gateway: Gateway, server: VirtualServer): object {
  const { slug, name, target, servedIn, closed, kept, oauth, transport } = gateway;
  // A header is refused where only the kept credential may be used, and not needed where the caller has that.
  const sources = kept?.use === 'kept' ? [] : gateway.passthroughHeaders;
  const headers = sources.map(toHeader);
  // A proof of possession names the URL without its query (RFC 9449, section 4.2). Over HTTP+SSE only the upstream's stream tells it.
  const isProven = transport !== 'sse' && sources.some(({ hasProofs }) => hasProofs);
  const isOptional = kept !== undefined && server.usesKept(gateway);
  const eras = [...new Set([servedIn.legacy, servedIn.modern])];
  return {
    gateway: slug,
    name,
    origin: target.origin,
    isAvailable: closed === undefined,
    eras: eras.map(({ era, protocolVersion }) => ({ era, protocolVersion })),
    headers: isOptional ? headers.map((header) => ({ ...header, required: false })) : headers,
    ...(isProven && { url: `${target.origin}${target.path}` }),
    ...(oauth && sources.length > 0 && { oauth }),
    ...(kept && { credential: kept.use }),
  };
}

function toHeader({ mapping, exactName, shortName, shortForm }: PassthroughHeader): object {
  return {
    exact: exactName,
    ...(shortForm === 'own' && { short: shortName }),
    header: mapping.header,
    ...(mapping.scheme !== undefined && { scheme: mapping.scheme }),
    required: mapping.required === true,
  };
}
