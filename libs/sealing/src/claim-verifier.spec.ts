import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CLAIM_TYPES, type HandshakeReplyClaims, type VerificationOrder } from '@lethe/contracts';
import { CompactSign, type CompactJWSHeaderParameters } from 'jose';
import { describe, expect, it } from 'vitest';
import { ClaimSigner } from './claim-signer.js';
import { ClaimVerifier } from './claim-verifier.js';
import { type ClaimKind, type Identity, SIGNED_BY } from './claims.js';
import { newSigningKey } from './signing-key.js';
import { Trust } from './trust.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const NOW_SECONDS = NOW.getTime() / 1000;
const REPLY: Omit<HandshakeReplyClaims, 'iat'> = { vid: 'v', slot: 's', status: 'accepted' };
const KINDS = Object.keys(CLAIM_TYPES) as ClaimKind[];

function makeSigner() {
  const key = newSigningKey();
  const signer = new ClaimSigner(key.kid, key.fingerprint, key.privateKey);
  const identity: Identity = { kid: key.kid, fingerprint: key.fingerprint, jwk: key.publicJwk, state: 'active' };
  return { key, signer, identity };
}

function retired(identity: Identity, at: Date): Identity {
  return { ...identity, state: 'retired', retiredAt: at.toISOString() };
}

const registry = makeSigner();
const connector = makeSigner();
const trust = new Trust({ identities: { registry: [registry.identity], connector: [connector.identity] } });
const signers = { registry: registry.signer, connector: connector.signer };

/** A signature of a kind with claims that are none of its own: kinds differ by their type alone. */
function signAs(kind: ClaimKind, signer: ClaimSigner = signers[SIGNED_BY[kind]]): Promise<string> {
  return signer.sign<'handshakeReply'>(kind as 'handshakeReply', REPLY, NOW);
}

function forge(header: object, privateKey: KeyObject | Uint8Array, payload = '{"iat":1}'): Promise<string> {
  return new CompactSign(Buffer.from(payload))
    .setProtectedHeader(header as CompactJWSHeaderParameters)
    .sign(privateKey);
}

describe('a signature', () => {
  it('gives back what was signed, stamped', async () => {
    const claims = await trust.verify<HandshakeReplyClaims>('handshakeReply', await signAs('handshakeReply'));
    expect(claims).toEqual({ ...REPLY, iat: NOW_SECONDS });
  });

  it.each(KINDS.flatMap((signed) => KINDS.filter((kind) => kind !== signed).map((asked) => [signed, asked] as const)))(
    'of a %s never passes for a %s',
    async (signed, asked) => {
      await expect(trust.verify(asked, await signAs(signed))).rejects.toMatchObject({ code: 'type_wrong' });
    },
  );

  it.each(KINDS)('of a %s by the other role is none', async (kind) => {
    const other = SIGNED_BY[kind] === 'registry' ? signers.connector : signers.registry;
    await expect(trust.verify(kind, await signAs(kind, other))).rejects.toMatchObject({ code: 'key_unknown' });
  });

  it.each<[string, (jws: string[]) => string]>([
    [
      'changed claims',
      ([header, , signature]) => `${header}.${Buffer.from('{"iat":1}').toString('base64url')}.${signature}`,
    ],
    ['no signature', ([header, payload]) => `${header}.${payload}.`],
    ['two segments', ([header, payload]) => `${header}.${payload}`],
    ['a detached payload', ([header, , signature]) => `${header}..${signature}`],
    ['a truncated signature', (parts) => parts.join('.').slice(0, -4)],
    ['trailing text', (parts) => `${parts.join('.')} `],
    ['nothing', () => ''],
  ])('with %s does not hold', async (_name, tamper) => {
    const parts = (await signAs('receipt')).split('.');
    await expect(trust.verify('receipt', tamper(parts))).rejects.toMatchObject({ code: 'signature_invalid' });
  });

  it.each<[string, object, KeyObject | Uint8Array]>([
    ['HS256 over the public key', { alg: 'HS256' }, Buffer.from(registry.key.publicJwk.x)],
    ['ES256', { alg: 'ES256' }, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
    ['the fully specified name Ed25519', { alg: 'Ed25519' }, registry.key.privateKey],
    ['a key of its own in the header', { alg: 'EdDSA', jwk: registry.key.publicJwk }, registry.key.privateKey],
  ])('with %s does not hold', async (_name, header, key) => {
    const jws = await forge({ kid: registry.key.kid, typ: CLAIM_TYPES.order, ...header }, key);
    await expect(trust.verify('order', jws)).rejects.toMatchObject({ code: 'signature_invalid' });
  });

  it('by another key under a known name does not hold', async () => {
    const jws = await forge(
      { alg: 'EdDSA', kid: registry.key.kid, typ: CLAIM_TYPES.order },
      newSigningKey().privateKey,
    );
    await expect(trust.verify('order', jws)).rejects.toMatchObject({ code: 'signature_invalid' });
  });

  it.each(['[]', '"text"', '{}', '{"iat":"1"}', '{'])('over %s holds no claims', async (payload) => {
    const header = { alg: 'EdDSA', kid: registry.key.kid, typ: CLAIM_TYPES.order };
    const jws = await forge(header, registry.key.privateKey, payload);
    await expect(trust.verify('order', jws)).rejects.toMatchObject({ code: 'claims_malformed' });
  });
});

describe('an end', () => {
  const order = { exp: NOW_SECONDS + 30 } as VerificationOrder;

  it('is judged only when the time is given', async () => {
    const jws = await registry.signer.sign('order', order, NOW);
    const late = new Date(NOW.getTime() + 30_000);
    await expect(trust.verify<VerificationOrder>('order', jws)).resolves.toMatchObject(order);
    await expect(trust.verify<VerificationOrder>('order', jws, { now: NOW })).resolves.toMatchObject(order);
    await expect(trust.verify('order', jws, { now: late })).rejects.toMatchObject({ code: 'expired' });
  });

  it('is judged only where there is one', async () => {
    await expect(trust.verify('receipt', await signAs('receipt'), { now: NOW })).resolves.toMatchObject(REPLY);
  });
});

describe('a retired key', () => {
  const before = new Date(NOW.getTime() - 1_000);
  const after = new Date(NOW.getTime() + 1_000);

  it.each<[ClaimKind]>([['receipt'], ['manifest'], ['caller']])('still verifies a %s from before', async (kind) => {
    const { identity } = SIGNED_BY[kind] === 'registry' ? registry : connector;
    const verifier = new ClaimVerifier([retired(identity, after)]);
    await expect(verifier.verify(kind, await signAs(kind))).resolves.toMatchObject(REPLY);
  });

  it.each<[string, Date]>([
    ['the same second', NOW],
    ['after', before],
  ])('verifies nothing that was signed %s', async (_name, retiredAt) => {
    const verifier = new ClaimVerifier([retired(connector.identity, retiredAt)]);
    await expect(verifier.verify('receipt', await signAs('receipt'))).rejects.toMatchObject({ code: 'key_retired' });
  });

  it.each<[ClaimKind]>([['order'], ['slotOffer'], ['handshakeReply']])('never verifies a %s', async (kind) => {
    const { identity } = SIGNED_BY[kind] === 'registry' ? registry : connector;
    const verifier = new ClaimVerifier([retired(identity, after)]);
    await expect(verifier.verify(kind, await signAs(kind))).rejects.toMatchObject({ code: 'key_retired' });
  });

  it.each([{}, { retiredAt: 'some day' }])('without a date verifies nothing (%o)', async (date) => {
    const { retiredAt: _retiredAt, ...identity } = retired(connector.identity, after);
    const verifier = new ClaimVerifier([{ ...identity, ...date }]);
    await expect(verifier.verify('receipt', await signAs('receipt'))).rejects.toMatchObject({ code: 'key_retired' });
  });
});
