import type { ChallengeFacts } from '@lethe/contracts';
import { LetheError } from '@lethe/platform';
import type { PassthroughHeader } from '../routes/table/passthrough-headers.js';
import { headerFacts, loginFacts } from './header-facts.js';
import type { KeptCredential } from './kept-choice.js';
import type { UpstreamCredentials } from './upstream-credentials.js';

/**
 * The error for an upstream's 401 or 403. To a kept credential it is the business of the administrators, not of the caller,
 * unless it is a token that is replaced now. A 401 without a credential asks for one; a 403 may have other reasons.
 * https://www.rfc-editor.org/rfc/rfc9110#name-401-unauthorized
 * @param challenge what of the upstream's challenge may be told
 */
export function refusedCredential(
  credentials: UpstreamCredentials,
  httpStatus: number,
  challenge: ChallengeFacts | undefined,
): LetheError {
  const { gateway } = credentials.access;
  if (credentials.kept) return refusedKept(credentials.kept, gateway.slug, httpStatus);
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
    ...(challenge && { challenge }),
    ...loginFacts(gateway),
  });
}

function refusedKept(kept: KeptCredential, gateway: string, httpStatus: number): LetheError {
  // A 403 is about what the token allows, and another one would allow the same (RFC 6750, section 3.1).
  const isReplaced = httpStatus === 401 && kept.rejected();
  return isReplaced ? kept.missing() : new LetheError('kept_credential_rejected', { gateway, httpStatus });
}

function namesOf(sources: readonly PassthroughHeader[]): string[] {
  return sources.map(({ exactName }) => exactName);
}
