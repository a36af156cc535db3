import type { SlotOfferClaims } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { ClaimVerifier } from './claim-verifier.js';
import type { Identity } from './claims.js';
import { isSealingJwk, sealingThumbprint } from './sealing-jwk.js';
import { SealingError } from './sealing.error.js';

/** Longest lifetime of a slot. */
export const MAX_SLOT_TTL_SECONDS = 60;
/** How far a client's clock may be behind the connector's. */
const CLOCK_SKEW_SECONDS = 60;

/**
 * Verifies a slot offer before a credential is sealed for it: signed by one of these identities, well-formed, not expired.
 * The caller must still compare `aud` with the URL that the person meant.
 * @throws SealingError `claims_malformed`, `expired`, and as `ClaimVerifier.verify`
 */
export async function verifySlotOffer(
  jws: string,
  identities: Identity[],
  nowSeconds: number,
): Promise<SlotOfferClaims> {
  const verifier = new ClaimVerifier(identities.filter(({ state }) => state === 'active'));
  const claims = await verifier.verify<object>('slotOffer', jws);
  if (!isSlotOffer(claims)) throw new SealingError('claims_malformed');
  if (claims.exp <= nowSeconds) throw new SealingError('expired');
  if (claims.exp > nowSeconds + MAX_SLOT_TTL_SECONDS + CLOCK_SKEW_SECONDS) throw new SealingError('claims_malformed');
  return claims;
}

function isSlotOffer(claims: object): claims is SlotOfferClaims {
  if (!isObject(claims)) return false;
  const texts = ['connector', 'slot', 'kid', 'aud', 'gatewayId', 'vid'];
  if (!texts.every((member) => typeof claims[member] === 'string' && claims[member] !== '')) return false;
  if (!Number.isSafeInteger(claims['exp'])) return false;
  if (claims['doorUrl'] !== undefined && typeof claims['doorUrl'] !== 'string') return false;
  return isSealingJwk(claims['jwk']) && sealingThumbprint(claims['jwk']) === claims['kid'];
}
