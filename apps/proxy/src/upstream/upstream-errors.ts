import { UndecodableBody } from '@lethe/egress';
import { SseEventTooLarge } from '@lethe/mcp';
import { LetheError } from '@lethe/platform';
import type { UpstreamAccess } from '../credentials/upstream-credentials.js';
import { MessageTooLong } from './message-reader.js';

/** `upstream_failed`, with the reason as a fixed word. */
export function upstreamFailed(access: UpstreamAccess, why: string, httpStatus?: number): LetheError {
  return new LetheError('upstream_failed', {
    gateway: access.gateway.slug,
    why,
    ...(httpStatus !== undefined && { httpStatus }),
  });
}

/** Converts the error that ended an upstream request to a LetheError. The text of a network error may contain addresses and is not repeated. */
export function upstreamError(access: UpstreamAccess, thrown: unknown): LetheError {
  if (thrown instanceof LetheError) return thrown;
  if (thrown instanceof MessageTooLong || thrown instanceof SseEventTooLarge) return upstreamFailed(access, 'too_long');
  if (thrown instanceof UndecodableBody) return upstreamFailed(access, 'content_encoding');
  return new LetheError('upstream_unreachable', { gateway: access.gateway.slug }, { cause: thrown });
}
