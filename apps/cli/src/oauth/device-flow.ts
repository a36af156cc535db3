import { setTimeout as pause } from 'node:timers/promises';
import type { OAuthTokens } from '@modelcontextprotocol/client';
import * as oauth from 'oauth4webapi';
import { cancelled, CliError } from '../errors/cli.error.js';
import type { DpopKey, KnownClient } from '../token-store/login-record.js';
import { type AuthorizationServer, metadataText } from './discovery.js';
import { dpopKeyPair } from './dpop-key.js';
import { insecure, refusal, shownUrl } from './oauth-failure.js';
import { bodyErrorOf, forLibrary } from './oauth-library.js';
import { type Fetch, isSecureFor } from './secure-fetch.js';

const DEFAULT_INTERVAL_SECONDS = 5;
/** What `slow_down` adds (RFC 8628, section 3.5). */
const SLOWER_SECONDS = 5;
const MAX_SECONDS = 1_800;
/** Longer than what anybody would type. */
const MAX_CODE = 64;

/** One login with a code that the person types on any device. */
export interface DeviceFlow {
  server: AuthorizationServer;
  client: KnownClient;
  resource: string;
  scope: string | undefined;
  /** To bind the tokens to. */
  dpopKey: DpopKey | undefined;
  show: (shown: { url: string; code: string; completeUrl: string | undefined }) => void;
  signal: AbortSignal;
}

/**
 * Gets tokens by the device authorization grant.
 * @see https://www.rfc-editor.org/rfc/rfc8628
 * @throws CliError `device_missing`, `oauth_refused`, `login_timeout`, `cancelled`
 */
export async function signInByDevice(flow: DeviceFlow, fetch: Fetch): Promise<OAuthTokens> {
  const { server, client, resource, scope, show, signal } = flow;
  if (metadataText(server, 'device_authorization_endpoint') === undefined) throw withoutDevice(server.issuer);
  const { as, client: known, auth, options } = forLibrary(server, client, fetch);
  const parameters = { resource, ...(scope !== undefined && { scope }) };
  const asked = await oauth
    .deviceAuthorizationRequest(as, known, auth, parameters, options)
    .then((response) => oauth.processDeviceAuthorizationResponse(as, known, response))
    .catch((error: unknown) => {
      throw failureOf(error);
    });
  const { verification_uri: url, verification_uri_complete: complete, user_code: code } = asked;
  if (!isSecureFor(resource, url)) throw insecure(url);
  show({
    url: shownUrl(url),
    code: code.slice(0, MAX_CODE),
    completeUrl: complete !== undefined && isSecureFor(resource, complete) ? new URL(complete).href : undefined,
  });
  const dpop = flow.dpopKey && oauth.DPoP(known, await dpopKeyPair(flow.dpopKey));
  // Not by the clock of this machine, which may be set meanwhile.
  const end = performance.now() + Math.min(asked.expires_in, MAX_SECONDS) * 1_000;
  for (let seconds = asked.interval ?? DEFAULT_INTERVAL_SECONDS; ; ) {
    await pause(seconds * 1_000, undefined, { signal }).catch(() => {
      throw cancelled();
    });
    const outcome = await poll(flow, asked.device_code, dpop, fetch);
    if (typeof outcome !== 'string') return outcome;
    if (performance.now() > end) throw new CliError('cancelled', 'login_timeout', 'Nobody confirmed the code in time; nothing was kept');
    if (outcome === 'slow_down') seconds += SLOWER_SECONDS;
  } // prettier-ignore
}

/** Asks once whether the person has confirmed. */
async function poll(
  { server, client, resource }: DeviceFlow,
  deviceCode: string,
  dpop: oauth.DPoPHandle | undefined,
  fetch: Fetch,
): Promise<OAuthTokens | 'authorization_pending' | 'slow_down' | 'use_dpop_nonce'> {
  const { as, client: known, auth, options } = forLibrary(server, client, fetch);
  try {
    const additionalParameters = { resource };
    const response = await oauth.deviceCodeGrantRequest(as, known, auth, deviceCode, {
      ...options,
      ...(dpop && { DPoP: dpop }),
      additionalParameters,
    });
    const got = await oauth.processDeviceCodeResponse(as, known, response);
    return { ...got, token_type: got.token_type, access_token: got.access_token };
  } catch (error) {
    const waiting = bodyErrorOf(error);
    if (waiting === 'authorization_pending' || waiting === 'slow_down') return waiting;
    // The library has remembered the nonce for the next time.
    if (dpop && oauth.isDPoPNonceError(error)) return 'use_dpop_nonce';
    throw failureOf(error);
  }
}

function failureOf(error: unknown): CliError {
  return error instanceof CliError ? error : refusal(bodyErrorOf(error), 'the login');
}

function withoutDevice(issuer: string): CliError {
  return new CliError('refused', 'device_missing', 'The authorization server has no device flow (RFC 8628)', [
    `issuer: ${shownUrl(issuer)}`,
    'Log in with a browser: leave out --device. Over SSH: --no-browser',
  ]);
}
