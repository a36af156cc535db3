import { type NetworkFailure, networkFailure, UndecodableBody } from '@lethe/egress';
import { SseEventTooLarge } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { UpstreamAccess } from '../credentials/upstream-credentials.js';
import type { UpstreamFailure } from '../protocol/upstream-failures.js';
import type { Gateway } from '../routes/table/gateway.js';
import { RepeatedCredential } from './kept-guard.js';
import { MessageTooLong } from './message-reader.js';

/** `upstream_failed`, with the reason as a fixed word. */
export function upstreamFailed(access: UpstreamAccess, why: UpstreamFailure, httpStatus?: number): LetheError {
  return new LetheError('upstream_failed', {
    gateway: access.gateway.slug,
    why,
    ...(httpStatus !== undefined && { httpStatus }),
  });
}

/** What a failure of the network says about its upstream: nothing came from it, or something that is not HTTP or too long. */
const NETWORK: Readonly<Record<NetworkFailure, readonly ['upstream_unreachable' | 'upstream_failed', why: string]>> = {
  dns: ['upstream_unreachable', 'dns'],
  refused: ['upstream_unreachable', 'refused'],
  reset: ['upstream_unreachable', 'reset'],
  tls: ['upstream_unreachable', 'tls'],
  connect_timeout: ['upstream_unreachable', 'timeout'],
  response_timeout: ['upstream_unreachable', 'timeout'],
  forbidden_address: ['upstream_unreachable', 'forbidden_address'],
  not_http: ['upstream_failed', 'not_http'],
  too_large: ['upstream_failed', 'too_long'],
};

/**
 * Converts the error that ended an upstream request to a LetheError. The text of a network error may contain addresses and
 * is not repeated.
 */
export function upstreamError(access: UpstreamAccess, thrown: unknown): LetheError {
  if (thrown instanceof LetheError) return thrown;
  if (thrown instanceof MessageTooLong || thrown instanceof SseEventTooLarge) return upstreamFailed(access, 'too_long');
  if (thrown instanceof RepeatedCredential) return upstreamFailed(access, 'repeats_credential');
  if (thrown instanceof UndecodableBody) return upstreamFailed(access, 'content_encoding');
  const failure = networkFailure(thrown);
  const [code, why] = failure === undefined ? ['upstream_unreachable' as const] : NETWORK[failure];
  const gateway = access.gateway.slug;
  return new LetheError(code, { gateway, ...(why !== undefined && { why }) }, { cause: thrown });
}

/** The error for an upstream that did not do in time what Lethe waited for. */
export function upstreamTooSlow({ slug }: Gateway): LetheError {
  return new LetheError('upstream_unreachable', { gateway: slug, why: 'timeout' });
}

/** The error for a gateway that no longer has its part of the client's session. */
export function sessionUnknown({ slug }: Gateway, options?: { cause: unknown }): LetheError {
  return new LetheError('session_unknown', { gateway: slug }, options);
}
