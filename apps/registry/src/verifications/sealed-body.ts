import { COMPACT_JWE, SEALED_CREDENTIAL } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Lets `application/jose` in as text; anything longer than a sealed credential is refused before it is read. */
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
 * A sealed credential: compact JWE (RFC 7516) and nothing else. What else can be read here came in clear.
 * @throws LetheError `credential_in_clear`
 */
export function sealedBody(contentType: string | undefined, body: unknown): string {
  const isJose = /^application\/jose\s*(;|$)/i.test(contentType ?? '');
  if (isJose && typeof body === 'string' && COMPACT_JWE.test(body.trim())) return body.trim();
  throw new LetheError('credential_in_clear');
}
