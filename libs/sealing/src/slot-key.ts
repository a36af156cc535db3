import type { SlotOfferClaims } from '@lethe/contracts';
import { type CryptoKey, exportJWK, generateKeyPair } from 'jose';
import { sealingThumbprint } from './sealing-jwk.js';

/** Public key of a slot. */
export type SlotPublicJwk = SlotOfferClaims['jwk'];

/** The one-time key of a slot. Its private part can't be exported and exists only in the slot's process. */
export interface SlotKey {
  /** JWK thumbprint (RFC 7638) of the public part. */
  kid: string;
  publicJwk: SlotPublicJwk;
  privateKey: CryptoKey;
}

/** Generates a slot's key. */
export async function generateSlotKey(): Promise<SlotKey> {
  const { publicKey, privateKey } = await generateKeyPair('ECDH-ES', { crv: 'X25519', extractable: false });
  const { x } = await exportJWK(publicKey);
  if (x === undefined) throw new Error('An X25519 key has an x');
  const publicJwk: SlotPublicJwk = { kty: 'OKP', crv: 'X25519', x };
  return { kid: sealingThumbprint(publicJwk), publicJwk, privateKey };
}
