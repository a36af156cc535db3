import { CALLER_KEY_PREFIX } from '@lethe/contracts';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Where clients look for documents about signing in: at the origin, or below the endpoint that they were given. */
const DOCUMENTS = ['/.well-known/*', '/servers/:slug/mcp/.well-known/*'];
/** The endpoints that clients try without a document (MCP 2025-03-26, authorization, fallbacks for servers without metadata). */
const ENDPOINTS = ['register', 'authorize', 'token'].flatMap((name) => [`/${name}`, `/servers/:slug/mcp/${name}`]);

/** Many clients show this and nothing else of what went wrong. */
const DESCRIPTION =
  'Lethe has no sign-in: put a caller key of Lethe into the Authorization header that the MCP client sends ' +
  `(Authorization: Bearer ${CALLER_KEY_PREFIX}_...), and a credential of an upstream into the header that its error names`;

/**
 * Tells clients that look for a sign-in that there is none. Their requests are answered before anything of them is read: some
 * send the headers of their configuration here too, credentials among them.
 */
export function serveNoSignIn(fastify: FastifyInstance): void {
  for (const url of DOCUMENTS) answer(fastify, url, 404);
  for (const url of ENDPOINTS) answer(fastify, url, 400);
}

/**
 * An error in OAuth's form (RFC 6749, section 5.2; RFC 7591, section 3.2.2).
 * @param status 404 for a document that does not exist, 400 for an endpoint
 */
export function refuseSignIn(reply: FastifyReply, status: 400 | 404): FastifyReply {
  const error = status === 404 ? 'not_found' : 'access_denied';
  return reply.status(status).header('cache-control', 'no-store').send({ error, error_description: DESCRIPTION });
}

function answer(fastify: FastifyInstance, url: string, status: 400 | 404): void {
  const refuse = async (_request: unknown, reply: FastifyReply) => refuseSignIn(reply, status);
  fastify.route({ method: ['GET', 'POST'], url, onRequest: refuse, handler: refuse });
}
