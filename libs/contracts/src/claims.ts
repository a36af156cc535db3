import {
  type CatalogueCounts,
  type EraFacts,
  mapEras,
  type MappedFacts,
  type Transport,
  type UpstreamFacts,
} from './catalogue.js';
import type { SealingJwk } from './kept.js';
import type { PassthroughMapping } from './mapping.js';

/** Media type (`typ`) of each kind of signature, so that a signature of one kind is never accepted as another. */
export const CLAIM_TYPES = {
  order: 'lethe-order+jws',
  slotOffer: 'lethe-slot-offer+jws',
  handshakeReply: 'lethe-handshake-reply+jws',
  receipt: 'lethe-receipt+jws',
  probeOrder: 'lethe-probe-order+jws',
  probeReport: 'lethe-probe-report+jws',
  manifest: 'lethe-manifest+jws',
  caller: 'lethe-caller+jws',
  keptOffer: 'lethe-kept-offer+jws',
  kept: 'lethe-kept+jws',
  keptDeletion: 'lethe-kept-deletion+jws',
} as const;

/** `typ` and algorithms of a sealed credential (JWE compact, RFC 7516, X25519 by RFC 8037). No others are accepted. */
export const SEALED_CREDENTIAL = {
  typ: 'lethe-credential+jwe',
  alg: 'ECDH-ES',
  enc: 'A256GCM',
  maxBytes: 16 * 1024,
} as const;

/** The part of an order that its receipt repeats: upstream, configuration, attempt. */
export interface OrderSubject {
  /** Verification id. */
  vid: string;
  gatewayId: string;
  slug: string;
  /** Canonical URL, the only one that may be requested. */
  url: string;
  transport: Transport;
  mappings: PassthroughMapping[];
  configRevision: number;
  attempt: number;
}

/** An order to a connector; signed by the registry. */
export interface VerificationOrder extends OrderSubject {
  /** Who requested it: each administrator may have a limited number of slots at once. */
  administrator: string;
  /** `none`: the handshake starts as soon as the slot is reserved, and nothing is sealed. */
  credential: 'sealed' | 'none';
  /** PEM certificate authority for this upstream only. */
  tlsCa?: string;
  /** Epoch seconds. */
  exp: number;
}

/** A reserved slot; signed by the connector. A client that seals trusts nothing else. */
export interface SlotOfferClaims {
  connector: string;
  slot: string;
  kid: string;
  /** X25519 public key (RFC 8037) of the one-shot process. */
  jwk: SealingJwk;
  /** Canonical URL of the upstream. */
  aud: string;
  gatewayId: string;
  vid: string;
  /** Epoch seconds, at most 60 s ahead. */
  exp: number;
  /** The plaintext door's URL for this slot, when the door is on. Signed, so that it can't be replaced on the way. */
  doorUrl?: string;
}

/** A connector's reply to a sealed credential. Signed, so that a JetStream acknowledgement can't be mistaken for it. */
export interface HandshakeReplyClaims {
  vid: string;
  slot: string;
  status: 'accepted' | 'slot_gone' | 'refused';
  /** With `refused`: the reason, one of the handshake codes. */
  code?: string;
  /** Epoch seconds. */
  iat: number;
}

/** What a connector did; signed by it. Proxies send credentials only to targets that a receipt covers. */
export interface ReceiptClaims {
  order: OrderSubject;
  outcome: 'verified' | 'failed';
  /** With `failed`. */
  code?: HandshakeCode;
  /** With `failed`, if there are any. */
  failure?: FailureFacts;
  connector: string;
  slot: string;
  /**
   * Origins that the handshake connected to (scheme, host, port): the upstream's, and that of a token endpoint. A credential
   * went to no other one.
   */
  origins: string[];
  /** HTTP requests of the handshake, to these origins. */
  requests: number;
  /** Absent if nothing was asked without a credential before. */
  discovery?: DiscoveryTrace;
  /** ISO 8601. */
  startedAt: string;
  finishedAt: string;
  /** How the one-shot process ended, and when its end was seen. */
  slotEnd: { how: 'exited' | 'killed'; at: string };
  /** With `verified`. */
  digest?: string;
  counts?: CatalogueCounts;
  facts?: ReceiptFacts;
}

/** What was asked about authorization before the handshake and beside it. None of these requests had a credential. */
export interface DiscoveryTrace {
  /** The upstream's, and those of the authorization servers that it names. */
  origins: string[];
  requests: number;
}

/** The facts of one era by which requests are routed. */
type RoutingFacts = Pick<EraFacts, 'era' | 'protocolVersion' | 'sessionful' | 'listScope'>;

/** The facts that a receipt proves. */
export type ReceiptFacts = MappedFacts<RoutingFacts>;

/** Selects the facts that a receipt proves. */
export function receiptFacts(facts: UpstreamFacts): ReceiptFacts {
  return mapEras(facts, routingFacts);
}

function routingFacts({ era, protocolVersion, sessionful, listScope }: RoutingFacts): RoutingFacts {
  return { era, protocolVersion, sessionful, listScope };
}

/**
 * All reasons for which a handshake can end without a catalogue. `credential_required`: the upstream answered 401, and no
 * credential was sent; `credential_rejected`: one was. `token_...`: the token endpoint of OAuth client credentials gave no
 * bearer token, so the upstream was not visited. `cancelled`: somebody cancelled the verification while it ran.
 */
export const HANDSHAKE_CODES = [
  'credential_required',
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
  'token_endpoint_forbidden',
  'token_endpoint_unreachable',
  'token_endpoint_tls_failed',
  'token_endpoint_refused',
  'token_response_invalid',
  'token_not_bearer',
  'cancelled',
] as const;
/** Why a handshake failed. */
export type HandshakeCode = (typeof HANDSHAKE_CODES)[number];

/** Why no connection to an upstream could be made. */
export const UNREACHABLE_REASONS = ['dns', 'refused', 'timeout'] as const;
/** Why no connection to an upstream could be made: its name has no address, nothing listens there, or it took too long. */
export type UnreachableReason = (typeof UNREACHABLE_REASONS)[number];

/** The errors of a token endpoint (RFC 6749, section 5.2; RFC 8707, section 2). */
export const TOKEN_ERRORS = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
] as const;
/** An error of a token endpoint. */
export type TokenError = (typeof TOKEN_ERRORS)[number];

/** Facts about a failed handshake that say what to do. None is text of the upstream. */
export interface FailureFacts {
  /** With `upstream_unreachable` and `token_endpoint_unreachable`. */
  why?: UnreachableReason;
  /** With `token_endpoint_refused`, if the endpoint names one of these. */
  tokenError?: TokenError;
  /** With `upstream_http_error` and `token_endpoint_refused`: how long to wait, at most an hour. */
  retryAfterSeconds?: number;
  /** With `upstream_redirected`: the address of the same server that it redirects to, without a secret. */
  registerUrl?: string;
}

/** The facts of a failure among other members; undefined if there are none. */
export function failureFacts(failure: FailureFacts): FailureFacts | undefined {
  const { why, tokenError, retryAfterSeconds, registerUrl } = failure;
  const facts = {
    ...(why !== undefined && { why }),
    ...(tokenError !== undefined && { tokenError }),
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
    ...(registerUrl !== undefined && { registerUrl }),
  };
  return Object.keys(facts).length === 0 ? undefined : facts;
}
