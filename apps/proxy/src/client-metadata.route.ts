import { CLIENT_METADATA_PATH } from '@lethe/mcp';
import type { FastifyInstance } from 'fastify';

/** How long an authorization server may keep it. */
const MAX_AGE_SECONDS = 86_400;

/**
 * Serves what `lethe login` is to authorization servers that take the URL of such a document as a client's id. Only where it can be
 * read there: its URL has to be https.
 * @see https://datatracker.ietf.org/doc/draft-ietf-oauth-client-id-metadata-document/
 */
export function serveClientMetadata(fastify: FastifyInstance, publicUrl: string | undefined): void {
  if (publicUrl?.startsWith('https://') !== true) return;
  const base = publicUrl.replace(/\/+$/, '');
  const document = {
    client_id: `${base}${CLIENT_METADATA_PATH}`,
    client_name: 'Lethe',
    client_uri: base,
    application_type: 'native',
    // With any port (RFC 8252, section 7.3): the command listens on one of its own for each login.
    redirect_uris: ['http://127.0.0.1/callback', 'http://localhost/callback'],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  fastify.get(CLIENT_METADATA_PATH, (_request, reply) =>
    reply.header('cache-control', `public, max-age=${MAX_AGE_SECONDS}`).send(document),
  );
}
