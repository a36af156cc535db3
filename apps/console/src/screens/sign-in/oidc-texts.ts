import { texts } from '../../text/text.js';

/** Texts of the sign-in at the issuer of the organisation. */
export const OIDC = texts('oidc', {
  begin: 'Sign in at {issuer}',
  refused:
    'The registry has not accepted the token of the issuer. It must be for the audience of LETHE_ADMIN_OIDC_AUDIENCE and signed by the issuer.',
  not_begun: 'This tab has not begun a sign-in, or has ended it already. Begin again.',
  denied: 'The issuer has refused the sign-in, or it was cancelled there.',
  unreachable:
    'The issuer gives this page no answer. It may be down, or it does not allow requests of {origin} (CORS) for the client of the console.',
  wrong_answer: 'The answer of the issuer is not one to this sign-in, so it was not used. Begin again.',
});
