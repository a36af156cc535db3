import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from 'node:crypto';
import type { JsonValue } from '@lethe/contracts';
import { parseJson } from '@lethe/mcp';
import { decodeBase64url } from './base64url.js';
import { deriveKey, type RingKey } from './key-ring.js';

/** What a sealed token is used for. A token of one purpose can't be opened as another. */
export type SealPurpose = 'session' | 'request-id' | 'event-id' | 'cursor' | 'request-state' | 'replica-message';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const VERSION = 'v1';

/** The current and the previous key for state that is sealed and stored by clients. Proxies store no session. */
export class SessionRing {
  private readonly sealers = new Map<SealPurpose, Sealer>();

  constructor(private readonly ring: [RingKey, ...RingKey[]]) {}

  /** Returns the sealer of one purpose. Its keys are derived once. */
  sealer(purpose: SealPurpose): Sealer {
    const known = this.sealers.get(purpose);
    if (known !== undefined) return known;
    const keys = this.ring.map((key) => ({ kid: key.kid, key: deriveKey(key, `lethe/session/v1/${purpose}`) }));
    const made = new Sealer(keys);
    this.sealers.set(purpose, made);
    return made;
  }
}

/** Seals claims as `v1.<kid>.<base64url>` (visible ASCII) with AES-256-GCM, and opens them again. */
export class Sealer {
  constructor(private readonly keys: { kid: string; key: KeyObject }[]) {}

  /** @param aad the context that the token is bound to, such as virtual server and caller; the token does not contain it */
  seal(claims: JsonValue, aad: string): string {
    const [current] = this.keys;
    if (current === undefined) throw new Error('A ring has at least one key');
    const head = `${VERSION}.${current.kid}`;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', current.key, nonce);
    cipher.setAAD(Buffer.from(`${head}.${aad}`, 'utf8'));
    const sealed = Buffer.concat([nonce, cipher.update(JSON.stringify(claims), 'utf8'), cipher.final()]);
    return `${head}.${Buffer.concat([sealed, cipher.getAuthTag()]).toString('base64url')}`;
  }

  /** Returns the claims; undefined if the token is malformed, was changed, or has another ring, purpose or binding. */
  open(token: string, aad: string): JsonValue | undefined {
    const [version, kid, body, ...rest] = token.split('.');
    if (version !== VERSION || kid === undefined || body === undefined || rest.length > 0) return undefined;
    const key = this.keys.find((candidate) => candidate.kid === kid)?.key;
    const bytes = decodeBase64url(body);
    if (key === undefined || bytes === undefined || bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
    return decrypt(key, bytes, `${version}.${kid}.${aad}`);
  }
}

function decrypt(key: KeyObject, bytes: Buffer, aad: string): JsonValue | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(aad, 'utf8'));
  decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return parseJson(text.toString('utf8'));
  } catch {
    return undefined;
  }
}
