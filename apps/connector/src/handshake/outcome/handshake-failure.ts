import type { HandshakeCode } from '@lethe/contracts';

/** How a handshake ends without a catalogue. Its closed code is all that is known of it outside the child. */
export class HandshakeFailure extends Error {
  override readonly name = 'HandshakeFailure';

  constructor(
    readonly code: HandshakeCode,
    readonly detail: { httpStatus?: number; pointer?: string } = {},
  ) {
    super(code);
  }
}
