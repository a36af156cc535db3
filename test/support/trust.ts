import { generateKeyPairSync, randomBytes } from 'node:crypto';
import {
  CallersMac,
  callersRing,
  ClaimSigner,
  fingerprintOf,
  type Identity,
  KeptRing,
  newKeptKey,
  type PublicJwk,
  RowsMac,
  type Sealer,
  type SealPurpose,
  SessionRing,
  Trust,
} from '@lethe/sealing';

/** All keys of a deployment, new and in memory only. */
export function testTrust(): Trust {
  const registry = newSigner();
  const connector = newSigner();
  const rows = [newKey()] as const;
  const kept = newKeptKey();
  return new Trust({
    identities: { registry: [registry.identity], connector: [connector.identity] },
    registry: registry.signer,
    connector: connector.signer,
    rows: new RowsMac([...rows]),
    callers: new CallersMac(callersRing([...rows])),
    session: new SessionRing([newKey()]),
    keptIdentity: { kid: kept.kid, fingerprint: kept.fingerprint, jwk: kept.publicJwk },
    kept: new KeptRing([kept]),
  });
}

/** A sealer of one purpose with a new key. */
export function testSealer(purpose: SealPurpose): Sealer {
  return new SessionRing([newKey()]).sealer(purpose);
}

function newKey(): { kid: string; secret: Buffer } {
  return { kid: randomBytes(6).toString('base64url'), secret: randomBytes(32) };
}

function newSigner(): { signer: ClaimSigner; identity: Identity } {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { x = '' } = privateKey.export({ format: 'jwk' });
  const jwk: PublicJwk = { kty: 'OKP', crv: 'Ed25519', x };
  const fingerprint = fingerprintOf(jwk);
  const kid = fingerprint.slice(0, 16);
  return {
    signer: new ClaimSigner(kid, fingerprint, privateKey),
    identity: { kid, fingerprint, jwk, state: 'active' },
  };
}
