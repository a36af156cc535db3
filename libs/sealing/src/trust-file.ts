import { isObject } from '@lethe/mcp';
import type { Identity, SigningRole } from './claims.js';
import { parseObject } from './json.js';
import { SealingError } from './sealing.error.js';
import { fingerprintOf, isPublicJwk, type SigningKey } from './signing-key.js';

/** One entry of `trust.json`: a public key and its state. */
export interface TrustedIdentity extends Omit<Identity, 'fingerprint'> {
  role: SigningRole;
  /** ISO 8601. */
  createdAt: string;
}

/** The file with all public keys. */
export const TRUST_FILE = 'trust.json';

/** The entry of a new key. */
export function newIdentity(role: SigningRole, { kid, publicJwk }: SigningKey, now: Date): TrustedIdentity {
  return { kid, role, jwk: publicJwk, state: 'active', createdAt: now.toISOString() };
}

/** Returns the keys with the active keys of the role retired. */
export function retireRole(keys: TrustedIdentity[], role: SigningRole, now: Date): TrustedIdentity[] {
  return keys.map((key) =>
    key.role === role && key.state === 'active' ? { ...key, state: 'retired', retiredAt: now.toISOString() } : key,
  );
}

/** Encodes `trust.json`. */
export function trustToJson(keys: TrustedIdentity[]): string {
  return JSON.stringify({ keys }, null, 2);
}

/**
 * Decodes `trust.json`.
 * @throws SealingError `trust_malformed`
 */
export function trustFromJson(text: string): TrustedIdentity[] {
  const keys = parseObject(text)?.['keys'];
  if (!Array.isArray(keys)) throw new SealingError('trust_malformed', TRUST_FILE);
  return keys.map((key: unknown) => {
    if (!isTrustedIdentity(key)) throw new SealingError('trust_malformed', TRUST_FILE);
    return key;
  });
}

/** The public form of an entry, with its fingerprint. */
export function toIdentity({ kid, jwk, state, retiredAt }: TrustedIdentity): Identity {
  return { kid, fingerprint: fingerprintOf(jwk), jwk, state, ...(retiredAt === undefined ? {} : { retiredAt }) };
}

function isTrustedIdentity(value: unknown): value is TrustedIdentity {
  if (!isObject(value) || typeof value['kid'] !== 'string' || !isPublicJwk(value['jwk'])) return false;
  if (value['role'] !== 'registry' && value['role'] !== 'connector') return false;
  if (!isDate(value['createdAt'])) return false;
  return value['state'] === 'active' || (value['state'] === 'retired' && isDate(value['retiredAt']));
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}
