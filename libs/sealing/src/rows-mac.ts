import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto';
import { canonicalJson } from './json.js';
import { deriveKey, deriveRing, type RingKey } from './key-ring.js';

/**
 * Authentication codes for rows and secrets: HMAC-SHA-256 (hex) over canonical JSON, with one subkey per purpose. New codes
 * use the ring's current key. Codes of its earlier keys remain valid.
 */
export class RowsMac {
  private readonly subkeys = new Map<string, KeyObject[]>();

  constructor(private readonly ring: [RingKey, ...RingKey[]]) {}

  /**
   * Returns the authentication code of a value. Undefined members count as absent.
   * @throws SealingError `not_canonical`
   */
  tag(purpose: string, value: unknown): string {
    const [current] = this.keysFor(purpose);
    if (current === undefined) throw new Error('A ring has at least one key');
    return hmac(current, canonicalJson(value)).toString('hex');
  }

  /** Whether `tag` is the code of `value`. Compares in constant time; false for a malformed tag. */
  matches(purpose: string, value: unknown, tag: string): boolean {
    return isTagOf(this.keysFor(purpose), value, tag);
  }

  private keysFor(purpose: string): KeyObject[] {
    const known = this.subkeys.get(purpose);
    if (known !== undefined) return known;
    const made = this.ring.map((key) => deriveKey(key, subkey(purpose)));
    this.subkeys.set(purpose, made);
    return made;
  }
}

/** A caller's key. Its code covers secret and scope, so neither can be replaced in a published entry. */
export interface CallerKeyScope {
  keyId: string;
  secret: string;
  servers: string[] | '*';
  /** Epoch seconds; null = no end. */
  exp: number | null;
}

const CALLER_KEY = 'caller-key';

/** The `mac` of a published `CallerEntry`. */
export function callerKeyMac(rowsMac: RowsMac, scope: CallerKeyScope): string {
  return rowsMac.tag(CALLER_KEY, normalised(scope));
}

/** The roles of a caller's key. Their code does not cover the secret, which is not stored: roles change while the key stays. */
export interface CallerKeyRoles {
  keyId: string;
  /** The `mac` of the key. */
  mac: string;
  roles: string[];
}

/** The `rolesMac` of a published `CallerEntry`. */
export function callerRolesMac(rowsMac: RowsMac, roles: CallerKeyRoles): string {
  return rowsMac.tag(CALLER_KEY, normalisedRoles(roles));
}

/** Derives a ring that checks only callers' keys. It can authenticate neither rows nor administrators. */
export function callersRing(rows: RingKey[]): RingKey[] {
  return deriveRing(rows, subkey(CALLER_KEY));
}

/** Checks callers' keys, on a proxy. */
export class CallersMac {
  private readonly keys: KeyObject[];

  constructor(ring: RingKey[]) {
    this.keys = ring.map(({ secret }) => createSecretKey(secret));
  }

  /** Whether a secret and the scope of its published entry match the `mac` of that entry. */
  matches(scope: CallerKeyScope, mac: string): boolean {
    return isTagOf(this.keys, normalised(scope), mac);
  }

  /** Whether the roles of a published entry match the `rolesMac` of that entry. */
  matchesRoles(roles: CallerKeyRoles, rolesMac: string): boolean {
    return isTagOf(this.keys, normalisedRoles(roles), rolesMac);
  }
}

function normalisedRoles({ keyId, mac, roles }: CallerKeyRoles): object {
  return { keyId, keyMac: mac, roles: roles.toSorted() };
}

function normalised({ keyId, secret, servers, exp }: CallerKeyScope): CallerKeyScope {
  return { keyId, secret, servers: servers === '*' ? servers : servers.toSorted(), exp };
}

function subkey(purpose: string): string {
  return `lethe/rows/v1/${purpose}`;
}

function isTagOf(keys: KeyObject[], value: unknown, tag: string): boolean {
  if (!/^[0-9a-f]{64}$/.test(tag)) return false;
  const presented = Buffer.from(tag, 'hex');
  const text = canonicalJson(value);
  return keys.some((key) => timingSafeEqual(hmac(key, text), presented));
}

function hmac(key: KeyObject, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}
