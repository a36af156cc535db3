import { type ErrorCode, LetheError } from '@lethe/platform';
import type { UpstreamAccess } from '../credentials/upstream-access.js';
import { challengeScheme } from './challenge.js';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * A refusal by HTTP status that no body can explain better, told as ours: an upstream's 401 is never our own, and its
 * challenge is never relayed. Undefined for other statuses.
 */
export function statusFailure(access: UpstreamAccess, status: number, headers: Headers): LetheError | undefined {
  const gateway = access.gateway.slug;
  if (status === 401 || status === 403) {
    const scheme = challengeScheme(headers['www-authenticate']);
    return new LetheError('upstream_rejected_credential', {
      gateway,
      httpStatus: status,
      headers: access.gateway.passthroughHeaders.map(({ exactName }) => exactName),
      ...(scheme !== undefined && { challenge: { scheme } }),
    });
  }
  if (status >= 300 && status < 400) return new LetheError('upstream_redirected', { gateway, httpStatus: status });
  return undefined;
}

export function upstreamFailed(access: UpstreamAccess, why: string, httpStatus?: number): LetheError {
  return new LetheError('upstream_failed', {
    gateway: access.gateway.slug,
    why,
    ...(httpStatus !== undefined && { httpStatus }),
  });
}

/** Network errors by our own words; what the library says may name addresses. */
export function networkFailure(access: UpstreamAccess, cause: unknown): LetheError {
  const code: ErrorCode = 'upstream_unreachable';
  return new LetheError(code, { gateway: access.gateway.slug }, { cause });
}
