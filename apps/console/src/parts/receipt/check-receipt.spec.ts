import { calculateJwkThumbprint } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ConnectorKey } from '../../api/gateway-verifications.js';
import { checkReceipt, ReceiptError } from './check-receipt.js';

const [VID, GATEWAY] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'];
const verification = { id: VID, gatewayId: GATEWAY, state: 'verified' } as const;
const HEADER = { alg: 'EdDSA', kid: 'k1', typ: 'lethe-receipt+jws' };
const CLAIMS = {
  ...{ iat: 1_700_000_000, order: { vid: VID, gatewayId: GATEWAY }, outcome: 'verified', connector: 'c', origins: [] },
  ...{ requests: 3, startedAt: '', finishedAt: '', slotEnd: { how: 'exited', at: '' } },
};

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
async function signed(key: CryptoKey, claims: object = {}, header: object = {}): Promise<string> {
  const content = `${encode({ ...HEADER, ...header })}.${encode({ ...CLAIMS, ...claims })}`;
  const signature = await crypto.subtle.sign('Ed25519', key, new TextEncoder().encode(content));
  return `${content}.${Buffer.from(signature).toString('base64url')}`;
}
function pair(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
}

describe('checkReceipt', () => {
  let privateKey: CryptoKey;
  let key: ConnectorKey;
  beforeAll(async () => {
    const keys = await pair();
    privateKey = keys.privateKey;
    const { x = '' } = await crypto.subtle.exportKey('jwk', keys.publicKey);
    const jwk = { kty: 'OKP', crv: 'Ed25519', x } as const;
    key = { kid: 'k1', fingerprint: await calculateJwkThumbprint(jwk), jwk, state: 'active', connectors: [] };
  });
  const problemOf = async (jws: string, keys = [key], of: Parameters<typeof checkReceipt>[1] = verification) =>
    checkReceipt(jws, of, keys).then(
      () => 'none',
      (error: unknown) => (error instanceof ReceiptError ? error.problem : error),
    );

  it('takes a receipt that a known connector signed for this verification', async () => {
    const { receipt, fingerprint } = await checkReceipt(await signed(privateKey), verification, [key]);
    expect([receipt.requests, fingerprint]).toEqual([3, key.fingerprint]);
    expect(
      await problemOf(await signed(privateKey, { outcome: 'failed' }), undefined, { ...verification, state: 'failed' }),
    ).toBe('none');
  });

  it('refuses another signature, another kind, and more in the header than there has to be', async () => {
    const other = await pair();
    const [head, , tail] = (await signed(privateKey)).split('.');
    const tampered = [head, encode({ ...CLAIMS, requests: 4 }), tail].join('.');
    for (const jws of [
      ...[await signed(other.privateKey), tampered, 'a.b.c', ''],
      ...[await signed(privateKey, {}, { typ: 'lethe-slot-offer+jws' }), await signed(privateKey, {}, { crit: [] })],
      ...[await signed(privateKey, {}, { alg: 'none' }), await signed(privateKey, { slotEnd: undefined })],
    ])
      expect(await problemOf(jws), jws).toBe('signature');
  });

  it('refuses a key that is not known, or was retired before', async () => {
    expect(await problemOf(await signed(privateKey), [])).toBe('key_unknown');
    const retired = (retiredAt?: string) => [
      { ...key, state: 'retired' as const, ...(retiredAt !== undefined && { retiredAt }) },
    ];
    expect(await problemOf(await signed(privateKey), retired('2020-01-01T00:00:00Z'))).toBe('signature');
    expect(await problemOf(await signed(privateKey), retired())).toBe('signature');
    expect(await problemOf(await signed(privateKey), retired('2026-01-01T00:00:00Z'))).toBe('none');
  });

  it('refuses a key that is shown with the fingerprint of another one', async () => {
    const { x = '' } = await crypto.subtle.exportKey('jwk', (await pair()).publicKey);
    const known = await calculateJwkThumbprint({ ...key.jwk, x });
    expect(await problemOf(await signed(privateKey), [{ ...key, fingerprint: known }])).toBe('fingerprint');
  });

  it('refuses a receipt of another verification or gateway, and one that says otherwise', async () => {
    expect(await problemOf(await signed(privateKey, { order: { vid: GATEWAY, gatewayId: GATEWAY } }))).toBe(
      'other_verification',
    );
    expect(await problemOf(await signed(privateKey, { order: { vid: VID, gatewayId: VID } }))).toBe(
      'other_verification',
    );
    expect(await problemOf(await signed(privateKey, { outcome: 'failed' }))).toBe('outcome');
  });
});
