import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { isObject } from '@lethe/mcp';
import { decodeBase64url } from './base64url.js';
import type { PublicJwk } from './claims.js';
import { canonicalJson, parseObject } from './json.js';
import { SealingError } from './sealing.error.js';

/** An Ed25519 key pair of a role. Its id is the beginning of its fingerprint. */
export interface SigningKey {
  kid: string;
  fingerprint: string;
  publicJwk: PublicJwk;
  privateKey: KeyObject;
}

/** Generates a key pair. */
export function newSigningKey(): SigningKey {
  return toSigningKey(generateKeyPairSync('ed25519').privateKey);
}

/** Encodes a signing key for its file: a private JWK (RFC 8037) with its kid. */
export function signingKeyToJson({ kid, privateKey }: SigningKey): string {
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid }, null, 2);
}

/**
 * Decodes a signing key from its file.
 * @throws SealingError `trust_malformed`; it names the file
 */
export function signingKeyFromJson(text: string, file: string): SigningKey {
  const jwk = parseObject(text);
  const { kty, crv, d, x } = jwk ?? {};
  if (kty !== 'OKP' || crv !== 'Ed25519' || typeof d !== 'string' || typeof x !== 'string') {
    throw new SealingError('trust_malformed', file);
  }
  try {
    return toSigningKey(createPrivateKey({ key: { kty, crv, d, x }, format: 'jwk' }));
  } catch {
    throw new SealingError('trust_malformed', file);
  }
}

/** JWK thumbprint (RFC 7638): SHA-256 over the required members in canonical form, base64url. */
export function fingerprintOf({ kty, crv, x }: PublicJwk): string {
  return createHash('sha256').update(canonicalJson({ crv, kty, x }), 'utf8').digest('base64url');
}

/** The id of a key: the beginning of its fingerprint. */
export function kidOf(fingerprint: string): string {
  return fingerprint.slice(0, 16);
}

/** Whether a value is a public Ed25519 JWK. Members other than `kty`, `crv`, `x` are ignored. */
export function isPublicJwk(value: unknown): value is PublicJwk {
  if (!isObject(value) || value['kty'] !== 'OKP' || value['crv'] !== 'Ed25519') return false;
  return typeof value['x'] === 'string' && decodeBase64url(value['x'])?.length === 32;
}

function toSigningKey(privateKey: KeyObject): SigningKey {
  const { x } = privateKey.export({ format: 'jwk' });
  if (x === undefined) throw new Error('An Ed25519 key has an x');
  const publicJwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x };
  const fingerprint = fingerprintOf(publicJwk);
  return { kid: kidOf(fingerprint), fingerprint, publicJwk, privateKey };
}
