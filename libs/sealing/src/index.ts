export { SEALING_FAILURES, SealingError, type SealingFailure } from './sealing.error.js';
export { canonicalJson, isCanonicalJson } from './json.js';
export { blockDigest, catalogueDigest, routesHash, targetDigest, type TargetForm } from './digests.js';
export { newSecret, readSecret, type NewSecret } from './secrets.js';
export {
  callerKeyMac,
  callerRolesMac,
  CallersMac,
  callersRing,
  RowsMac,
  type CallerKeyRoles,
  type CallerKeyScope,
} from './rows-mac.js';
export { Sealer, SessionRing, type SealPurpose } from './session-ring.js';
export {
  type ClaimKind,
  type ClaimsByKind,
  type Identity,
  type PublicJwk,
  type SigningRole,
  type Stamped,
} from './claims.js';
export { ClaimSigner } from './claim-signer.js';
export { type VerifyOptions } from './claim-verifier.js';
export { fingerprintOf, isPublicJwk } from './signing-key.js';
export { initTrust, rotateTrust, type TrustSummary } from './make-trust.js';
export { SERVICE_FILES, TRUST_ROLES, type TrustRole, type TrustService } from './trust-folder.js';
export { loadTrust, Trust } from './trust.js';
export { generateSlotKey, type SlotKey, type SlotPublicJwk } from './slot-key.js';
export { verifySlotOffer } from './slot-offer.js';
export { sealCredential } from './seal-credential.js';
export { openCredential, type ExpectedEnvelope } from './open-credential.js';
export { type KeptKey, KeptRing, newKeptKey } from './kept-ring.js';
export { sealingThumbprint } from './sealing-jwk.js';
export { KEPT_OFFER_SECONDS, sealKept, verifyKeptOffer } from './seal-kept.js';
export { checkKept, type ExpectedKept, type KeptHeader, openKept, type OpenedKept, readKept } from './open-kept.js';
export { type KeptIdentity } from './trust-file.js';
export { parseCredential } from './credential.js';
export { clientKey, type ClientKey } from './client-key.js';
export {
  type AcceptedTokens,
  type JwtOptions,
  JwtVerifier,
  type TokenClaims,
  type TokenProblem,
} from './jwt-verifier.js';
export { isOlder, isSameTarget, type ReceiptAge, type ReceiptTarget } from './receipt-order.js';
