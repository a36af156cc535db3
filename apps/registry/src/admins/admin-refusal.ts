import { ADMIN_TOKEN_PREFIX } from '@lethe/contracts';
import { BEARER_SENTENCES, bearerChallenge, bearerProblem, type BearerProblem } from '@lethe/mcp';
import type { ErrorDetail } from '@lethe/platform';
import type { TokenProblem } from '@lethe/sealing';
import type { AdminTokenProblem } from './admin-tokens.service.js';

/** Why an administrator is not let in: the member `why` of the response. */
export type AdminProblem =
  BearerProblem | AdminTokenProblem | TokenProblem | 'caller_key' | 'not_an_administrator_token';

const TOKEN = `an administrator token (${ADMIN_TOKEN_PREFIX}_...)`;
const EITHER = `${TOKEN} or an access token of the administrators' issuer`;
const ISSUED = 'The access token in the Authorization header';

const SENTENCES: Record<AdminProblem, (wanted: string, notation: string) => string> = {
  ...BEARER_SENTENCES,
  caller_key: (wanted) =>
    `The Authorization header contains a caller key, which is for virtual servers: the admin API requires ${wanted}`,
  not_an_administrator_token: (wanted) => `The value in the Authorization header is not ${wanted}`,
  administrator_unknown: () =>
    'The administrator token in the Authorization header is not known here: it is not complete, or it is of another Lethe',
  administrator_disabled: () =>
    'The administrator of the token in the Authorization header is switched off: ask another one to switch it on',
  administrator_expired: () =>
    'The administrator token in the Authorization header has expired: ask another administrator to extend it',
  token_malformed: (wanted) => `The value in the Authorization header is not ${wanted}`,
  token_signature: () => `${ISSUED} is not signed by the administrators' issuer with a key and algorithm that count`,
  token_expired: () => `${ISSUED} has expired: get a new one from the issuer`,
  token_too_early: () => `${ISSUED} is not valid yet: check the clocks`,
  token_audience: () => `${ISSUED} is for another audience: get one for LETHE_ADMIN_OIDC_AUDIENCE`,
  token_issuer: () => `${ISSUED} names another issuer than LETHE_ADMIN_OIDC_ISSUER`,
  token_incomplete: () => `${ISSUED} has no expiry or no subject`,
  issuer_unreachable: () =>
    `${ISSUED} could not be checked, because the keys of the issuer could not be fetched: try again shortly`,
};

/** The details of the error for a refused administrator, and the `WWW-Authenticate` header with the same sentence. */
export function adminRefusal(
  why: AdminProblem,
  authorization: string | undefined,
  acceptsTokensOfIssuer: boolean,
): { detail: ErrorDetail; challenge: string } {
  const { notation = '' } = bearerProblem(authorization) ?? {};
  const sentence = SENTENCES[why](acceptsTokensOfIssuer ? EITHER : TOKEN, notation);
  return { detail: { why, detail: sentence }, challenge: bearerChallenge(why, sentence) };
}
