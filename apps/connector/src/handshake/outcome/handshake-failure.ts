import type { AuthScheme, HandshakeCode } from '@lethe/contracts';

/** Ends a handshake without a catalogue. Outside the one-shot process only its closed code is known. */
export class HandshakeFailure extends Error {
  override readonly name = 'HandshakeFailure';

  constructor(
    readonly code: HandshakeCode,
    readonly detail: { httpStatus?: number; scheme?: AuthScheme; pointer?: string } = {},
  ) {
    super(code);
  }
}
