import { type Credential, SEALED_CREDENTIAL, type SlotOfferClaims } from '@lethe/contracts';
import { CompactEncrypt, importJWK } from 'jose';
import { parseCredential } from './credential.js';
import { SealingError } from './sealing.error.js';

/**
 * Seals a credential for the slot of a verified offer, as a compact JWE. Its protected header binds it to the URL, the
 * verification and the expiry.
 * @throws SealingError `credential_malformed` for a credential that the slot would reject
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
