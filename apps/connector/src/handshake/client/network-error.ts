import type { HandshakeCode } from '@lethe/contracts';
import { type NetworkFailure, networkFailure, UndecodableBody } from '@lethe/egress';
import { TokenFailure } from '@lethe/oauth';
import { HandshakeFailure, type HandshakeFailureDetail } from '../outcome/handshake-failure.js';

const CODES: Readonly<Record<NetworkFailure, readonly [HandshakeCode, HandshakeFailureDetail?]>> = {
  dns: ['upstream_unreachable', { why: 'dns' }],
  refused: ['upstream_unreachable', { why: 'refused' }],
  connect_timeout: ['upstream_unreachable', { why: 'timeout' }],
  tls: ['upstream_tls_failed'],
  response_timeout: ['upstream_timeout'],
  too_large: ['upstream_too_large'],
  not_http: ['upstream_protocol_error'],
  forbidden_address: ['address_forbidden'],
  reset: ['upstream_closed'],
};

/** Maps a thrown error to a closed code. */
export function failureOf(error: unknown): HandshakeFailure {
  if (error instanceof HandshakeFailure) return error;
  if (error instanceof TokenFailure) return new HandshakeFailure(error.code, error.detail);
  if (error instanceof UndecodableBody) return new HandshakeFailure('upstream_protocol_error');
  const failure = networkFailure(error);
  return failure === undefined ? new HandshakeFailure('upstream_closed') : new HandshakeFailure(...CODES[failure]);
}

/** Resolves with a failure instead of rejecting with it. */
export function settled<T>(work: Promise<T>): Promise<T | HandshakeFailure> {
  return work.catch((error: unknown) => failureOf(error));
}
