import { type Credential, KEPT_CREDENTIAL, type KeptOfferClaims } from '@lethe/contracts';
import { isObject, isSealingJwk } from '@lethe/mcp';
import { CompactEncrypt, importJWK } from 'jose';
import { ClaimVerifier } from './claim-verifier.js';
import type { Identity } from './claims.js';
import { parseCredential } from './credential.js';
import { sealingThumbprint } from './sealing-jwk.js';
import { SealingError } from './sealing.error.js';
import { kidOf } from './signing-key.js';

/** How long an offer to keep a credential is valid. */
export const KEPT_OFFER_SECONDS = 600;
const DAY_SECONDS = 86_400;

/**
 * Verifies an offer to keep a credential before one is sealed for it: signed by one of these registries, well-formed, not
 * expired. The caller must still compare `url` with the URL that the person meant, and the fingerprint of the key with the
 * one that is pinned.
 * @throws SealingError `claims_malformed`, `expired`, and as `ClaimVerifier.verify`
 */
export async function verifyKeptOffer(jws: string, registries: Identity[], now: Date): Promise<KeptOfferClaims> {
  const verifier = new ClaimVerifier(registries.filter(({ state }) => state === 'active'));
  const claims = await verifier.verify<object>('keptOffer', jws, { now });
  if (!isKeptOffer(claims)) throw new SealingError('claims_malformed');
  return claims;
}

/**
 * Seals a credential that proxies keep, for a verified offer. The protected header binds it to the gateway's target, to
 * its revisions and to its end.
 * @param days until its end
 * @throws SealingError `credential_malformed` for a credential that a proxy would reject, or an end that it would not accept
 */
export async function sealKept(
  offer: KeptOfferClaims,
  credential: Credential,
  { now, days = KEPT_CREDENTIAL.defaultDays }: { now: Date; days?: number },
): Promise<string> {
  const iat = Math.floor(now.getTime() / 1000);
  const isDuration = days > 0 && days <= KEPT_CREDENTIAL.maxDays;
  if (credential.scheme === 'none' || !isDuration) throw new SealingError('credential_malformed');
  const plaintext = Buffer.from(JSON.stringify(credential), 'utf8');
  try {
    parseCredential(plaintext);
    const sealed = await new CompactEncrypt(plaintext)
      .setProtectedHeader({
        alg: KEPT_CREDENTIAL.alg,
        enc: KEPT_CREDENTIAL.enc,
        typ: KEPT_CREDENTIAL.typ,
        kid: offer.kid,
        sub: offer.gatewayId,
        aud: offer.url,
        dig: offer.digest,
        cfg: offer.configRevision,
        rev: offer.keptRevision,
        iat,
        exp: iat + Math.floor(days * DAY_SECONDS),
      })
      .encrypt(await importJWK(offer.jwk, KEPT_CREDENTIAL.alg));
    if (sealed.length > KEPT_CREDENTIAL.maxBytes) throw new SealingError('credential_malformed');
    return sealed;
  } finally {
    plaintext.fill(0);
  }
}

function isKeptOffer(claims: object): claims is KeptOfferClaims {
  if (!isObject(claims)) return false;
  const texts = ['gatewayId', 'url', 'digest', 'kid'];
  if (!texts.every((member) => typeof claims[member] === 'string' && claims[member] !== '')) return false;
  const numbers = ['configRevision', 'keptRevision', 'exp'];
  if (!numbers.every((member) => Number.isSafeInteger(claims[member]))) return false;
  return isSealingJwk(claims['jwk']) && kidOf(sealingThumbprint(claims['jwk'])) === claims['kid'];
}
