import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { listenOnLoopback } from '../upstreams/loopback-server.js';

/** The client of the console at the issuer. */
export const CONSOLE_CLIENT = 'lethe-console';
/** The audience of its access tokens. */
export const AUDIENCE = 'urn:lethe';

/** A real OpenID Connect issuer with a scripted person in a group, who signs in and agrees at once. */
export interface ConsoleIssuer {
  issuer: string;
  /** The person's groups, from the next token on. */
  groups: string[];
  /** The person says no. */
  denies: boolean;
  /** Whether the token endpoint lets pages of the console read its answers (CORS). */
  allowsPage: boolean;
  /** Changes the answer on its way to the page, as an attacker would. */
  tamper: ((answer: URL) => void) | undefined;
  /** Access tokens, in their order. */
  issued: string[];
  /** Codes and verifiers that were sent to the token endpoint. */
  secrets: string[];
  /** Registers the client, with this redirect URI. */
  register(redirectUri: string): void;
  close(): Promise<void>;
}

export async function startConsoleIssuer(): Promise<ConsoleIssuer> {
  const running: { provider?: Provider } = {};
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await exportJWK(privateKey)), kid: 'one', alg: 'ES256', use: 'sig' };
  const { origin, close } = await listenOnLoopback((request, response) => {
    const { provider } = running;
    if (found.tamper) changeRedirect(response, found.tamper);
    if (provider && request.url?.startsWith('/interaction/')) void decide(provider, found, request, response);
    else provider?.callback()(request, response);
  });
  const found: ConsoleIssuer = {
    issuer: origin,
    groups: ['platform-admins'],
    denies: false,
    allowsPage: true,
    tamper: undefined,
    issued: [],
    secrets: [],
    register: (redirectUri) => {
      const provider = new Provider(origin, configurationOf(found, redirectUri, jwk));
      provider.on('grant.success', ({ body, oidc: { params } }: Granted) => {
        found.issued.push(body.access_token);
        found.secrets.push(params.code, params.code_verifier);
      });
      running.provider = provider;
    },
    close,
  };
  return found;
}

interface Granted {
  body: { access_token: string };
  oidc: { params: { code: string; code_verifier: string } };
}

function configurationOf(found: ConsoleIssuer, redirectUri: string, jwk: object): object {
  return {
    clients: [
      {
        client_id: CONSOLE_CLIENT,
        token_endpoint_auth_method: 'none',
        grant_types: ['authorization_code'],
        response_types: ['code'],
        redirect_uris: [redirectUri],
      },
    ],
    jwks: { keys: [jwk] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    pkce: { required: () => true },
    clientBasedCORS: (_context: unknown, origin: string) => found.allowsPage && redirectUri.startsWith(`${origin}/`),
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    extraTokenClaims: () => ({ groups: found.groups, name: 'A Person' }),
    features: {
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => AUDIENCE,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context: unknown, resource: string) => ({
          ...{ scope: '', audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } },
        }),
      },
    },
  };
}

function changeRedirect(response: ServerResponse, change: (url: URL) => void): void {
  const set = response.setHeader.bind(response);
  const setChanged: typeof set = (name, value) => {
    const isAnswer = name.toLowerCase() === 'location' && typeof value === 'string' && value.includes('/console/');
    if (!isAnswer) return set(name, value);
    const url = new URL(value);
    change(url);
    return set(name, url.href);
  };
  response.setHeader = setChanged;
}

async function decide(
  provider: Provider,
  { denies }: ConsoleIssuer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  const finish = (result: object) =>
    provider.interactionFinished(request, response, result, { mergeWithLastSubmission: prompt.name !== 'login' });
  if (denies) return finish({ error: 'access_denied', error_description: 'The person said no.' });
  if (prompt.name === 'login') return finish({ login: { accountId: 'person' } });
  const made = new provider.Grant({ accountId: session?.accountId, clientId: params.client_id });
  const grant = (grantId === undefined ? undefined : await provider.Grant.find(grantId)) ?? made;
  grant.addOIDCScope((prompt.details.missingOIDCScope ?? ['openid']).join(' '));
  return finish({ consent: { grantId: await grant.save() } });
}
