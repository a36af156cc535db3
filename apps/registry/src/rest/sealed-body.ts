import { COMPACT_JWE, SEALED_CREDENTIAL } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Accepts `application/jose` bodies as text. A body longer than a sealed credential is refused before it is read. */
export function acceptSealedBodies(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addContentTypeParser(
      'application/jose',
      { parseAs: 'string', bodyLimit: SEALED_CREDENTIAL.maxBytes },
      (_request, body, done) => done(null, body),
    );
}

/**
 * Returns the sealed credential, a compact JWE (RFC 7516). Any other body was sent in clear.
 * @throws LetheError `credential_in_clear`
 */
export function sealedBody(contentType: string | undefined, body: unknown): string {
  const isJose = /^application\/jose\s*(;|$)/i.test(contentType ?? '');
  if (isJose && typeof body === 'string' && COMPACT_JWE.test(body.trim())) return body.trim();
  throw new LetheError('credential_in_clear');
}
