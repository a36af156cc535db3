import { unexpandedSentence, unexpandedVariable } from './unexpanded-variable.js';

/** Why an `Authorization` header has no bearer token (RFC 6750, section 2.1). */
export type BearerProblem =
  | 'no_authorization'
  | 'unexpanded_variable'
  | 'scheme_missing'
  | 'scheme_not_bearer'
  | 'value_missing'
  | 'value_malformed';

/** The scheme's name is case-insensitive (RFC 9110, section 11.1). */
const SCHEME = 'bearer ';
/** `b64token` of RFC 6750, section 2.1. */
const TOKEN = /^[A-Za-z0-9._~+/-]+=*$/;

/** What follows `Bearer` in an `Authorization` header; undefined if that is not one word. */
export function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization?.slice(0, SCHEME.length).toLowerCase() !== SCHEME) return undefined;
  const token = authorization.slice(SCHEME.length);
  return token === '' || token.includes(' ') ? undefined : token;
}

/**
 * What is wrong with the form of an `Authorization` header, and for a variable how it is written; undefined if the form is
 * right.
 */
export function bearerProblem(
  authorization: string | undefined,
): { readonly why: BearerProblem; readonly notation?: string } | undefined {
  if (authorization === undefined) return { why: 'no_authorization' };
  const notation = unexpandedVariable(authorization);
  if (notation !== undefined) return { why: 'unexpanded_variable', notation };
  const value = authorization.trim();
  if (value === '' || value.toLowerCase() === SCHEME.trim()) return { why: 'value_missing' };
  if (value.slice(0, SCHEME.length).toLowerCase() !== SCHEME) {
    return { why: value.includes(' ') ? 'scheme_not_bearer' : 'scheme_missing' };
  }
  return TOKEN.test(value.slice(SCHEME.length)) ? undefined : { why: 'value_malformed' };
}

/** What to do about each problem. `wanted` is what should follow `Bearer`, `notation` how a variable is written. */
export const BEARER_SENTENCES: Record<BearerProblem, (wanted: string, notation: string) => string> = {
  no_authorization: (wanted) => `No Authorization header was sent: set it in the client to Bearer and ${wanted}`,
  unexpanded_variable: (_, notation) => unexpandedSentence('The Authorization header', notation),
  scheme_missing: (wanted) => `The Authorization header has no scheme: set it to Bearer, a space and ${wanted}`,
  scheme_not_bearer: (wanted) =>
    `The scheme of the Authorization header is not Bearer: set the header to Bearer and ${wanted}`,
  value_missing: (wanted) =>
    `The Authorization header is empty: set it to Bearer and ${wanted}; if it comes from a variable, that is not set`,
  value_malformed: (wanted) =>
    `The Authorization header must contain Bearer, one space and ${wanted}: remove quotes, spaces and a second Bearer`,
};

/** Problems where no bearer token was sent: there a challenge may not contain an error (RFC 6750, section 3.1). */
const WITHOUT_TOKEN: ReadonlySet<string> = new Set<BearerProblem>([
  'no_authorization',
  'scheme_missing',
  'scheme_not_bearer',
]);

/** Characters that `error_description` may have (RFC 6750, section 3). */
const NOT_DESCRIPTIVE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/g;

/**
 * A `WWW-Authenticate` header that says to people what is wrong. Some clients show nothing else of a response. Without a
 * bearer token the sentence stands in a parameter of its own, which RFC 6750, section 3, allows.
 * @param why a `BearerProblem`, or why the token is not accepted
 * @param resourceMetadata URL of the metadata (RFC 9728, section 5.1)
 */
export function bearerChallenge(why: string, sentence: string, resourceMetadata?: string): string {
  const text = `"${sentence.replaceAll(NOT_DESCRIPTIVE, ' ')}"`;
  const told = WITHOUT_TOKEN.has(why) ? `hint=${text}` : `error="invalid_token", error_description=${text}`;
  const metadata = resourceMetadata === undefined ? '' : `, resource_metadata="${resourceMetadata}"`;
  return `Bearer realm="lethe", ${told}${metadata}`;
}
