import * as oauth from 'oauth4webapi';

/** Why nobody was signed in. */
export type OidcFailure =
  /** This tab has begun no such sign-in, or has ended it already. */
  | 'not_begun'
  /** The person, or the issuer, has refused. */
  | 'denied'
  /** No answer that this page may read: the issuer is away, or does not allow the page's origin (CORS). */
  | 'unreachable'
  /** The answer is not what was asked for: of another issuer, for another sign-in, or not signed as it must be. */
  | 'wrong_answer';

/** A sign-in at the issuer that has failed. It repeats nothing of the answer. */
export class OidcError extends Error {
  override readonly name = 'OidcError';

  constructor(
    readonly why: OidcFailure,
    options?: ErrorOptions,
  ) {
    super(`The sign-in has failed: ${why}`, options);
  }

  /** What a failure of the library is. */
  static of(error: unknown): OidcError {
    if (error instanceof OidcError) return error;
    const isRefusal = error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError;
    if (isRefusal) return new OidcError('denied');
    // `fetch` rejects with it when there is no answer that the page may read.
    return new OidcError(error instanceof TypeError ? 'unreachable' : 'wrong_answer');
  }
}
