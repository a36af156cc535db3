import { ADMIN_TOKEN_PREFIX, CALLER_KEY_PREFIX } from '@lethe/contracts';
import { BEARER_SENTENCES, bearerChallenge, bearerProblem, type BearerProblem } from '@lethe/mcp';
import { type ErrorDetail, LetheError } from '@lethe/platform';
import type { KeyProblem } from './caller-keys.js';
import type { TokenProblem } from '@lethe/sealing';

/** Why a caller is not let in: `detail.why` of `caller_unknown`. */
export type CallerProblem =
  BearerProblem | KeyProblem | TokenProblem | 'not_a_key' | 'administrator_token' | 'key_instead_of_token';

const KEY = `a caller key of Lethe (${CALLER_KEY_PREFIX}_...)`;
const TOKEN = "an access token of this virtual server's issuer";

/** No gateway is named here: the caller is not known, so it may not learn which there are. */
const FOR_UPSTREAM =
  'a credential for an upstream belongs into X-Upstream-<gateway>-Authorization, and a gateway in front of Lethe that ' +
  'renames X-Upstream-Authorization overwrites the key with it';

/** One sentence for each problem. `wanted` is what the virtual server accepts. */
const SENTENCES: Record<CallerProblem, (wanted: string, notation: string) => string> = {
  ...BEARER_SENTENCES,
  no_authorization: (wanted, _) => `${BEARER_SENTENCES.no_authorization(wanted, _)}, and check the address`,
  scheme_not_bearer: (wanted, _) => `${BEARER_SENTENCES.scheme_not_bearer(wanted, _)}; ${FOR_UPSTREAM}`,
  not_a_key: () => `The value in the Authorization header is not ${KEY}: ${FOR_UPSTREAM}`,
  administrator_token: (wanted) =>
    `The Authorization header contains an administrator's token: set it to Bearer and ${wanted} instead`,
  key_unknown: () =>
    'The caller key in the Authorization header is not known here: copy the whole key again, or get a new one',
  key_expired: () => 'The caller key in the Authorization header has expired: replace it by a new one',
  key_revoked: () => 'The caller key in the Authorization header was revoked: replace it by a new one',
  key_of_another_server: () =>
    'The caller key in the Authorization header is not for this virtual server: use a key for it, or the address of ' +
    'the virtual server that the key is for',
  key_instead_of_token: () =>
    `The Authorization header contains a caller key of Lethe, but this virtual server requires ${TOKEN}`,
  token_malformed: () => `The value in the Authorization header is not ${TOKEN} (a signed JWT): ${FOR_UPSTREAM}`,
  token_expired: () => 'The access token in the Authorization header has expired: get a new one from the issuer',
  token_too_early: () => 'The access token in the Authorization header is not valid yet: check the clocks',
  token_audience: () =>
    'The access token in the Authorization header is for another audience: get one for this virtual server',
  token_issuer: () =>
    'The access token in the Authorization header names another issuer than that of this virtual server',
  token_incomplete: () => 'The access token in the Authorization header has no expiry or no subject',
  token_signature: () =>
    `The access token in the Authorization header is not signed by this virtual server's issuer: send ${TOKEN}`,
  issuer_unreachable: () =>
    'The access token in the Authorization header could not be checked, because the keys of its issuer could not be ' +
    'fetched: try again shortly',
};

/** Every `detail.why` of `caller_unknown`. */
export const CALLER_PROBLEMS: readonly CallerProblem[] = Object.keys(SENTENCES).filter(isProblem);

/** `caller_unknown` with its reason. @param resourceMetadata for a virtual server whose callers send JWTs */
export function callerRefusal(
  why: CallerProblem,
  { notation, resourceMetadata }: { notation?: string; resourceMetadata?: string } = {},
): LetheError {
  return new LetheError('caller_unknown', {
    why,
    ...(notation !== undefined && { notation }),
    ...(resourceMetadata !== undefined && { resourceMetadata }),
  });
}

/** What is wrong with an `Authorization` header that has no valid key, if its form already shows it. */
export function formProblem(
  authorization: string | undefined,
  requires: 'key' | 'token',
): { why: CallerProblem; notation?: string } | undefined {
  const problem = bearerProblem(authorization);
  if (problem) return problem;
  const value = authorization?.slice('Bearer '.length) ?? '';
  if (value.startsWith(`${ADMIN_TOKEN_PREFIX}_`)) return { why: 'administrator_token' };
  const isKey = value.startsWith(`${CALLER_KEY_PREFIX}_`);
  if (requires === 'token') return isKey ? { why: 'key_instead_of_token' } : undefined;
  return isKey ? undefined : { why: 'not_a_key' };
}

/** The sentence for people about a `caller_unknown`; undefined if its detail has no reason. */
export function callerRefusalSentence({ why, notation, resourceMetadata }: ErrorDetail): string | undefined {
  const wanted = resourceMetadata === undefined ? KEY : TOKEN;
  return isProblem(why) ? SENTENCES[why](wanted, String(notation)) : undefined;
}

/** The `WWW-Authenticate` header of a `caller_unknown`, with the same sentence. */
export function callerChallenge(detail: ErrorDetail): string {
  const { why, resourceMetadata } = detail;
  const sentence = callerRefusalSentence(detail) ?? SENTENCES.no_authorization(KEY, '');
  const metadata = typeof resourceMetadata === 'string' ? resourceMetadata : undefined;
  return bearerChallenge(isProblem(why) ? why : 'no_authorization', sentence, metadata);
}

function isProblem(why: unknown): why is CallerProblem {
  return typeof why === 'string' && Object.hasOwn(SENTENCES, why);
}
