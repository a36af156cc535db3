import type {
  CallerEntry,
  CLAIM_TYPES,
  HandshakeReplyClaims,
  KeptDeletionClaims,
  KeptEntry,
  KeptOfferClaims,
  ProbeOrder,
  ProbeReport,
  VerificationOrder,
  ReceiptClaims,
  ServerManifest,
  SlotOfferClaims,
} from '@lethe/contracts';

/** Kind of signed claims. */
export type ClaimKind = keyof typeof CLAIM_TYPES;

/** A service that signs. Its replicas share one key. */
export type SigningRole = 'registry' | 'connector';

/** The claims of each kind. */
export interface ClaimsByKind {
  order: VerificationOrder;
  slotOffer: SlotOfferClaims;
  handshakeReply: HandshakeReplyClaims;
  receipt: ReceiptClaims;
  probeOrder: ProbeOrder;
  probeReport: ProbeReport;
  manifest: ServerManifest;
  caller: CallerEntry;
  keptOffer: KeptOfferClaims;
  kept: KeptEntry;
  keptDeletion: KeptDeletionClaims;
}

/** The one role that may sign each kind; a signature by the other role is invalid. */
export const SIGNED_BY: Record<ClaimKind, SigningRole> = {
  order: 'registry',
  manifest: 'registry',
  caller: 'registry',
  keptOffer: 'registry',
  kept: 'registry',
  keptDeletion: 'registry',
  slotOffer: 'connector',
  handshakeReply: 'connector',
  receipt: 'connector',
  probeOrder: 'registry',
  probeReport: 'connector',
};

/** Kinds that are valid for seconds. A retired key never verifies them, whatever time they claim. */
export const SHORT_LIVED: ReadonlySet<ClaimKind> = new Set<ClaimKind>([
  ...(['order', 'slotOffer', 'handshakeReply'] as const),
  ...(['probeOrder', 'probeReport', 'keptOffer'] as const),
]);

/** Every signature contains the time at which it was made, in epoch seconds. */
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
