import { MAX_CREDENTIAL_BYTES } from '@lethe/mcp';
import { type OAuthTokens, refreshAuthorization } from '@modelcontextprotocol/client';
import * as oauth from 'oauth4webapi';
import { CliError } from '../errors/cli.error.js';
import type { Login, LoginTokens } from '../token-store/login-record.js';
import { discoverServer } from './discovery.js';
import { assertBound, dpopSession } from './dpop-key.js';
import { oauthFailure } from './library-failure.js';
import { bodyErrorOf, forLibrary } from './oauth-library.js';
import { clientInformation } from './registration.js';
import { type Fetch, fetchFor } from './secure-fetch.js';

/** Ten years, in seconds: a server may name any number, and a time that is no date could not be kept. */
const LONGEST_LIFE = 315_360_000;

/** What Lethe takes in a header, behind the scheme (RFC 6750, section 2.1). */
const SENDABLE = new RegExp(String.raw`^[\x21-\x7e]{1,${MAX_CREDENTIAL_BYTES - 'Bearer '.length}}$`);

/**
 * Tokens as they are kept. `now` is when they were asked for, so that they are taken to end too early rather than too late.
 * @throws CliError `token_unusable`
 */
export function keptTokens(tokens: OAuthTokens, now: number, before?: LoginTokens): LoginTokens {
  const { access_token: accessToken, refresh_token: refreshToken = before?.refreshToken, expires_in: life } = tokens;
  const scope = tokens.scope ?? before?.scope;
  // One header that can't be sent would fail the requests for all other gateways as well.
  if (!SENDABLE.test(accessToken)) throw unusable();
  return {
    accessToken,
    obtainedAt: now,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(scope !== undefined && { scope }),
    // Whoever says that a new token has no life means that it has no end; so does a `null`, which the library reads as 0.
    ...(life !== undefined && life > 0 && { expiresAt: now + Math.min(life, LONGEST_LIFE) * 1_000 }),
  };
}

function unusable(): CliError {
  return new CliError('refused', 'token_unusable', 'The authorization server issued an access token that no header can have', [
    `It has to be 1 to ${MAX_CREDENTIAL_BYTES - 'Bearer '.length} visible characters of ASCII; it was not kept.`,
  ]);
} // prettier-ignore

/**
 * Gets new tokens for a refresh token. Whoever calls it is alone: a server that rotates ends the login if one is used twice.
 * @throws OAuthRefusal and the errors of requests
 */
export async function refresh(login: Login, refreshToken: string, anyFetch: Fetch, now: number): Promise<LoginTokens> {
  const fetch = fetchFor(login.resource, anyFetch);
  const { issuer, metadata } = await discoverServer(login.issuer, fetch);
  try {
    const tokens = await refreshAuthorization(issuer, {
      metadata,
      clientInformation: clientInformation(login.client),
      refreshToken,
      resource: login.resource,
      fetchFn: fetch,
      ...(login.dpopKey && { dpop: await dpopSession(login.dpopKey) }),
    });
    if (login.dpopKey) assertBound(tokens.token_type, login.issuer);
    return keptTokens(tokens, now, login.tokens);
  } catch (error) {
    throw oauthFailure(error, 'to refresh the login');
  }
}

/**
 * Ends the tokens of a login at its server (RFC 7009): the refresh token, with which no others can be got, and the access token.
 * @returns false if the server can't end one of them
 * @throws CliError
 */
export async function revoke(login: Login, anyFetch: Fetch): Promise<boolean> {
  const fetch = fetchFor(login.resource, anyFetch);
  const server = await discoverServer(login.issuer, fetch);
  const { as, client, auth, options } = forLibrary(server, login.client, fetch);
  if (as.revocation_endpoint === undefined) return false;
  const { refreshToken, accessToken } = login.tokens;
  const end = async (token: string, hint: string): Promise<void> => {
    const additionalParameters = { token_type_hint: hint };
    const response = await oauth.revocationRequest(as, client, auth, token, { ...options, additionalParameters });
    await oauth.processRevocationResponse(response);
  };
  try {
    if (refreshToken !== undefined) await end(refreshToken, 'refresh_token');
    await end(accessToken, 'access_token');
    return true;
  } catch (error) {
    // Such servers let access tokens live until their end (RFC 7009, section 2.2.1).
    if (bodyErrorOf(error) === 'unsupported_token_type') return false;
    throw oauthFailure(error, 'to end the login');
  }
}
