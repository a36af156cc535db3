import type {
  CallerEntry,
  CLAIM_TYPES,
  HandshakeReplyClaims,
  OrderClaims,
  ReceiptClaims,
  ServerManifest,
  SlotOfferClaims,
} from '@lethe/contracts';

export type ClaimKind = keyof typeof CLAIM_TYPES;

/** Who signs: registries or connectors. Replicas of one service share its key. */
export type SigningRole = 'registry' | 'connector';

/** What each kind of signature holds. */
export interface ClaimsByKind {
  order: OrderClaims;
  slotOffer: SlotOfferClaims;
  handshakeReply: HandshakeReplyClaims;
  receipt: ReceiptClaims;
  manifest: ServerManifest;
  caller: CallerEntry;
}

/** Which role may sign a kind; the other's signature is no signature. */
export const SIGNED_BY: Record<ClaimKind, SigningRole> = {
  order: 'registry',
  manifest: 'registry',
  caller: 'registry',
  slotOffer: 'connector',
  handshakeReply: 'connector',
  receipt: 'connector',
};

/** Kinds that live for seconds: a retired key never signs these, whatever time it writes into them. */
export const SHORT_LIVED: ReadonlySet<ClaimKind> = new Set<ClaimKind>(['order', 'slotOffer', 'handshakeReply']);

/** Every signature carries when it was made (epoch seconds). */
export interface Stamped {
  iat: number;
}

/** A public Ed25519 key (RFC 8037). */
export interface PublicJwk {
  kty: 'OKP';
  crv: 'Ed25519';
  x: string;
}

/** A public key of a role, as `trust.json` and `GET /v1/connectors` show it. */
export interface Identity {
  kid: string;
  /** JWK thumbprint (RFC 7638), what people pin. */
  fingerprint: string;
  jwk: PublicJwk;
  state: 'active' | 'retired';
  /** ISO 8601; with `retired`. */
  retiredAt?: string;
}
