import type { Rate } from './grants.js';

/** A public X25519 key (RFC 8037). */
export interface SealingJwk {
  kty: 'OKP';
  crv: 'X25519';
  x: string;
}

/** `typ`, algorithms and limits of a credential that is kept for proxies (JWE compact, RFC 7516). No others are accepted. */
export const KEPT_CREDENTIAL = {
  typ: 'lethe-kept-credential+jwe',
  alg: 'ECDH-ES',
  enc: 'A256GCM',
  maxBytes: 16 * 1024,
  maxDays: 90,
  defaultDays: 30,
} as const;

/** What a kept credential is for. Its ciphertext is bound to all of it, and opens for nothing else. */
export interface KeptTarget {
  gatewayId: string;
  /** Canonical URL. */
  url: string;
  /** Digest of header mappings and certificate authority (`targetDigest`). */
  digest: string;
  configRevision: number;
}

/** An offer to seal a credential that proxies keep; signed by the registry. */
export interface KeptOfferClaims extends KeptTarget {
  /** The revision that it will have, one more than the last of this gateway. */
  keptRevision: number;
  kid: string;
  jwk: SealingJwk;
  /** Epoch seconds. */
  exp: number;
}

/** The published form of a gateway's kept credential, signed by the registry. */
export interface KeptEntry {
  gatewayId: string;
  /** Never decreases for a gateway; a deletion has one of its own. */
  keptRevision: number;
  /** The ciphertext, compact JWE; null after a deletion. */
  sealed: string | null;
  /** From one global sequence. */
  revision: number;
}

/** What a registry signs about a kept credential that it has deleted: a receipt for whoever asked for that. */
export interface KeptDeletionClaims {
  gatewayId: string;
  /** Of the deletion: no proxy uses an entry that is older. */
  keptRevision: number;
  /** Who asked for it. */
  by: { kind: string; id: string; name: string };
  /** ISO 8601. */
  at: string;
}

/** Whether a gateway's credential is used for its verification alone, or also kept for calls. */
export const CREDENTIAL_LIFES = ['once', 'kept'] as const;
/** One of `CREDENTIAL_LIFES`. */
export type CredentialLife = (typeof CREDENTIAL_LIFES)[number];

/**
 * Whose credential a virtual server's calls to a gateway have. `callers`: only that of the caller. `callers-then-kept`: the
 * kept one, if the caller sends none. `kept`: the kept one; a caller that sends its own is refused.
 */
export const CREDENTIAL_USES = ['callers', 'callers-then-kept', 'kept'] as const;
/** One of `CREDENTIAL_USES`. */
export type CredentialUse = (typeof CREDENTIAL_USES)[number];

/** How often one caller may make tool calls with kept credentials on a virtual server that has no `limits`, at each worker of a proxy. */
export const KEPT_CALLER_RATE: Rate = { calls: 60, seconds: 60, concurrent: 20 };
