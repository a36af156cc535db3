/** How people's clients can become known to an authorization server without anybody's help. */
export const CLIENT_REGISTRATIONS = ['metadata_document', 'dynamic'] as const;
/** By the URL of a client metadata document, or by dynamic registration (RFC 7591). */
export type ClientRegistration = (typeof CLIENT_REGISTRATIONS)[number];

/** An authorization server that an upstream names, and that confirmed its issuer (RFC 8414, section 3.3). */
export interface OAuthServerFacts {
  issuer: string;
  /** Empty where somebody has to register a client there first. */
  registration: ClientRegistration[];
  /** Whether it has the device flow (RFC 8628). */
  device?: true;
  /** Whether it binds tokens to a key (RFC 9449). */
  dpop?: true;
}

/**
 * How callers get tokens for an upstream, found without a credential (RFC 9728). `resource` and `issuer` are verbatim:
 * whoever uses them compares them exactly.
 */
export interface OAuthFacts {
  /** The resource indicator (RFC 8707), of the upstream's origin. */
  resource: string;
  servers: OAuthServerFacts[];
  /** What the upstream's challenge asks for, space-separated (RFC 6750, section 3). */
  scope?: string;
  /** All scopes that it knows. */
  scopes?: string[];
}

/** Limits of what is kept of an upstream's metadata. */
export const OAUTH_LIMITS = {
  /** Authorization servers of one upstream. */
  maxServers: 4,
  maxScopes: 64,
  maxScopeLength: 128,
  /** All of it. Scopes beyond that are left out: clients read them from the metadata. */
  maxBytes: 12 * 1024,
} as const;

/** Why it is not known how callers get tokens for an upstream that answers with 401, or not of all its servers. */
export const AUTHORIZATION_PROBLEMS = [
  'unreachable',
  'tls_failed',
  'timeout',
  'unavailable',
  'address_forbidden',
  'metadata_elsewhere',
  'resource_mismatch',
  'issuer_unconfirmed',
] as const;
/**
 * - `unreachable`, `tls_failed`, `timeout`, `unavailable`: the upstream or its authorization server could not be asked, or did
 *   not answer usefully, as with the status 503.
 * - `address_forbidden`: an authorization server has an address that connections may not go to.
 * - `metadata_elsewhere`: the upstream's challenge names metadata at another origin, which are not read.
 * - `resource_mismatch`: the metadata are about another resource than the upstream (RFC 9728, section 3.3).
 * - `issuer_unconfirmed`: an authorization server's metadata are missing or name another issuer (RFC 8414, section 3.3).
 */
export type AuthorizationProblem = (typeof AUTHORIZATION_PROBLEMS)[number];

/** The client by which people log in for a gateway, where they can't register one: a public id, or the URL of its metadata document. */
export interface OAuthClient {
  /** The only authorization server that it is used at. */
  issuer: string;
  clientId: string;
}

/** Errors of a challenge that callers are told (RFC 6750, section 3.1; RFC 9449, section 7.1). */
export const CHALLENGE_ERRORS = [
  'invalid_request',
  'invalid_token',
  'insufficient_scope',
  'invalid_dpop_proof',
  'use_dpop_nonce',
] as const;
/** One of `CHALLENGE_ERRORS`. */
export type ChallengeError = (typeof CHALLENGE_ERRORS)[number];

/** What of an upstream's challenge (RFC 9110, section 11.6.1) callers are told: nothing of it is free text. */
export interface ChallengeFacts {
  /** A registered authentication scheme. */
  scheme: string;
  error?: ChallengeError;
  /** Scope tokens (RFC 6749, section 3.3), at most 32 of 128 characters. */
  scope?: string;
  /** For the next proof of possession (RFC 9449, section 9): at most 256 visible characters of ASCII. */
  dpopNonce?: string;
  /** Its metadata are told to be at another origin, whose address is not passed on. */
  metadataElsewhere?: true;
}
