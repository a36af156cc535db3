import { SseEventTooLarge } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { UpstreamAccess } from '../credentials/upstream-access.js';
import { challengeScheme } from './challenge.js';
import { MessageTooLong } from './message-reader.js';

type Headers = Readonly<Record<string, string | string[] | undefined>>;

/**
 * The error for an HTTP status that no response body can explain better. An upstream's 401 never becomes the gateway's own,
 * and its challenge is never relayed. Undefined for other statuses.
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

/** The error for any HTTP status of failure when the response body is not read. */
export function httpFailure(access: UpstreamAccess, status: number, headers: Headers): LetheError {
  return statusFailure(access, status, headers) ?? upstreamFailed(access, 'http_status', status);
}

/** `upstream_failed`, with the reason as a fixed word. */
export function upstreamFailed(access: UpstreamAccess, why: string, httpStatus?: number): LetheError {
  return new LetheError('upstream_failed', {
    gateway: access.gateway.slug,
    why,
    ...(httpStatus !== undefined && { httpStatus }),
  });
}

/** What ended an exchange, as a LetheError. A network library's own text may contain addresses and is not repeated. */
export function upstreamError(access: UpstreamAccess, thrown: unknown): LetheError {
  if (thrown instanceof LetheError) return thrown;
  if (thrown instanceof MessageTooLong || thrown instanceof SseEventTooLarge) return upstreamFailed(access, 'too_long');
  return new LetheError('upstream_unreachable', { gateway: access.gateway.slug }, { cause: thrown });
}
