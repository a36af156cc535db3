import { LetheError } from '@lethe/platform';
import type { PassthroughHeader } from '../routes/table/passthrough-headers.js';
import { headerFacts } from './header-facts.js';
import type { UpstreamCredentials } from './upstream-credentials.js';

/**
 * The error for an upstream's 401 or 403. To a kept credential it is the business of the administrators, not of the caller.
 * A 401 without a credential asks for one; a 403 may have other reasons.
 * https://www.rfc-editor.org/rfc/rfc9110#name-401-unauthorized
 * @param challenge the scheme of the upstream's challenge
 */
export function refusedCredential(
  credentials: UpstreamCredentials,
  httpStatus: number,
  challenge: string | undefined,
): LetheError {
  const { gateway } = credentials.access;
  if (credentials.isKept) {
    // A 403 without a challenge is about this one request.
    if (httpStatus === 401 || challenge !== undefined) credentials.noteRejected();
    return new LetheError('kept_credential_rejected', { gateway: gateway.slug, httpStatus });
  }
  const mapped = gateway.passthroughHeaders;
  const sent = mapped.filter((source) => credentials.has(source));
  const [shown] = sent.length > 0 ? sent : mapped;
  const isMissing = httpStatus === 401 && sent.length === 0;
  const notSent = mapped.filter((source) => !sent.includes(source));
  return new LetheError(isMissing ? 'credential_required' : 'upstream_rejected_credential', {
    gateway: gateway.slug,
    httpStatus,
    ...(shown && headerFacts(shown)),
    headers: namesOf(mapped),
    ...(notSent.length > 0 && { notSent: namesOf(notSent) }),
    ...(challenge !== undefined && { challenge: { scheme: challenge } }),
  });
}

function namesOf(sources: readonly PassthroughHeader[]): string[] {
  return sources.map(({ exactName }) => exactName);
}
