import type { SealingJwk } from '@lethe/contracts';
import { isObject, isSealingJwk } from '@lethe/mcp';
import type { Identity, SigningRole } from './claims.js';
import { parseObject } from './json.js';
import { sealingThumbprint } from './sealing-jwk.js';
import { SealingError } from './sealing.error.js';
import { fingerprintOf, isPublicJwk, kidOf, type SigningKey } from './signing-key.js';

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

/** The public part of a key for kept credentials, as `trust.json` has it. */
export interface KeptIdentity {
  kid: string;
  /** JWK thumbprint (RFC 7638), what people pin. */
  fingerprint: string;
  jwk: SealingJwk;
}

/** Encodes `trust.json`. An earlier release reads `keys` alone. */
export function trustToJson(keys: TrustedIdentity[], kept: KeptIdentity | undefined): string {
  return JSON.stringify({ keys, ...(kept && { kept: { kid: kept.kid, jwk: kept.jwk } }) }, null, 2);
}

/**
 * Decodes the key of `trust.json` to which credentials are sealed that proxies keep; undefined in a folder of an earlier
 * release.
 * @throws SealingError `trust_malformed`
 */
export function keptIdentityFromJson(text: string): KeptIdentity | undefined {
  const kept = parseObject(text)?.['kept'];
  if (kept === undefined) return undefined;
  const jwk = isObject(kept) ? kept['jwk'] : undefined;
  if (!isSealingJwk(jwk)) throw new SealingError('trust_malformed', TRUST_FILE);
  const fingerprint = sealingThumbprint(jwk);
  return { kid: kidOf(fingerprint), fingerprint, jwk };
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
