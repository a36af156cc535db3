import type { SealingJwk, SlotOfferClaims } from '@lethe/contracts';
import { isObject } from './json/value.js';

/** Longest lifetime of a slot. */
export const MAX_SLOT_TTL_SECONDS = 60;
/** How far a client's clock may be behind the connector's. */
const CLOCK_SKEW_SECONDS = 60;
const TEXTS = ['connector', 'slot', 'kid', 'aud', 'gatewayId', 'vid'];
/** 32 bytes in canonical base64url: the last character has two bits that are used by nothing, and are zero. */
const KEY_BYTES = /^[\w-]{42}[AEIMQUYcgkosw048]$/;

/**
 * Whether signed claims have the form of a slot offer. Whoever seals for it must also compare `kid` with the thumbprint of
 * `jwk`, its expiry with the clock, and the rest with what the person means.
 */
export function isSlotOfferForm(claims: object): claims is SlotOfferClaims {
  if (!isObject(claims)) return false;
  if (!TEXTS.every((member) => typeof claims[member] === 'string' && claims[member] !== '')) return false;
  if (!Number.isSafeInteger(claims['exp'])) return false;
  return (claims['doorUrl'] === undefined || typeof claims['doorUrl'] === 'string') && isSealingJwk(claims['jwk']);
}

/** What is wrong with the expiry of a slot offer, epoch seconds; undefined if nothing is. */
export function slotExpiryProblem(exp: number, nowSeconds: number): 'expired' | 'claims_malformed' | undefined {
  if (exp <= nowSeconds) return 'expired';
  return exp > nowSeconds + MAX_SLOT_TTL_SECONDS + CLOCK_SKEW_SECONDS ? 'claims_malformed' : undefined;
}

/** Whether a value is a public X25519 JWK. Members other than `kty`, `crv`, `x` are ignored. */
export function isSealingJwk(value: unknown): value is SealingJwk {
  if (!isObject(value) || value['kty'] !== 'OKP' || value['crv'] !== 'X25519') return false;
  return typeof value['x'] === 'string' && KEY_BYTES.test(value['x']);
}
