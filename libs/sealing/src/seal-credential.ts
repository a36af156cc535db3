import { type Credential, SEALED_CREDENTIAL, type SlotOfferClaims } from '@lethe/contracts';
import { CompactEncrypt, importJWK } from 'jose';
import { parseCredential } from './credential.js';
import { SealingError } from './sealing.error.js';

/**
 * Seals a credential for the one slot of a verified offer: JWE compact, bound to URL, verification and expiry by its
 * protected header. Throws `credential_malformed` for what the slot would refuse.
 */
export async function sealCredential(offer: SlotOfferClaims, credential: Credential): Promise<string> {
  const plaintext = Buffer.from(JSON.stringify(credential), 'utf8');
  try {
    parseCredential(plaintext);
    const sealed = await new CompactEncrypt(plaintext)
      .setProtectedHeader({
        alg: SEALED_CREDENTIAL.alg,
        enc: SEALED_CREDENTIAL.enc,
        typ: SEALED_CREDENTIAL.typ,
        kid: offer.kid,
        aud: offer.aud,
        jti: offer.vid,
        exp: offer.exp,
      })
      .encrypt(await importJWK(offer.jwk, SEALED_CREDENTIAL.alg));
    if (sealed.length > SEALED_CREDENTIAL.maxBytes) throw new SealingError('credential_malformed');
    return sealed;
  } finally {
    plaintext.fill(0);
  }
}
