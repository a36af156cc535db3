import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import {
  canonicalJson,
  CallersMac,
  callersRing,
  ClaimSigner,
  fingerprintOf,
  type Identity,
  type KeptKey,
  KeptRing,
  RowsMac,
  SessionRing,
  type SlotKey,
  Trust,
} from '@lethe/sealing';
import { importJWK } from 'jose';

/** PKCS #8 of a raw private key (RFC 8410). */
const PKCS8 = { ed25519: '302e020100300506032b657004220420', x25519: '302e020100300506032b656e04220420' };

/** 32 bytes that are the same in every run. They protect nothing but the golden files. */
function seed(name: string): Buffer {
  return createHash('sha256').update(`golden ${name}`).digest();
}

function privateKeyOf(curve: keyof typeof PKCS8, name: string) {
  const der = Buffer.concat([Buffer.from(PKCS8[curve], 'hex'), seed(name)]);
  return createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
}

function xOf(key: ReturnType<typeof privateKeyOf>): string {
  return createPublicKey(key).export({ format: 'jwk' }).x ?? '';
}

function signerOf(name: string): { signer: ClaimSigner; identity: Identity } {
  const privateKey = privateKeyOf('ed25519', name);
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: xOf(privateKey) } as const;
  const fingerprint = fingerprintOf(jwk);
  const kid = fingerprint.slice(0, 16);
  return {
    signer: new ClaimSigner(kid, fingerprint, privateKey),
    identity: { kid, fingerprint, jwk, state: 'active' },
  };
}

/** The key for kept credentials. */
export function goldenKeptKey(): KeptKey {
  const privateKey = privateKeyOf('x25519', 'kept');
  const publicJwk = { kty: 'OKP', crv: 'X25519', x: xOf(privateKey) } as const;
  const fingerprint = createHash('sha256').update(canonicalJson(publicJwk)).digest('base64url');
  return { kid: fingerprint.slice(0, 16), fingerprint, publicJwk, privateKey };
}

/** The keys with which the golden files were signed and sealed: made from their names, so no file contains them. */
export function goldenTrust(): Trust {
  const [registry, connector] = [signerOf('registry'), signerOf('connector')];
  const rows = { kid: 'golden', secret: seed('rows') };
  const kept = goldenKeptKey();
  return new Trust({
    identities: { registry: [registry.identity], connector: [connector.identity] },
    registry: registry.signer,
    connector: connector.signer,
    rows: new RowsMac([rows]),
    callers: new CallersMac(callersRing([rows])),
    session: new SessionRing([{ kid: 'golden', secret: seed('session') }]),
    keptIdentity: { kid: kept.kid, fingerprint: kept.fingerprint, jwk: kept.publicJwk },
    kept: new KeptRing([kept]),
  });
}

/** The key of the golden slot. */
export async function goldenSlotKey(): Promise<SlotKey> {
  const key = privateKeyOf('x25519', 'slot');
  const { d = '' } = key.export({ format: 'jwk' });
  const publicJwk = { kty: 'OKP', crv: 'X25519', x: xOf(key) } as const;
  const privateKey = await importJWK({ ...publicJwk, d }, 'ECDH-ES');
  if (privateKey instanceof Uint8Array) throw new Error('an X25519 key is no secret');
  const kid = createHash('sha256').update(canonicalJson(publicJwk)).digest('base64url');
  return { kid, publicJwk, privateKey };
}
