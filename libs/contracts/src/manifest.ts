import type { CatalogueItem, ItemKind, UpstreamFacts } from './catalogue.js';
import type { PassthroughMapping } from './mapping.js';

/** Who may call a virtual server. */
export type ServerAccess =
  'open' | 'key' | { kind: 'jwt'; issuer: string; audience: string; jwksUri: string; algorithms: string[] };

/** Signature algorithms of callers' tokens. Asymmetric ones only: who verifies with a shared secret could also sign. */
export const JWT_ALGORITHMS = [
  ...['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519'],
] as const;

/** How a call without a required credential is answered: by a JSON-RPC error, or by a tool result that a model reads. */
export const MISSING_CREDENTIAL = ['error', 'result'] as const;
export type MissingCredential = (typeof MISSING_CREDENTIAL)[number];

/** One gateway as a virtual server uses it. The proxy forwards to `url` only when `receipt` covers it. */
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
  /** Connector-signed receipt (JWS) of the verification that this configuration serves from. */
  receipt: string;
  /** Digests of this gateway's catalogue blocks, in order. */
  blocks: string[];
  tlsCa?: string;
}

/** The published form of a virtual server; signed by the registry, content-addressed blocks beside it. */
export interface ServerManifest {
  id: string;
  slug: string;
  /** From one global sequence: it never falls, even when a slug is used again. */
  revision: number;
  state: 'live' | 'deleted';
  name: string;
  description?: string;
  instructions?: string;
  access: ServerAccess;
  /** For tools; `error` when absent. */
  missingCredential?: MissingCredential;
  /** Upstream header name -> slug of the gateway that owns its short form. */
  shortForm: Record<string, string>;
  gateways: ManifestGateway[];
  /** Digests of the blocks of exposed names, in list order. Servers share blocks for the names they have in common. */
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
}

/** What a block's bytes (UTF-8 JSON) decode to; the key in the blocks bucket is `blockDigest(bytes)`. */
export type CatalogueBlock = { kind: 'catalogue'; items: CatalogueItem[] };
export type NamesBlock = { kind: 'names'; items: ExposedItem[] };
export type Block = CatalogueBlock | NamesBlock;
/** A block's bytes stay under this, so that it fits one bus message. */
export const MAX_BLOCK_BYTES = 224 * 1024;

/** A caller's key as proxies know it; signed by the registry. */
export interface CallerEntry {
  keyId: string;
  /** HMAC by rows.mac over the key's secret and scope (`callerKeyMac`), hex. */
  mac: string;
  /** Server ids, or `*`. */
  servers: string[] | '*';
  /** Epoch seconds; null = no end. */
  exp: number | null;
  revoked: boolean;
  revision: number;
}

/** KV buckets of published state. Values are strings: a JWS (servers, callers) or a block's JSON. */
export const BUCKETS = { blocks: 'lethe-blocks', servers: 'lethe-servers', callers: 'lethe-callers' } as const;
export type Bucket = (typeof BUCKETS)[keyof typeof BUCKETS];
