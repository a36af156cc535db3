import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, Provider } from 'oidc-provider';
import { listenOnLoopback } from './upstreams/loopback-server.js';

/** A client of the authorization server, in its own metadata (RFC 7591). */
export interface RegisteredClient {
  client_id: string;
  client_secret?: string;
  token_endpoint_auth_method: string;
  token_endpoint_auth_signing_alg?: string;
  jwks?: { keys: object[] };
  /** The scopes that it may ask for; all, if it is missing. */
  scope?: string;
}

/** A real authorization server: it issues access tokens for client credentials. */
export interface AuthorizationServer {
  issuer: string;
  tokenUrl: string;
  /** The access tokens, in the order in which they were issued. */
  issued: string[];
  /** Of the token requests: what was in the body, without secrets. */
  asked: { scope?: string; resource?: string }[];
  /** For how long the tokens live that it issues from now on. */
  lifeSeconds: number;
  /** While it is set, it answers each request. */
  fault: ((request: IncomingMessage, response: ServerResponse) => void) | undefined;
  /** Whether it has issued this token, and the token has not ended. */
  isValid(token: string): boolean;
  close(): Promise<void>;
}

/** The only resource that it issues tokens for. */
export const RESOURCE = 'https://mcp.example.com/mcp';

export async function startAuthorizationServer(clients: RegisteredClient[]): Promise<AuthorizationServer> {
  const running: { provider?: Provider; server?: AuthorizationServer } = {};
  const { origin, close } = await listenOnLoopback((request, response) => {
    const answer = running.server?.fault ?? running.provider?.callback();
    return answer?.(request, response);
  });
  const provider = new Provider(origin, {
    clients: clients.map((client) => ({
      ...client,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    })),
    scopes: ['tools', 'prompts'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'] },
    ttl: { ClientCredentials: () => running.server?.lifeSeconds ?? 600 },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        getResourceServerInfo: (_context: unknown, resource: string) => {
          if (resource !== RESOURCE) throw new errors.InvalidTarget();
          return { scope: 'tools prompts', accessTokenFormat: 'opaque' };
        },
      },
    },
  });
  running.provider = provider;
  const issued: string[] = [];
  const ends = new Map<string, number>();
  const asked: AuthorizationServer['asked'] = [];
  provider.on(
    'grant.success',
    (context: { body: { access_token: string; expires_in: number }; oidc: { params: Record<string, string> } }) => {
      issued.push(context.body.access_token);
      ends.set(context.body.access_token, Date.now() + context.body.expires_in * 1_000);
      const { scope, resource } = context.oidc.params;
      asked.push({ ...(scope && { scope }), ...(resource && { resource }) });
    },
  );
  const isValid = (token: string): boolean => (ends.get(token) ?? 0) > Date.now();
  const known = { issuer: origin, tokenUrl: `${origin}/token`, issued, asked };
  running.server = { ...known, lifeSeconds: 600, fault: undefined, isValid, close };
  return running.server;
}
