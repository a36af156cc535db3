import type { Era, HandshakeWarning } from '@lethe/contracts';
import type { HandshakeFailure } from '../outcome/handshake-failure.js';

/** The warning about a part of a handshake that failed and can be left out. */
export function failureWarning(
  code: 'era_failed' | 'conditional_failed',
  era: Era,
  { code: why, detail: { httpStatus } }: HandshakeFailure,
): HandshakeWarning {
  return { code, era, why, ...(httpStatus !== undefined && { httpStatus }) };
}
