import type { SlotOfferClaims } from '@lethe/contracts';
import { isSlotOfferForm, slotExpiryProblem } from '@lethe/mcp';
import { calculateJwkThumbprint } from 'jose';
import { type ConnectorKey, verifyClaims } from './connector-key.js';
import { SealingRefused } from './sealing-refused.js';

/** The upstream that the person means, and the verification that the page has begun. */
export interface Intended {
  gatewayId: string;
  /** Canonical URL. */
  url: string;
  /** Verification id. */
  vid: string;
}

/**
 * Checks a slot's offer before a credential is sealed for it: signed by a trusted connector, well-formed, not over, and for
 * exactly what the person means.
 * @returns its claims, and the fingerprint of the key that signed them
 * @throws SealingRefused
 */
export async function verifySlotOffer(
  jws: string,
  keys: readonly ConnectorKey[],
  intended: Intended,
  nowSeconds: number,
): Promise<{ offer: SlotOfferClaims; fingerprint: string }> {
  const { claims, fingerprint } = await verifyClaims('slotOffer', jws, keys);
  if (!isSlotOfferForm(claims) || (await thumbprintOf(claims)) !== claims.kid) {
    throw new SealingRefused('claims_malformed');
  }
  const problem = slotExpiryProblem(claims.exp, nowSeconds);
  if (problem !== undefined) throw new SealingRefused(problem);
  const { aud, gatewayId, vid } = claims;
  if (aud !== intended.url || gatewayId !== intended.gatewayId || vid !== intended.vid) {
    throw new SealingRefused('other_upstream');
  }
  return { offer: claims, fingerprint };
}

function thumbprintOf({ jwk: { kty, crv, x } }: SlotOfferClaims): Promise<string> {
  return calculateJwkThumbprint({ kty, crv, x });
}
