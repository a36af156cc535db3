import * as oauth from 'oauth4webapi';
import type { OidcSignIn } from '../api/sign-in.js';
import { forgetAttempt, keepAttempt, takeAttempt } from './oidc-attempt.js';
import { OidcError } from './oidc-error.js';

/** Below the registry's own address; the client at the issuer has this redirect URI. */
const CALLBACK = '/console/callback';

/** What a sign-in at the issuer has led to. */
export interface OidcAnswer {
  /** The access token, for the registry. It is for the caller to keep in memory alone. */
  token: string;
  /** The path of the page where the person began. */
  returnTo: string;
}

let answer: URL | undefined;
let finishing: Promise<OidcAnswer> | undefined;

/**
 * The answer of the issuer, if this page was opened with one that has not been used. It leaves the address bar and the history
 * at once: it has a code.
 */
export function answerOfIssuer(): URL | undefined {
  if (globalThis.location.pathname === CALLBACK) {
    answer = new URL(globalThis.location.href);
    globalThis.history.replaceState(null, '', '/console/');
  }
  return answer;
}

/**
 * Begins a sign-in: authorization code with PKCE, as a public client (RFC 6749, 4.1; RFC 7636; OpenID Connect Core 1.0, 3.1).
 * Until the answer, the tab remembers what it is checked with.
 * @returns the address to send the browser to
 * @throws OidcError `unreachable` while the registry does not know the endpoints of the issuer
 */
export async function beginSignIn(oidc: OidcSignIn, returnTo: string): Promise<URL> {
  if (oidc.authorizationEndpoint === null) throw new OidcError('unreachable');
  const [verifier, state, nonce] = [oauth.generateRandomCodeVerifier(), oauth.generateRandomState(), oauth.generateRandomNonce()]; // prettier-ignore
  keepAttempt({ issuer: oidc.issuer, verifier, state, nonce, returnTo });
  const address = new URL(oidc.authorizationEndpoint);
  const parameters = {
    response_type: 'code',
    client_id: oidc.clientId,
    redirect_uri: redirectUri(),
    scope: oidc.scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) address.searchParams.set(name, value);
  return address;
}

/**
 * Ends a sign-in: checks the issuer's answer (`state`, and `iss` by RFC 9207), exchanges the code at the token endpoint, and checks
 * the ID token that comes with it (issuer, audience, nonce, times). What the tab remembered is forgotten, whatever happens.
 * @throws OidcError
 */
export function finishSignIn(oidc: OidcSignIn, given: URL): Promise<OidcAnswer> {
  // Each answer is used once, however often a component is mounted.
  finishing ??= exchange(oidc, given).finally(() => {
    answer = undefined;
    finishing = undefined;
  });
  return finishing;
}

async function exchange(oidc: OidcSignIn, given: URL): Promise<OidcAnswer> {
  const attempt = takeAttempt();
  if (attempt?.issuer !== oidc.issuer) throw new OidcError('not_begun');
  const [server, client] = [metadataOf(oidc), { client_id: oidc.clientId }];
  try {
    const checked = oauth.validateAuthResponse(server, client, given, attempt.state);
    const response = await oauth.authorizationCodeGrantRequest(
      ...([server, client, oauth.None(), checked, redirectUri(), attempt.verifier] as const),
      { [oauth.allowInsecureRequests]: isOnThisMachine(oidc.tokenEndpoint) },
    );
    const expected = { expectedNonce: attempt.nonce, requireIdToken: true };
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, expected);
    return { token: tokens.access_token, returnTo: attempt.returnTo };
  } catch (error) {
    throw OidcError.of(error);
  }
}

/** Forgets a sign-in that was begun in this tab. */
export function cancelSignIn(): void {
  forgetAttempt();
}

function redirectUri(): string {
  return `${globalThis.location.origin}${CALLBACK}`;
}

function metadataOf({ issuer, tokenEndpoint, namesIssuer, idTokenAlgorithms }: OidcSignIn): oauth.AuthorizationServer {
  return {
    issuer,
    ...(tokenEndpoint !== null && { token_endpoint: tokenEndpoint }),
    authorization_response_iss_parameter_supported: namesIssuer,
    id_token_signing_alg_values_supported: idTokenAlgorithms,
  };
}

/** Without TLS nobody else can listen only within one machine. */
function isOnThisMachine(url: string | null): boolean {
  return url !== null && /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?\//.test(url);
}
