import type { CatalogueItem, ItemKind, UpstreamFacts } from './catalogue.js';
import type { GatewayLimits, Grant, ServerLimits, TokenRoles } from './grants.js';
import type { CredentialUse } from './kept.js';
import type { PassthroughMapping } from './mapping.js';
import type { OAuthClient } from './oauth.js';

/** The largest number of gateways of one virtual server whose upstreams keep sessions: they share one session token. */
export const MAX_SESSIONFUL_GATEWAYS = 16;

/** Who may call a virtual server. */
export type ServerAccess = 'open' | 'key' | JwtAccess;

/** Callers with a token of this issuer. */
export interface JwtAccess {
  kind: 'jwt';
  issuer: string;
  audience: string;
  jwksUri: string;
  algorithms: string[];
  /** Absent if tokens say nothing about roles. */
  roles?: TokenRoles;
}

/** Signature algorithms of callers' tokens. Only asymmetric ones: a verifier with a shared secret could also sign. */
export const JWT_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
] as const;

/** The response to a call without a required credential: a JSON-RPC error, or a tool result that a model can read. */
export const MISSING_CREDENTIAL = ['error', 'result'] as const;
/** One of `MISSING_CREDENTIAL`. */
export type MissingCredential = (typeof MISSING_CREDENTIAL)[number];

/** How a credential that an upstream rejected is told: in a JSON-RPC error, or with the HTTP status 401 or 403 as well. */
export const REJECTED_CREDENTIAL = ['error', 'http'] as const;
/** One of `REJECTED_CREDENTIAL`. */
export type RejectedCredential = (typeof REJECTED_CREDENTIAL)[number];

/**
 * Which protocol eras a virtual server serves. `auto` refuses `server/discover` while an open gateway speaks the legacy era
 * alone and keeps sessions, so that modern clients fall back to `initialize` and keep their session's state; `both` always
 * answers it; `legacy` refuses every modern request.
 */
export const SERVER_ERAS = ['auto', 'both', 'legacy'] as const;
/** One of `SERVER_ERAS`. */
export type ServerEras = (typeof SERVER_ERAS)[number];

/** One gateway of a virtual server. The proxy forwards to `url` only if `receipt` covers it. */
export interface ManifestGateway {
  id: string;
  slug: string;
  name: string;
  url: string;
  mappings: PassthroughMapping[];
  configRevision: number;
  facts: UpstreamFacts;
  enabled: boolean;
  listing: 'catalogue' | 'live';
  /** Receipt (JWS, signed by a connector) of the verification of this configuration. */
  receipt: string;
  /** Digests of this gateway's catalogue blocks, in order. */
  blocks: string[];
  tlsCa?: string;
  /** Whether its tools' hints about themselves are believed; false when absent. */
  trustHints?: true;
  limits?: GatewayLimits;
  /** By which people log in for it; absent where each registers their own. */
  oauthClient?: OAuthClient;
  /** Whether a credential is kept for it (`KeptEntry`); used for its verification alone when absent. */
  credential?: 'kept';
}

/** The published form of a virtual server, signed by the registry. Its blocks are published beside it, by their digests. */
export interface ServerManifest {
  id: string;
  slug: string;
  /** From one global sequence: it never decreases, even if a slug is used again. */
  revision: number;
  state: 'live' | 'deleted';
  name: string;
  description?: string;
  /** Replaces the instructions of the upstreams; an empty text means none. */
  instructions?: string;
  access: ServerAccess;
  /** False if callers are refused for now; true when absent. */
  enabled?: boolean;
  /** For tools; `result` when absent. */
  missingCredential?: MissingCredential;
  /** `error` when absent. */
  rejectedCredential?: RejectedCredential;
  /** `auto` when absent. */
  eras?: ServerEras;
  /** Who may see and use what; everybody everything when absent. */
  grants?: Grant[];
  limits?: ServerLimits;
  /** Slug of a gateway -> whose credential its calls have; `callers` for one that is not in it. */
  credentials?: Record<string, CredentialUse>;
  /** Upstream header name -> slug of the gateway that owns its short form. */
  shortForm: Record<string, string>;
  gateways: ManifestGateway[];
  /** Digests of the blocks of exposed names, in list order. Servers share blocks of names that they have in common. */
  names: string[];
}

/** An exposed name: one line of a names block. */
export interface ExposedItem {
  kind: ItemKind;
  /** The name (tools, prompts) or URI (resources, templates) that clients see. */
  exposed: string;
  gateway: string;
  own: string;
  /** Replaces the description of the definition. */
  description?: string;
  /** Whether it only reads, whatever its definition says. */
  readOnly?: boolean;
}

/** A block of a catalogue. Its bytes are UTF-8 JSON; its key in the bucket is `blockDigest(bytes)`. */
export type CatalogueBlock = { kind: 'catalogue'; items: CatalogueItem[] };
/** A block of exposed names. */
export type NamesBlock = { kind: 'names'; items: ExposedItem[] };
/** The decoded content of a block. */
export type Block = CatalogueBlock | NamesBlock;
/** Longest block, so that it fits into one bus message. */
export const MAX_BLOCK_BYTES = 224 * 1024;

/** The published form of a caller's key, signed by the registry. */
export interface CallerEntry {
  keyId: string;
  /** HMAC over the key's secret and scope (`callerKeyMac`), hex. */
  mac: string;
  /** Server ids, or `*`. */
  servers: string[] | '*';
  /** Epoch seconds; null if it does not expire. */
  exp: number | null;
  /** An end before `exp`, in epoch seconds. `mac` does not cover it: it can only take away. */
  endsAt?: number;
  /** None when absent. */
  roles?: string[];
  /** With `roles`: HMAC over the roles and `mac` (`callerRolesMac`), hex. */
  rolesMac?: string;
  revoked: boolean;
  revision: number;
}

/** KV buckets of the published state. Values are a JWS (servers, callers, kept) or the JSON of a block. */
export const BUCKETS = {
  blocks: 'lethe-blocks',
  servers: 'lethe-servers',
  callers: 'lethe-callers',
  kept: 'lethe-kept',
} as const;
/** What registries remember outside of the database, so that older rows do not replace newer ones. Nobody else reads it. */
export const MARKS_BUCKET = 'lethe-marks';
/** Name of a bucket of published state. */
export type Bucket = (typeof BUCKETS)[keyof typeof BUCKETS];
