import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errors, Provider } from 'oidc-provider';
import { listenOnLoopback } from '../upstreams/loopback-server.js';

/** What a test may choose of an authorization server for people. */
export interface IssuerOptions {
  /** Clients that somebody registered. */
  clients?: object[];
  /** Whether anybody may register a client; true unless given. */
  registration?: boolean;
  /** Client metadata documents by URL; without them, the server takes none. */
  documents?: Record<string, object>;
  accessTokenSeconds?: number;
  /** Proofs of possession need a nonce of this server (RFC 9449, section 8). */
  wantsNonce?: boolean;
  /** It knows nothing of proofs. */
  withoutDpop?: boolean;
  /** The person says no. */
  denies?: boolean;
  /** Awaited before it handles a request. */
  before?: (path: string) => Promise<void> | void;
  /** Awaited before each answer of the token endpoint, which has done its work by then. */
  beforeTokenAnswer?: () => Promise<void>;
  /** The metadata as they are sent. */
  metadata?: (metadata: Record<string, unknown>) => object;
}

/** A real authorization server with a scripted person, who signs in and agrees at once. Refresh tokens rotate. */
export interface Issuer {
  issuer: string;
  /** Grants, in their order: what was asked for at the token endpoint. */
  granted: { grant: string; client: string; resource: string | undefined; scope: string | undefined }[];
  /** What of the grants nobody else may have: access tokens, and the rest (codes, PKCE verifiers, refresh tokens). */
  issued: { access: string[]; secret: string[] };
  /** Codes of errors at the token endpoint. */
  refused: string[];
  revoked: number;
  /** Ends every refresh token, as an administrator there does. */
  forget(): Promise<void>;
  /** Ends every access token, and no refresh token. */
  expire(): Promise<void>;
  /** Whether it is an access token for this resource that is still valid; its scope. */
  check(token: string, resource: string): Promise<string | undefined>;
  /** Thumbprint of the key that an access token is bound to. */
  boundTo(token: string): Promise<string | undefined>;
  close(): Promise<void>;
}

const SCOPES = 'tools issues:write';

export async function startIssuer(options: IssuerOptions = {}): Promise<Issuer> {
  const running: { provider?: Provider } = {};
  const serve = (provider: Provider, request: IncomingMessage, response: ServerResponse): void => {
    if (request.url?.startsWith('/interaction/')) return void decide(provider, options, request, response);
    if (options.metadata && request.url?.startsWith('/.well-known/')) changeBody(response, options.metadata);
    if (options.beforeTokenAnswer && request.url === '/token') holdAnswer(response, options.beforeTokenAnswer);
    // It names no interval, for which clients take 5 s.
    if (request.url === '/device/auth') changeBody(response, (body) => ({ ...body, interval: 0.05 }));
    provider.callback()(request, response);
  };
  const { origin, close } = await listenOnLoopback((request, response) => {
    const { provider } = running;
    if (!provider) return;
    if (!options.before) return serve(provider, request, response);
    const { pathname } = new URL(request.url ?? '/', 'http://as');
    void Promise.resolve(options.before(pathname)).then(() => serve(provider, request, response));
  });
  const provider = new Provider(origin, configurationOf(options));
  running.provider = provider;
  const granted: Issuer['granted'] = [];
  const issued: Issuer['issued'] = { access: [], secret: [] };
  const grants = new Set<string>();
  /** Access tokens that somebody sent. */
  const given = new Set<string>();
  const found: Issuer = {
    issuer: origin,
    granted,
    issued,
    refused: [],
    revoked: 0,
    check: async (token, resource) => {
      given.add(token);
      const known = await provider.AccessToken.find(token);
      return known && known.aud === resource && !known.isExpired ? (known.scope ?? '') : undefined;
    },
    boundTo: async (token) => (await provider.AccessToken.find(token))?.jkt,
    expire: async () => {
      await Promise.all([...given].map((token) => provider.AccessToken.find(token).then((one) => one?.destroy())));
    },
    forget: async () => {
      await Promise.all([...grants].map((id) => provider.Grant.find(id).then((grant) => grant?.destroy())));
    },
    close,
  };
  type Context = {
    body: { access_token: string; refresh_token?: string };
    oidc: {
      params: Record<string, string | undefined>;
      client: { clientId: string };
      entities: { AccessToken?: { grantId?: string } };
    };
  };
  provider.on('grant.success', ({ body, oidc: { params, client, entities } }: Context) => {
    if (entities.AccessToken?.grantId !== undefined) grants.add(entities.AccessToken.grantId);
    const { grant_type: grant = '', resource, scope } = params;
    granted.push({ grant, client: client.clientId, resource, scope });
    issued.access.push(body.access_token);
    issued.secret.push(...[params.code, params.code_verifier, body.refresh_token].flatMap((one) => one ?? []));
  });
  provider.on('grant.error', (_context: unknown, { error }: { error: string }) => found.refused.push(error));
  provider.on('grant.revoked', () => (found.revoked += 1));
  return found;
}

function configurationOf(options: IssuerOptions) {
  const { clients = [], registration = true, documents, accessTokenSeconds = 3_600 } = options;
  const { wantsNonce = false, withoutDpop = false } = options;
  return {
    clients,
    scopes: ['openid', 'offline_access'],
    cookies: { keys: [randomBytes(16).toString('hex')] },
    interactions: { url: (_context: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: { AccessToken: accessTokenSeconds, RefreshToken: 86_400, Grant: 86_400, Session: 86_400, Interaction: 600 },
    clientAuthMethods: ['none', 'client_secret_basic', 'client_secret_post'],
    findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
    ...(documents && { fetch: async (url: URL | string) => Response.json(documents[String(url)] ?? {}) }),
    features: {
      devInteractions: { enabled: false },
      registration: { enabled: registration },
      deviceFlow: { enabled: true },
      revocation: { enabled: true },
      dPoP: { enabled: !withoutDpop, nonceSecret: Buffer.alloc(32, 1), requireNonce: () => wantsNonce },
      clientIdMetadataDocument: { enabled: documents !== undefined, ack: 'draft-02' },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => undefined,
        useGrantedResource: () => true,
        getResourceServerInfo: (_context: unknown, resource: string) => {
          if (!resource.endsWith('/mcp')) throw new errors.InvalidTarget();
          return { scope: SCOPES, audience: resource, accessTokenFormat: 'opaque', accessTokenTTL: accessTokenSeconds };
        },
      },
    },
  };
}

/** Signs in, then agrees to everything, or refuses. */
async function decide(
  provider: Provider,
  { denies }: IssuerOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { prompt, params, session, grantId } = await provider.interactionDetails(request, response);
  const finish = (result: object) =>
    provider.interactionFinished(request, response, result, { mergeWithLastSubmission: prompt.name !== 'login' });
  if (denies) return finish({ error: 'access_denied', error_description: 'The person said no.' });
  if (prompt.name === 'login') return finish({ login: { accountId: 'person' } });
  const made = new provider.Grant({ accountId: session?.accountId, clientId: params.client_id });
  const grant = (grantId && (await provider.Grant.find(grantId))) || made;
  const { missingOIDCScope = [], missingResourceScopes = {} } = prompt.details;
  if (missingOIDCScope.length > 0) grant.addOIDCScope(missingOIDCScope.join(' '));
  for (const [resource, scopes] of Object.entries(missingResourceScopes)) grant.addResourceScope(resource, scopes.join(' '));
  return finish({ consent: { grantId: await grant.save() } });
} // prettier-ignore

function holdAnswer(response: ServerResponse, hold: () => Promise<void>): void {
  const end = response.end.bind(response) as (body: unknown) => ServerResponse;
  response.end = ((body: unknown) => {
    void hold().then(() => end(body));
    return response;
  }) as typeof response.end;
}

/** Sends another JSON body than the handler writes. */
function changeBody(response: ServerResponse, change: (body: Record<string, unknown>) => object): void {
  const end = response.end.bind(response) as (text: string) => ServerResponse;
  response.end = ((body: Buffer | string) => {
    response.removeHeader('content-length');
    return end(JSON.stringify(change(JSON.parse(body.toString()) as Record<string, unknown>)));
  }) as typeof response.end;
}
