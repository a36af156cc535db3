import type { SlotOfferClaims } from '@lethe/contracts';
import { isSlotOfferForm, slotExpiryProblem } from '@lethe/mcp';
import { ClaimVerifier } from './claim-verifier.js';
import type { Identity } from './claims.js';
import { sealingThumbprint } from './sealing-jwk.js';
import { SealingError } from './sealing.error.js';

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
  if (!isSlotOfferForm(claims) || sealingThumbprint(claims.jwk) !== claims.kid) {
    throw new SealingError('claims_malformed');
  }
  const problem = slotExpiryProblem(claims.exp, nowSeconds);
  if (problem !== undefined) throw new SealingError(problem);
  return claims;
}
