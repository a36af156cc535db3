/** One header of a credential. */
export interface CredentialHeader {
  name: string;
  value: string;
  /** False: the value is no secret, and the upstream may repeat it. */
  secret?: boolean;
}

/** One query parameter of a credential. Its value is always secret. */
export interface CredentialParameter {
  name: string;
  value: string;
}

/** What may be sent beside the Authorization header. */
interface Beside {
  headers?: CredentialHeader[];
  /** Written into the query of every request to the upstream, in place of parameters of the same name. */
  parameters?: CredentialParameter[];
}

/** How a client authenticates at a token endpoint (OpenID Connect Core, section 9; RFC 7523). */
export const TOKEN_AUTH_METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const;
/** One of `TOKEN_AUTH_METHODS`. */
export type TokenAuthMethod = (typeof TOKEN_AUTH_METHODS)[number];

/** Signature algorithms of `private_key_jwt` (RFC 7518, RFC 8037). */
export const CLIENT_KEY_ALGORITHMS = ['RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;
/** One of `CLIENT_KEY_ALGORITHMS`. */
export type ClientKeyAlgorithm = (typeof CLIENT_KEY_ALGORITHMS)[number];

/**
 * OAuth client credentials (RFC 6749, section 4.4). Whoever opens them gets an access token for them and sends that as a bearer
 * token: the one-shot process for its handshake, a proxy for calls if they are kept.
 */
export interface ClientCredentials extends Beside {
  scheme: 'oauth_client_credentials';
  /** https, or http on loopback. */
  tokenUrl: string;
  clientId: string;
  /** The default is `private_key_jwt` with a private key, `client_secret_basic` without. */
  method?: TokenAuthMethod;
  /** With the two methods of a secret. */
  clientSecret?: string;
  /** With `private_key_jwt`: PEM or JWK, not encrypted. */
  privateKey?: string;
  /** The `kid` of the key. A JWK may name it itself. */
  keyId?: string;
  /** The default is the usual one of the key. */
  algorithm?: ClientKeyAlgorithm;
  /** The audience of the signed assertion (RFC 7523, section 3). The default is the token URL. */
  issuer?: string;
  scope?: string;
  /** A parameter of several authorization servers; none of a standard. */
  audience?: string;
  /** The resource that the token is for (RFC 8707). */
  resource?: string;
}

/** The content of a sealed credential. `bearer`, `basic` and `oauth_client_credentials` fill the Authorization header. */
export type Credential =
  | ({ scheme: 'bearer'; token: string } & Beside)
  | ({ scheme: 'basic'; username: string; password: string } & Beside)
  | { scheme: 'headers'; headers: CredentialHeader[]; parameters?: CredentialParameter[] }
  | { scheme: 'query'; parameters: CredentialParameter[] }
  | ClientCredentials
  | { scheme: 'none' };
