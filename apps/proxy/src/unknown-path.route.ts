import { LetheError, PROBLEM_JSON, toProblem } from '@lethe/platform';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

const WHERE = 'MCP endpoints have the path /servers/<name>/mcp, for the transport Streamable HTTP';

/** Responds to every path that is nothing here, without reading the request. Says where the MCP endpoints are. */
export function serveUnknownPaths(fastify: FastifyInstance): void {
  const refuse = async ({ id }: FastifyRequest, reply: FastifyReply) =>
    reply
      .status(404)
      .header('content-type', PROBLEM_JSON)
      .send(toProblem(new LetheError('not_found', { detail: WHERE }), id));
  fastify.all('/*', { onRequest: refuse }, refuse);
  // Methods that Fastify has no routes for; its own response would repeat the URL.
  fastify.setNotFoundHandler({}, refuse);
}
