import { unexpandedVariable } from './unexpanded-variable.js';

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

/** Characters that `error_description` may have (RFC 6750, section 3). */
const NOT_DESCRIPTIVE = /[^\x20\x21\x23-\x5b\x5d-\x7e]/g;

/**
 * A `WWW-Authenticate` header that says to people what is wrong. Some clients show nothing else of a response.
 * @param error undefined if no bearer token was sent: then there may be no error information (RFC 6750, section 3.1), and the
 * sentence stands in a parameter of its own, which the same section allows
 * @param resourceMetadata URL of the metadata (RFC 9728, section 5.1)
 */
export function bearerChallenge(
  sentence: string,
  error: 'invalid_token' | undefined,
  resourceMetadata?: string,
): string {
  const text = `"${sentence.replaceAll(NOT_DESCRIPTIVE, ' ')}"`;
  const told = error === undefined ? `hint=${text}` : `error="${error}", error_description=${text}`;
  const metadata = resourceMetadata === undefined ? '' : `, resource_metadata="${resourceMetadata}"`;
  return `Bearer realm="lethe", ${told}${metadata}`;
}
