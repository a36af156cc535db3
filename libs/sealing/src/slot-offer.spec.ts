import type { SlotOfferClaims } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { ClaimSigner } from './claim-signer.js';
import type { Identity } from './claims.js';
import { newSigningKey } from './signing-key.js';
import { generateSlotKey } from './slot-key.js';
import { verifySlotOffer } from './slot-offer.js';

const NOW = new Date('2026-11-23T12:00:00Z');
const NOW_SECONDS = NOW.getTime() / 1000;
const key = newSigningKey();
const signer = new ClaimSigner(key.kid, key.fingerprint, key.privateKey);
const identity: Identity = { kid: key.kid, fingerprint: key.fingerprint, jwk: key.publicJwk, state: 'active' };
const slot = await generateSlotKey();
const OFFER: SlotOfferClaims = {
  connector: 'c1',
  slot: 's1',
  kid: slot.kid,
  jwk: slot.publicJwk,
  aud: 'https://mcp.example.com/mcp',
  gatewayId: 'g1',
  vid: 'v1',
  exp: NOW_SECONDS + 60,
};

const verify = async (changes: object, identities = [identity]): Promise<SlotOfferClaims> =>
  verifySlotOffer(await signer.sign('slotOffer', { ...OFFER, ...changes }, NOW), identities, NOW_SECONDS);

describe('a slot offer', () => {
  it('is what an active connector signed', async () => {
    await expect(verify({})).resolves.toEqual({ ...OFFER, iat: NOW_SECONDS });
  });

  it.each<[string, Identity[]]>([
    ['of nobody known', []],
    ['of another connector', [{ ...identity, kid: 'other' }]],
    ['of a retired key', [{ ...identity, state: 'retired', retiredAt: '2030-01-01T00:00:00Z' }]],
  ])('%s is refused', async (_name, identities) => {
    await expect(verify({}, identities)).rejects.toMatchObject({ code: 'key_unknown' });
  });

  it.each<[string, object]>([
    ['no slot', { slot: undefined }],
    ['an empty aud', { aud: '' }],
    ['a P-256 key', { jwk: { kty: 'EC', crv: 'P-256', x: slot.publicJwk.x } }],
    ['a short key', { jwk: { ...slot.publicJwk, x: 'AAAA' } }],
    ['a key under another name', { kid: 'other' }],
    ['an end as text', { exp: '2030' }],
    ['a door that is no text', { doorUrl: ['http://127.0.0.1:4600'] }],
    ['an end far away', { exp: NOW_SECONDS + 3_600 }],
  ])('with %s is malformed', async (_name, changes) => {
    await expect(verify(changes)).rejects.toMatchObject({ code: 'claims_malformed' });
  });

  it('ends', async () => {
    await expect(verify({ exp: NOW_SECONDS })).rejects.toMatchObject({ code: 'expired' });
  });
});
