import { createHash } from 'node:crypto';
import type { SealingJwk } from '@lethe/contracts';
import { hasExactly, isObject } from '@lethe/mcp';
import { canonicalJson } from './json.js';

/** JWK thumbprint (RFC 7638): SHA-256 over the required members in canonical form, base64url. */
export function sealingThumbprint({ kty, crv, x }: SealingJwk): string {
  return createHash('sha256').update(canonicalJson({ crv, kty, x }), 'utf8').digest('base64url');
}

/** Whether a value has the form of the `epk` of a sealed credential (RFC 7518, section 4.6.1.1). */
export function isEphemeralKey(value: unknown): boolean {
  if (!isObject(value) || !hasExactly(value, ['kty', 'crv', 'x'])) return false;
  return value['kty'] === 'OKP' && value['crv'] === 'X25519' && typeof value['x'] === 'string';
}
