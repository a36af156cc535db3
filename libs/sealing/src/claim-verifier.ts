import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { promisify } from 'node:util';
import { CLAIM_TYPES } from '@lethe/contracts';
import { splitCompact } from './base64url.js';
import { type ClaimKind, type Identity, SHORT_LIVED, type Stamped } from './claims.js';
import { hasExactly } from '@lethe/mcp';
import { parseObject } from './json.js';
import { SealingError } from './sealing.error.js';

/** Options of a verification. */
export interface VerifyOptions {
  /** If given, claims with an `exp` in the past are rejected as `expired`. */
  now?: Date;
}

/** Verifies on the thread pool, so that many signatures do not block the event loop. */
const verifySignature = promisify(verify);

interface TrustedKey {
  key: KeyObject;
  /** Epoch seconds. */
  retiredAt?: number;
}

/** Verifies signatures with the public keys of one role. */
export class ClaimVerifier {
  private readonly keys: Map<string, TrustedKey>;

  constructor(identities: Identity[]) {
    this.keys = new Map(identities.map((identity) => [identity.kid, toTrustedKey(identity)]));
  }

  /**
   * Verifies a signature and returns its claims, typed as the signer wrote them.
   * @throws SealingError `signature_invalid`, `type_wrong`, `key_unknown`, `key_retired`, `claims_malformed`, `expired`
   */
  async verify<T extends object>(kind: ClaimKind, jws: string, options: VerifyOptions = {}): Promise<T & Stamped> {
    const [header, payload, signature] = splitCompact(jws, 3) ?? [];
    if (!header || !payload || !signature) throw new SealingError('signature_invalid');
    const trusted = this.keyOf(kind, header);
    // Ed25519 (RFC 8032), over both parts as they are encoded (RFC 7515, section 5.2).
    const signed = Buffer.from(jws.slice(0, jws.lastIndexOf('.')), 'latin1');
    if (!(await verifySignature(null, signed, trusted.key, signature))) throw new SealingError('signature_invalid');
    const claims = parseObject(payload.toString('utf8'));
    const iat = claims?.['iat'];
    if (claims === undefined || !Number.isSafeInteger(iat)) throw new SealingError('claims_malformed');
    refuseRetired(kind, trusted, Number(iat));
    refuseExpired(claims, options.now);
    // A trusted signer of this role wrote these claims, so they have the type of their kind.
    return claims as T & Stamped;
  }

  private keyOf(kind: ClaimKind, protectedHeader: Buffer): TrustedKey {
    const header = parseObject(protectedHeader.toString('utf8'));
    if (header === undefined || !hasExactly(header, ['alg', 'kid', 'typ']) || header['alg'] !== 'EdDSA') {
      throw new SealingError('signature_invalid');
    }
    if (header['typ'] !== CLAIM_TYPES[kind]) throw new SealingError('type_wrong');
    const trusted = typeof header['kid'] === 'string' ? this.keys.get(header['kid']) : undefined;
    if (trusted === undefined) throw new SealingError('key_unknown');
    return trusted;
  }
}

function refuseRetired(kind: ClaimKind, { retiredAt }: TrustedKey, iat: number): void {
  if (retiredAt !== undefined && (SHORT_LIVED.has(kind) || iat >= retiredAt)) throw new SealingError('key_retired');
}

function refuseExpired(claims: Record<string, unknown>, now: Date | undefined): void {
  const exp = claims['exp'];
  if (now !== undefined && typeof exp === 'number' && exp * 1000 <= now.getTime()) throw new SealingError('expired');
}

function toTrustedKey({ jwk, state, retiredAt }: Identity): TrustedKey {
  const key = createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: 'jwk' });
  if (state === 'active') return { key };
  // A retired key without a date verifies nothing.
  const at = Date.parse(retiredAt ?? '');
  return { key, retiredAt: Number.isNaN(at) ? 0 : Math.floor(at / 1000) };
}
