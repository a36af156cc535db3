import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { KEPT_CREDENTIAL, type SealingJwk } from '@lethe/contracts';
import { isObject } from '@lethe/mcp';
import { parseObject } from './json.js';
import { sealingThumbprint } from './sealing-jwk.js';
import { SealingError } from './sealing.error.js';
import { kidOf } from './signing-key.js';

/** A key pair to which kept credentials are sealed. */
export interface KeptKey {
  kid: string;
  /** JWK thumbprint (RFC 7638) of the public part; people pin it. */
  fingerprint: string;
  publicJwk: SealingJwk;
  privateKey: KeyObject;
  /** ISO 8601; absent while credentials are sealed to it. */
  retiredAt?: string;
}

const DAY_MS = 86_400_000;
/** Longer than anything that was sealed before the retirement is valid. */
const OVERLAP_MS = (KEPT_CREDENTIAL.maxDays + 1) * DAY_MS;

/** The private keys of proxies for kept credentials. */
export class KeptRing {
  private readonly keys: ReadonlyMap<string, KeyObject>;

  constructor(keys: readonly KeptKey[]) {
    this.keys = new Map(keys.map(({ kid, privateKey }) => [kid, privateKey]));
  }

  key(kid: string): KeyObject | undefined {
    return this.keys.get(kid);
  }
}

/** Generates a key pair. */
export function newKeptKey(): KeptKey {
  return toKeptKey(generateKeyPairSync('x25519').privateKey);
}

/** The keys with a new one first, without those that nothing valid can have been sealed to. */
export function rotateKept(keys: readonly KeptKey[], now: Date): KeptKey[] {
  const retired = keys.map((key) => ({ ...key, retiredAt: key.retiredAt ?? now.toISOString() }));
  return [newKeptKey(), ...retired.filter(({ retiredAt }) => Date.parse(retiredAt) + OVERLAP_MS > now.getTime())];
}

/** Encodes the ring for its file, the current key first: private JWKs (RFC 8037) with their ids. */
export function keptToJson(keys: readonly KeptKey[]): string {
  const encoded = keys.map(({ kid, privateKey, retiredAt }) => ({
    ...privateKey.export({ format: 'jwk' }),
    kid,
    ...(retiredAt !== undefined && { retiredAt }),
  }));
  return JSON.stringify({ keys: encoded }, null, 2);
}

/**
 * Decodes the ring from its file.
 * @throws SealingError `trust_malformed`; it names the file
 */
export function keptFromJson(text: string, file: string): KeptKey[] {
  const keys = parseObject(text)?.['keys'];
  const ring = Array.isArray(keys) ? keys.map((key: unknown) => fromJwk(key)) : [];
  const known = ring.filter((key) => key !== undefined);
  if (known.length === 0 || known.length !== ring.length) throw new SealingError('trust_malformed', file);
  return known;
}

function fromJwk(value: unknown): KeptKey | undefined {
  if (!isObject(value)) return undefined;
  const { kty, crv, d, x, retiredAt } = value;
  if (kty !== 'OKP' || crv !== 'X25519' || typeof d !== 'string' || typeof x !== 'string') return undefined;
  const isRetired = typeof retiredAt === 'string' && !Number.isNaN(Date.parse(retiredAt));
  if (retiredAt !== undefined && !isRetired) return undefined;
  try {
    const key = toKeptKey(createPrivateKey({ key: { kty, crv, d, x }, format: 'jwk' }));
    return isRetired ? { ...key, retiredAt } : key;
  } catch {
    // The error of the parser may quote the key.
    return undefined;
  }
}

function toKeptKey(privateKey: KeyObject): KeptKey {
  const { x } = privateKey.export({ format: 'jwk' });
  if (x === undefined) throw new Error('An X25519 key has an x');
  const publicJwk: SealingJwk = { kty: 'OKP', crv: 'X25519', x };
  const fingerprint = sealingThumbprint(publicJwk);
  return { kid: kidOf(fingerprint), fingerprint, publicJwk, privateKey };
}
