import { randomBytes } from 'node:crypto';
import {
  exchangeAuthorization,
  IssuerMismatchError,
  type OAuthTokens,
  startAuthorization,
  validateAuthorizationResponseIssuer,
} from '@modelcontextprotocol/client';
import { cancelled, CliError } from '../errors/cli.error.js';
import type { DpopKey, KnownClient } from '../token-store/login-record.js';
import { type AuthorizationServer, says } from './discovery.js';
import { dpopSession } from './dpop-key.js';
import { oauthFailure } from './library-failure.js';
import { issuerMismatch, refusal, shownUrl } from './oauth-failure.js';
import type { RedirectListener } from './redirect-listener.js';
import { isSame } from './same-secret.js';
import { clientInformation } from './registration.js';
import { type Fetch, isSecureFor } from './secure-fetch.js';

const ANSWER_TIMEOUT_MS = 300_000;

/** One login by a browser. */
export interface CodeFlow {
  server: AuthorizationServer;
  client: KnownClient;
  resource: string;
  scope: string | undefined;
  listener: RedirectListener;
  /** To bind the tokens to. */
  dpopKey: DpopKey | undefined;
  /**
   * Brings the person to this URL. May answer with the URL that the browser came to, where it can't reach this machine.
   * @param ended aborts when the answer is there
   */
  show: (url: string, ended: AbortSignal) => Promise<string | undefined>;
  signal: AbortSignal;
}

/**
 * Gets tokens by an authorization code with PKCE (RFC 7636), for one resource (RFC 8707).
 * @throws CliError `pkce_missing`, `issuer_mismatch`, `oauth_refused`, `login_timeout`, `cancelled`
 */
export async function signInByCode(flow: CodeFlow, fetch: Fetch): Promise<OAuthTokens> {
  const { server, client, resource, scope, listener, dpopKey } = flow;
  const { issuer, metadata } = server;
  // "MCP clients MUST refuse to proceed" where it is absent; the library does so only where it lacks S256.
  if (metadata.code_challenge_methods_supported?.includes('S256') !== true) throw withoutPkce(issuer);
  if (!isSecureFor(resource, metadata.authorization_endpoint)) throw insecurePage(metadata.authorization_endpoint);
  const state = randomBytes(32).toString('base64url');
  const information = clientInformation(client);
  const redirectUrl = listener.redirectUri;
  const started = { metadata, clientInformation: information, redirectUrl, state, resource };
  const { authorizationUrl, codeVerifier } = await startAuthorization(issuer, {
    ...started,
    ...(scope !== undefined && { scope }),
  }).catch((error: unknown) => {
    throw oauthFailure(error, 'the login: it does not offer authorization codes');
  });
  const answer = await answerOf(flow, authorizationUrl.href, state);
  const iss = answer.get('iss') ?? undefined;
  const code = codeIn(answer, iss, server);
  try {
    return await exchangeAuthorization(issuer, {
      ...{ metadata, clientInformation: information, authorizationCode: code, codeVerifier, resource },
      redirectUri: redirectUrl,
      ...(iss !== undefined && { iss }),
      ...(dpopKey && { dpop: await dpopSession(dpopKey) }),
      fetchFn: fetch,
    });
  } catch (error) {
    throw oauthFailure(error, 'the login');
  }
}

/** Before anything else of the answer counts, it has to be of this server (RFC 9207, section 2.4). */
function codeIn(answer: URLSearchParams, iss: string | undefined, server: AuthorizationServer): string {
  const { issuer } = server;
  const issParameterSupported = says(server, 'authorization_response_iss_parameter_supported');
  try {
    validateAuthorizationResponseIssuer({ iss, expectedIssuer: issuer, issParameterSupported });
  } catch (error) {
    if (error instanceof IssuerMismatchError) throw issuerMismatch(issuer, iss);
    throw error;
  }
  const [code, error] = [answer.get('code'), answer.get('error')];
  if (code === null || error !== null) throw refusal(error, 'the login');
  return code;
}

async function answerOf({ listener, show, signal }: CodeFlow, url: string, state: string): Promise<URLSearchParams> {
  const ended = new AbortController();
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS), ended.signal]);
  const stopped = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(signal.aborted ? cancelled() : timedOut());
    if (limit.aborted) stop();
    else limit.addEventListener('abort', stop, { once: true });
  });
  const redirected = listener.answer(state);
  try {
    return await Promise.race([redirected, pasted(show(url, ended.signal), state, redirected), stopped]);
  } finally {
    stopped.catch(() => undefined);
    ended.abort();
  }
}

/** What the person pasted, or else what comes to the listener. */
async function pasted(
  shown: Promise<string | undefined>,
  state: string,
  otherwise: Promise<URLSearchParams>,
): Promise<URLSearchParams> {
  const text = await shown;
  if (text === undefined) return otherwise;
  const parameters = URL.canParse(text) ? new URL(text).searchParams : undefined;
  if (parameters && isSame(parameters.get('state') ?? '', state)) return parameters;
  throw new CliError('untrusted', 'state_mismatch', 'That is not the URL that this login ended at; it was not used');
}

function withoutPkce(issuer: string): CliError {
  return new CliError('refused', 'pkce_missing', 'The authorization server does not say that it takes PKCE (S256)', [
    `issuer: ${shownUrl(issuer)}`,
    'Without it, whoever sees the redirect could take the login over. Try --device.',
  ]);
}

function insecurePage(url: string): CliError {
  return new CliError('untrusted', 'endpoint_insecure', 'The page to sign in at is not https; it was not opened', [
    shownUrl(url),
  ]);
}

function timedOut(): CliError {
  return new CliError('cancelled', 'login_timeout', 'Nobody signed in within 5 minutes; nothing was kept');
}
