import type { FailureFacts, HandshakeCode } from '@lethe/contracts';

/** What is known about a failure beside its code. */
export type HandshakeFailureDetail = FailureFacts & { httpStatus?: number; pointer?: string };

/** Ends a handshake without a catalogue. Outside the one-shot process only its closed code and these facts are known. */
export class HandshakeFailure extends Error {
  override readonly name = 'HandshakeFailure';

  constructor(
    readonly code: HandshakeCode,
    readonly detail: HandshakeFailureDetail = {},
  ) {
    super(code);
  }
}
