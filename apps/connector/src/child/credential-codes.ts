import { HANDSHAKE_CODES, type HandshakeCode } from '@lethe/contracts';
import { SealingError } from '@lethe/sealing';

/** Why a credential could not be used, as a closed code. */
export function codeOfSealingError(error: unknown): HandshakeCode {
  const code = error instanceof SealingError ? error.code : undefined;
  return HANDSHAKE_CODES.find((known) => known === code) ?? 'envelope_invalid';
}
