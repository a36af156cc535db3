import { CLAIM_TYPES } from '@lethe/contracts';
import { calculateJwkThumbprint } from 'jose';
import { decodeJws } from './compact-jws.js';
import { SealingRefused } from './sealing-refused.js';

/** A public key of the connectors, as `GET /v1/connectors` has it. */
export interface ConnectorIdentity {
  kid: string;
  fingerprint: string;
  jwk: { kty: 'OKP'; crv: 'Ed25519'; x: string };
  state: 'active' | 'retired';
}

/** A key whose fingerprint was computed here. */
export interface ConnectorKey {
  kid: string;
  /** JWK thumbprint (RFC 7638): what people compare. */
  fingerprint: string;
  key: CryptoKey;
}

/**
 * The active keys of the connectors. Their fingerprints are computed here: the registry's own statement is not trusted.
 * @throws SealingRefused `fingerprint_wrong`, `no_connector`
 */
export async function activeKeys(identities: readonly ConnectorIdentity[]): Promise<ConnectorKey[]> {
  const keys = await Promise.all(identities.map(async (identity) => ({ ...identity, key: await keyOf(identity) })));
  const active = keys.filter(({ state }) => state === 'active');
  if (active.length === 0) throw new SealingRefused('no_connector');
  return active.map(({ kid, fingerprint, key }) => ({ kid, fingerprint, key }));
}

async function keyOf({ jwk, fingerprint }: ConnectorIdentity): Promise<CryptoKey> {
  const { kty, crv, x } = jwk;
  const isForm: boolean = kty === 'OKP' && crv === 'Ed25519' && /^[\w-]{42}[AEIMQUYcgkosw048]$/.test(x);
  if (!isForm || (await calculateJwkThumbprint({ kty, crv, x })) !== fingerprint) {
    throw new SealingRefused('fingerprint_wrong');
  }
  return crypto.subtle.importKey('jwk', { kty, crv, x }, 'Ed25519', false, ['verify']);
}

/**
 * Verifies a signature of the connectors (Ed25519, RFC 8032) with one of these keys, and returns its claims and that
 * key's fingerprint.
 * @throws SealingRefused `signature_invalid`, `type_wrong`, `key_unknown`, `claims_malformed`
 */
export async function verifyClaims(
  kind: 'slotOffer' | 'receipt',
  jws: string,
  keys: readonly ConnectorKey[],
): Promise<{ claims: Record<string, unknown>; fingerprint: string }> {
  const { header, claims, signed, signature } = decodeJws(jws);
  if (header.typ !== CLAIM_TYPES[kind]) throw new SealingRefused('type_wrong');
  const known = keys.find(({ kid }) => kid === header.kid);
  if (!known) throw new SealingRefused('key_unknown');
  if (!(await crypto.subtle.verify('Ed25519', known.key, signature, signed))) {
    throw new SealingRefused('signature_invalid');
  }
  return { claims, fingerprint: known.fingerprint };
}
