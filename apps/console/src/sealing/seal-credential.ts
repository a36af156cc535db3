import { type Credential, SEALED_CREDENTIAL, type SlotOfferClaims } from '@lethe/contracts';
import { isCredential } from '@lethe/mcp';
import { CompactEncrypt, importJWK } from 'jose';
import { SealingRefused } from './sealing-refused.js';

/**
 * Seals a credential for the slot of a verified offer, as a compact JWE (RFC 7516). Its protected header binds it to the
 * URL, the verification and the expiry. The bytes that are encrypted are zeroed after; the texts that the person typed are
 * the browser's, and no page can zero those.
 * @throws SealingRefused `credential_malformed` for a credential that the slot would reject
 */
export async function sealCredential(offer: SlotOfferClaims, credential: Credential): Promise<string> {
  if (!isCredential(credential, () => false)) throw new SealingRefused('credential_malformed');
  const plaintext = new TextEncoder().encode(JSON.stringify(credential));
  try {
    const { kty, crv, x } = offer.jwk;
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
      .encrypt(await importJWK({ kty, crv, x }, SEALED_CREDENTIAL.alg));
    if (sealed.length > SEALED_CREDENTIAL.maxBytes) throw new SealingRefused('credential_malformed');
    return sealed;
  } finally {
    plaintext.fill(0);
  }
}
