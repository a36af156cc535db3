import type { KeyObject } from 'node:crypto';
import { CLAIM_TYPES } from '@lethe/contracts';
import { CompactSign } from 'jose';
import type { ClaimKind, ClaimsByKind, Stamped } from './claims.js';

/** Signs claims with the key of one role. */
export class ClaimSigner {
  constructor(
    readonly kid: string,
    /** JWK thumbprint (RFC 7638) of the public key. */
    readonly fingerprint: string,
    private readonly privateKey: KeyObject,
  ) {}

  /** Returns a compact JWS (RFC 7515, EdDSA by RFC 8037) with the `typ` of the kind, and `iat`. */
  async sign<K extends ClaimKind>(
    kind: K,
    claims: Omit<ClaimsByKind[K], 'iat'> & Partial<Stamped>,
    now: Date,
  ): Promise<string> {
    const payload = JSON.stringify({ ...claims, iat: Math.floor(now.getTime() / 1000) });
    return new CompactSign(Buffer.from(payload, 'utf8'))
      .setProtectedHeader({ alg: 'EdDSA', kid: this.kid, typ: CLAIM_TYPES[kind] })
      .sign(this.privateKey);
  }
}
