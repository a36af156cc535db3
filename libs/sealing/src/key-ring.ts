import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from 'node:crypto';
import { hasExactly, isObject } from '@lethe/mcp';
import { decodeBase64url } from './base64url.js';
import { parseObject } from './json.js';
import { SealingError } from './sealing.error.js';

/** A symmetric key of 256 bits, and its key id. */
export interface RingKey {
  kid: string;
  secret: Buffer;
}

const KID = /^[A-Za-z0-9_-]{1,32}$/;

/** Generates a key with a random id. */
export function newRingKey(): RingKey {
  return { kid: randomBytes(6).toString('base64url'), secret: randomBytes(32) };
}

/** Encodes a ring for its file, current key first: `{ "keys": [{ "kid", "k" }] }`. */
export function ringToJson(keys: RingKey[]): string {
  return JSON.stringify({ keys: keys.map(({ kid, secret }) => ({ kid, k: secret.toString('base64url') })) }, null, 2);
}

/**
 * Decodes a ring from its file.
 * @throws SealingError `trust_malformed`; it names the file
 */
export function ringFromJson(text: string, file: string): [RingKey, ...RingKey[]] {
  const keys = parseObject(text)?.['keys'];
  const ring = Array.isArray(keys) ? keys.map((key: unknown) => toRingKey(key)) : [];
  const [current, ...others] = ring.filter((key) => key !== undefined);
  if (current === undefined || others.length + 1 !== ring.length) throw new SealingError('trust_malformed', file);
  return [current, ...others];
}

/** Derives the subkey of one purpose (HKDF-SHA-256, RFC 5869). A code or token of one purpose is invalid for any other. */
export function deriveKey(key: RingKey, purpose: string): KeyObject {
  return createSecretKey(deriveSecret(key, purpose));
}

/** Derives a ring with only the subkeys of one purpose, for a service that may have no others. */
export function deriveRing(ring: RingKey[], purpose: string): RingKey[] {
  return ring.map((key) => ({ kid: key.kid, secret: deriveSecret(key, purpose) }));
}

function deriveSecret(key: RingKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key.secret, '', purpose, 32));
}

function toRingKey(value: unknown): RingKey | undefined {
  if (!isObject(value) || !hasExactly(value, ['kid', 'k'])) return undefined;
  const { kid, k } = value;
  if (typeof kid !== 'string' || !KID.test(kid) || typeof k !== 'string') return undefined;
  const secret = decodeBase64url(k);
  return secret?.length === 32 ? { kid, secret } : undefined;
}
