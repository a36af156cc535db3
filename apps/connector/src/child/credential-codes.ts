import { HANDSHAKE_CODES, type HandshakeCode } from '@lethe/contracts';
import { SealingError } from '@lethe/sealing';

/** The closed code for a credential that could not be used. */
export function codeOfSealingError(error: unknown): HandshakeCode {
  const code = error instanceof SealingError ? error.code : undefined;
  return HANDSHAKE_CODES.find((known) => known === code) ?? 'envelope_invalid';
}
