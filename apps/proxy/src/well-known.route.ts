import type { FastifyInstance, FastifyReply } from 'fastify';
import type { HostOriginPolicy } from './http/request/host-origin-policy.js';
import { parseRequestHeaders } from './http/request/request-headers.js';
import { resourceMetadata } from './auth/resource-metadata.js';
import type { Routes } from './routes/snapshot/routes.js';

/**
 * Serves RFC 9728 metadata of virtual servers with JWT callers. Everything else under `/.well-known/` is a plain 404: clients
 * would treat any other response as an authorization server and try to register with it.
 */
export function serveWellKnown(
  fastify: FastifyInstance,
  routes: Routes,
  policy: HostOriginPolicy,
  publicUrl: string | undefined,
): void {
  // Clients put the path of their URL behind the well-known one, and some people's URLs end with a slash.
  for (const end of ['', '/']) {
    fastify.get<{ Params: { slug: string } }>(
      `/.well-known/oauth-protected-resource/servers/:slug/mcp${end}`,
      (request, reply) => {
        const server = routes.table.server(request.params.slug);
        const base = publicUrl ?? ownBase(request.raw.rawHeaders, policy);
        const metadata = server && base !== undefined ? resourceMetadata(server, base) : undefined;
        return metadata ? reply.header('cache-control', 'no-store').send(metadata) : notFound(reply);
      },
    );
  }
  fastify.get('/.well-known/*', (_request, reply) => notFound(reply));
}

function ownBase(rawHeaders: readonly string[], policy: HostOriginPolicy): string | undefined {
  try {
    return `http://${policy.checkHost(parseRequestHeaders(rawHeaders))}`;
  } catch {
    return undefined;
  }
}

function notFound(reply: FastifyReply): FastifyReply {
  return reply.status(404).type('text/plain').send('Not found\n');
}
