import type { FastifyInstance } from 'fastify';
import type { HostOriginPolicy } from './http/request/host-origin-policy.js';
import { parseRequestHeaders } from './http/request/request-headers.js';
import { resourceMetadata } from './auth/resource-metadata.js';
import { refuseSignIn } from './no-sign-in.route.js';
import type { Routes } from './routes/snapshot/routes.js';

/**
 * Serves RFC 9728 metadata of virtual servers with JWT callers. Everything else under `/.well-known/` is a 404: clients
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
        const manifest = routes.table.manifest(request.params.slug);
        const base = publicUrl ?? ownBase(request.raw.rawHeaders, policy);
        const metadata = manifest && base !== undefined ? resourceMetadata(manifest, base) : undefined;
        return metadata ? reply.header('cache-control', 'no-store').send(metadata) : refuseSignIn(reply, 404);
      },
    );
  }
}

function ownBase(rawHeaders: readonly string[], policy: HostOriginPolicy): string | undefined {
  try {
    return `http://${policy.checkHost(parseRequestHeaders(rawHeaders))}`;
  } catch {
    return undefined;
  }
}
