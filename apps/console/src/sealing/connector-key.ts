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
  /** ISO 8601; with `retired`. */
  retiredAt?: string;
}

/** A key whose fingerprint was computed here. */
export interface ConnectorKey {
  kid: string;
  /** JWK thumbprint (RFC 7638): what people compare. */
  fingerprint: string;
  /** When the key was retired; what it signed later is not believed. Undefined for an active key. */
  signsUntilMs?: number;
  key: CryptoKey;
}

/**
 * The active keys of the connectors. Their fingerprints are computed here: the registry's own statement is not trusted.
 * @throws SealingRefused `fingerprint_wrong`, `no_connector`
 */
export async function activeKeys(identities: readonly ConnectorIdentity[]): Promise<ConnectorKey[]> {
  const keys = await allKeys(identities);
  const active = keys.filter((_, at) => identities[at]?.state === 'active');
  if (active.length === 0) throw new SealingRefused('no_connector');
  return active;
}

/**
 * The keys of the connectors, those of before included: what an older receipt is checked with. Their fingerprints are
 * computed here.
 * @throws SealingRefused `fingerprint_wrong`
 */
export async function allKeys(identities: readonly ConnectorIdentity[]): Promise<ConnectorKey[]> {
  return Promise.all(
    identities.map(async (identity) => {
      const { kid, fingerprint, state, retiredAt } = identity;
      const key = await keyOf(identity);
      if (state === 'active') return { kid, fingerprint, key };
      return { kid, fingerprint, key, signsUntilMs: retiredAt === undefined ? 0 : Date.parse(retiredAt) };
    }),
  );
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
 * @throws SealingRefused `signature_invalid`, `type_wrong`, `key_unknown`, `key_retired`, `claims_malformed`
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
  if (known.signsUntilMs !== undefined && claims.iat >= Math.floor(known.signsUntilMs / 1_000)) {
    throw new SealingRefused('key_retired');
  }
  return { claims, fingerprint: known.fingerprint };
}
