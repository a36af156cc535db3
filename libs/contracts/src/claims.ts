import type { CatalogueCounts, Transport, UpstreamFacts } from './catalogue.js';
import type { PassthroughMapping } from './mapping.js';

/** Media types (`typ`) of everything that is signed; a signature of one kind never passes for another. */
export const CLAIM_TYPES = {
  order: 'lethe-order+jws',
  slotOffer: 'lethe-slot-offer+jws',
  handshakeReply: 'lethe-handshake-reply+jws',
  receipt: 'lethe-receipt+jws',
  manifest: 'lethe-manifest+jws',
  caller: 'lethe-caller+jws',
} as const;

/** `typ` and algorithms of a sealed credential (JWE compact, RFC 7516, X25519 by RFC 8037). Exactly one of each. */
export const SEALED_CREDENTIAL = {
  typ: 'lethe-credential+jwe',
  alg: 'ECDH-ES',
  enc: 'A256GCM',
  maxBytes: 16 * 1024,
} as const;

/** The part of an order that a receipt repeats: which upstream, in which configuration, which attempt. */
export interface OrderSubject {
  /** Verification id. */
  vid: string;
  gatewayId: string;
  slug: string;
  /** Canonical URL: the only one that may be dialled. */
  url: string;
  transport: Transport;
  mappings: PassthroughMapping[];
  configRevision: number;
  attempt: number;
}

/** What a connector may do; signed by the registry. */
export interface VerificationOrder extends OrderSubject {
  /** Who asked: each administrator may have a limited number of slots at once. */
  administrator: string;
  /** `none`: the handshake starts as soon as the slot is lent, and nothing is sealed. */
  credential: 'sealed' | 'none';
  /** PEM certificate authority for this upstream only. */
  tlsCa?: string;
  /** Epoch seconds. */
  exp: number;
}

/** A lent slot; signed by the connector. The only thing a sealing client trusts. */
export interface SlotOfferClaims {
  connector: string;
  slot: string;
  kid: string;
  /** X25519 public key (RFC 8037) of the one-shot child. */
  jwk: { kty: 'OKP'; crv: 'X25519'; x: string };
  /** Canonical URL of the upstream. */
  aud: string;
  gatewayId: string;
  vid: string;
  /** Epoch seconds, at most 60 s ahead. */
  exp: number;
  /** The plaintext door's URL for this slot, when the door is on. Signed, so that nobody on the way can replace it. */
  doorUrl?: string;
}

/** A connector's answer to a sealed credential. Signed, so that a JetStream acknowledgement can't be mistaken for it. */
export interface HandshakeReplyClaims {
  vid: string;
  slot: string;
  status: 'accepted' | 'slot_gone' | 'refused';
  /** With `refused`: why, one of the closed handshake codes. */
  code?: string;
  /** Epoch seconds. */
  iat: number;
}

/** What a connector did; signed by it. Proxies lend credentials only to what a receipt covers. */
export interface ReceiptClaims {
  order: OrderSubject;
  outcome: 'verified' | 'failed';
  /** With `failed`. */
  code?: HandshakeCode;
  connector: string;
  slot: string;
  /** Origins that were dialled (scheme, host, port). */
  origins: string[];
  /** HTTP requests sent to the upstream. */
  requests: number;
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string;
  /** How the one-shot process ended, and when its end was seen. */
  slotEnd: { how: 'exited' | 'killed'; at: string };
  /** With `verified`. */
  digest?: string;
  counts?: CatalogueCounts;
  facts?: Pick<UpstreamFacts, 'era' | 'protocolVersion' | 'transport' | 'sessionful' | 'listScope'>;
}

/** Closed list of ways in which a handshake ends without a catalogue. */
export const HANDSHAKE_CODES = [
  'credential_rejected',
  'upstream_forbidden',
  'upstream_unreachable',
  'upstream_tls_failed',
  'upstream_timeout',
  'upstream_redirected',
  'upstream_closed',
  'upstream_http_error',
  'upstream_protocol_error',
  'upstream_too_large',
  'upstream_reflects_credential',
  'not_an_mcp_server',
  'address_forbidden',
  'envelope_invalid',
  'envelope_expired',
  'credential_malformed',
  'scheme_unsupported',
  'handshake_crashed',
] as const;
export type HandshakeCode = (typeof HANDSHAKE_CODES)[number];

/** The content of a sealed credential. `query` and `oauth_client_credentials` are refused so far (`scheme_unsupported`). */
export type Credential =
  | { scheme: 'bearer'; token: string }
  | { scheme: 'basic'; username: string; password: string }
  | { scheme: 'headers'; headers: { name: string; value: string; secret?: boolean }[] }
  | { scheme: 'none' };
