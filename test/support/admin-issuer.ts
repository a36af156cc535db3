import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { errors, Provider } from 'oidc-provider';

type PrivateKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

/** A real OpenID Connect issuer, whose clients are programs with groups. */
export interface AdminIssuer {
  issuer: string;
  /** An access token for this audience, as the client `name` gets it from the issuer. */
  token(name: string, audience?: string): Promise<string>;
  /** A token that the issuer would not issue, signed with its present key. */
  sign(claims: Record<string, unknown>): Promise<string>;
  /** Another key, from the next request on; the one before is gone. */
  rotate(): Promise<void>;
  close(): Promise<void>;
}

/** The groups of each client, by its id. */
export type Groups = Record<string, string[] | undefined>;

/** @param port of an issuer that starts later than what asks it; otherwise any free one */
export async function startAdminIssuer(groups: Groups, port = 0): Promise<AdminIssuer> {
  const secret = randomBytes(24).toString('hex');
  let provider: Provider | undefined;
  let key: { privateKey: PrivateKey; kid: string } | undefined;
  const server = createServer((request, response) => provider?.callback()(request, response));
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const rotate = async (): Promise<void> => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    key = { privateKey, kid: randomUUID() };
    const jwk = { ...(await exportJWK(privateKey)), kid: key.kid, alg: 'ES256', use: 'sig' };
    provider = new Provider(issuer, configurationOf(groups, secret, jwk));
  };
  await rotate();

  return {
    issuer,
    rotate,
    token: async (name, resource = 'urn:lethe') => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: { authorization: `Basic ${Buffer.from(`${name}:${secret}`).toString('base64')}` },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource }),
      });
      if (!response.ok) throw new Error(`no token: ${response.status}`);
      return ((await response.json()) as { access_token: string }).access_token;
    },
    sign: (claims) =>
      new SignJWT({ iss: issuer, aud: 'urn:lethe', sub: 'somebody', exp: nowSeconds() + 60, ...claims })
        .setProtectedHeader({ alg: 'ES256', kid: key!.kid })
        .sign(key!.privateKey),
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function configurationOf(groups: Groups, secret: string, jwk: object): object {
  return {
    clients: Object.keys(groups).map((id) => ({
      client_id: id,
      client_secret: secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    })),
    jwks: { keys: [jwk] },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    extraTokenClaims: (_context: unknown, { clientId }: { clientId: string }) => {
      const own = groups[clientId];
      return own && { groups: own, name: `The client ${clientId}` };
    },
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context: unknown, resource: string) => {
          if (!resource.startsWith('urn:')) throw new errors.InvalidTarget();
          return { scope: '', audience: resource, accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } };
        },
      },
    },
  };
}

function nowSeconds(): number {
  return Math.floor(Date.now() / 1_000);
}
