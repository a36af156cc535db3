import type { AuthScheme, FailureFacts, HandshakeCode } from '@lethe/contracts';

/** What is known about a failure beside its code. */
export type HandshakeFailureDetail = FailureFacts & {
  httpStatus?: number;
  /** With a 401: the known scheme that the upstream asks for. */
  scheme?: AuthScheme;
  /** With a 401: the upstream takes only tokens that are bound to a key, which a verification can't prove to have. */
  wantsProof?: true;
  pointer?: string;
};

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
