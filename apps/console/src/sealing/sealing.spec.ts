import { CLAIM_TYPES, type Credential, type SlotOfferClaims } from '@lethe/contracts';
import * as sealing from '@lethe/sealing';
import { verifies } from '@test/requirements.js';
import { testTrust } from '@test/support/trust.js';
import * as fc from 'fast-check';
import { CompactSign, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { activeKeys, allKeys, type ConnectorIdentity } from './connector-key.js';
import { verifyReceipt } from './receipt.js';
import { sealCredential } from './seal-credential.js';
import { verifySlotOffer } from './slot-offer.js';

const NOW = 1_800_000_000;
const trust = testTrust();
const signer = trust.connectorSigner();
const identities = trust.identities('connector');
const keys = await activeKeys(identities);
const slot = await sealing.generateSlotKey();
const OFFER: SlotOfferClaims = {
  connector: 'c1',
  slot: 's1',
  kid: slot.kid,
  jwk: slot.publicJwk,
  aud: 'https://mcp.example.com/mcp',
  gatewayId: 'g1',
  vid: 'v1',
  exp: NOW + 60,
};
const INTENDED = { gatewayId: OFFER.gatewayId, url: OFFER.aud, vid: OFFER.vid };
const EXPECTED = { aud: OFFER.aud, vid: OFFER.vid, nowSeconds: NOW };

const signed = (changes: object = {}): Promise<string> =>
  signer.sign('slotOffer', { ...OFFER, ...changes }, new Date(NOW * 1000));
const inPage = (jws: string, intended = INTENDED) => verifySlotOffer(jws, keys, intended, NOW);

const CREDENTIALS: Credential[] = [
  { scheme: 'bearer', token: 'correct-horse-battery-staple' },
  { scheme: 'basic', username: 'ada', password: 'löve lace' },
  { scheme: 'headers', headers: [{ name: 'X-Api-Key', value: 'k3y with a space' }] },
  { scheme: 'bearer', token: 't0ken', parameters: [{ name: 'api_key', value: 'k3y' }] },
  {
    scheme: 'oauth_client_credentials',
    tokenUrl: 'https://as.example.com/token',
    clientId: 'lethe',
    clientSecret: 's3cret',
  },
  { scheme: 'none' },
];

describe('sealing in the page', () => {
  it.each(CREDENTIALS)('the slot opens what the page sealed: $scheme', async (credential) => {
    verifies('console.seals-in-the-page');
    const { offer } = await inPage(await signed());
    const sealed = await sealCredential(offer, credential);
    await expect(sealing.openCredential(sealed, slot, EXPECTED)).resolves.toEqual(credential);
    await expect(
      sealing.openCredential(sealed, slot, { ...EXPECTED, aud: 'https://other.example/mcp' }),
    ).rejects.toThrow();
    await expect(sealing.openCredential(sealed, slot, { ...EXPECTED, vid: 'v2' })).rejects.toThrow();
  });

  it('seals nothing that the slot would reject, as the command does', async () => {
    const { offer } = await inPage(await signed());
    const texts = fc.oneof(fc.string(), fc.constantFrom('', 'a b', 'tab\there', 'é', 'x'.repeat(9_000)));
    await fc.assert(
      fc.asyncProperty(texts, texts, async (one, two) => {
        for (const credential of [
          { scheme: 'bearer', token: one },
          { scheme: 'basic', username: one, password: two },
          { scheme: 'headers', headers: [{ name: one, value: two }] },
          { scheme: 'query', parameters: [{ name: one, value: two }] },
        ] satisfies Credential[]) {
          const [page, command] = await Promise.allSettled([
            sealCredential(offer, credential),
            sealing.sealCredential(offer, credential),
          ]);
          expect(page.status).toBe(command.status);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('takes the same offers as the command, and reads the same in them', async () => {
    const jws = await signed({ doorUrl: 'http://127.0.0.1:4600/s1' });
    const offer = await sealing.verifySlotOffer(jws, identities, NOW);
    expect(await inPage(jws)).toEqual({ offer, fingerprint: signer.fingerprint });
  });

  it.each<[string, string, object]>([
    ['another URL', 'other_upstream', { aud: 'https://mcp.example.com/mcp2' }],
    ['another gateway', 'other_upstream', { gatewayId: 'g2' }],
    ['another verification', 'other_upstream', { vid: 'v2' }],
    ['an expiry that is over', 'expired', { exp: NOW }],
    ['an expiry far away', 'claims_malformed', { exp: NOW + 3_600 }],
    ['an expiry as text', 'claims_malformed', { exp: '2030' }],
    ['no slot', 'claims_malformed', { slot: undefined }],
    ['a key of another kind', 'claims_malformed', { jwk: { kty: 'EC', crv: 'P-256', x: slot.publicJwk.x } }],
    ['another key than its id names', 'claims_malformed', { kid: 'other' }],
    ['a door that is no text', 'claims_malformed', { doorUrl: [''] }],
  ])('refuses an offer with %s', async (_name, why, changes) => {
    await expect(inPage(await signed(changes))).rejects.toMatchObject({ why });
  });

  it('refuses a signature of nobody it trusts, of a retired key, and of another kind', async () => {
    const stranger = testTrust().connectorSigner();
    const theirs = await stranger.sign('slotOffer', OFFER, new Date(NOW * 1000));
    await expect(inPage(theirs)).rejects.toMatchObject({ why: 'key_unknown' });
    const retired = identities.map((each) => ({
      ...each,
      state: 'retired' as const,
      retiredAt: '2030-01-01T00:00:00Z',
    }));
    await expect(activeKeys(retired)).rejects.toMatchObject({ why: 'no_connector' });
    const other = await signer.sign('receipt', OFFER as never, new Date(NOW * 1000));
    await expect(inPage(other)).rejects.toMatchObject({ why: 'type_wrong' });
  });

  it('refuses a key that is not what its fingerprint says', async () => {
    const [real] = testTrust().identities('connector');
    const lying: ConnectorIdentity[] = identities.map((each) => ({ ...each, jwk: real?.jwk ?? each.jwk }));
    await expect(activeKeys(lying)).rejects.toMatchObject({ why: 'fingerprint_wrong' });
  });

  it.each<[string, object]>([
    ['one more member', { alg: 'EdDSA', kid: signer.kid, typ: CLAIM_TYPES.slotOffer, crit: [] }],
    ['no type', { alg: 'EdDSA', kid: signer.kid }],
    ['another algorithm', { alg: 'none', kid: signer.kid, typ: CLAIM_TYPES.slotOffer }],
  ])('refuses a header with %s', async (_name, header) => {
    const [, payload, signature] = (await signed()).split('.');
    const forged = `${Buffer.from(JSON.stringify(header)).toString('base64url')}.${payload}.${signature}`;
    await expect(inPage(forged)).rejects.toMatchObject({ why: 'signature_invalid' });
  });

  it('refuses what anybody else signed with the name of a trusted key', async () => {
    const key = await importJWK({ kty: 'OKP', crv: 'Ed25519', ...(await ownKey()) }, 'EdDSA');
    const jws = await new CompactSign(Buffer.from(JSON.stringify({ ...OFFER, iat: NOW })))
      .setProtectedHeader({ alg: 'EdDSA', kid: signer.kid, typ: CLAIM_TYPES.slotOffer })
      .sign(key);
    await expect(inPage(jws)).rejects.toMatchObject({ why: 'signature_invalid' });
  });

  it('refuses every change of one character of an offer', async () => {
    const jws = await signed();
    const alphabet = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ '];
    const place = fc.integer({ min: 0, max: jws.length - 1 });
    await fc.assert(
      fc.asyncProperty(place, fc.constantFrom(...alphabet), async (at, character) => {
        fc.pre(jws[at] !== character);
        await expect(inPage(jws.slice(0, at) + character + jws.slice(at + 1))).rejects.toHaveProperty('why');
      }),
      { numRuns: 500 },
    );
  });

  it('believes a receipt of this verification alone', async () => {
    const at = new Date(NOW * 1000).toISOString();
    const order = {
      ...{ vid: INTENDED.vid, gatewayId: INTENDED.gatewayId, url: INTENDED.url, slug: 'tickets', attempt: 1 },
      ...{ transport: 'auto' as const, mappings: [], configRevision: 1 },
    };
    const claims = {
      ...{ order, outcome: 'failed' as const, connector: 'c1', slot: 's1', origins: ['https://mcp.example.com'] },
      ...{ requests: 2, startedAt: at, finishedAt: at, slotEnd: { how: 'exited' as const, at } },
    };
    const jws = await signer.sign('receipt', claims, new Date(NOW * 1000));
    const subject = { ...INTENDED, isVerified: false };
    await expect(verifyReceipt(jws, keys, subject)).resolves.toMatchObject({ receipt: claims });
    const contradicted = verifyReceipt(jws, keys, { ...subject, isVerified: true });
    await expect(contradicted).rejects.toMatchObject({ why: 'receipt_contradicts' });
    const others = [{ vid: 'v2' }, { url: 'https://other.example/mcp' }, { gatewayId: 'g2' }];
    for (const other of others) {
      const reading = verifyReceipt(jws, keys, { ...subject, ...other });
      await expect(reading).rejects.toMatchObject({ why: 'receipt_of_another' });
    }
    const [gatewayId, vid] = [INTENDED.gatewayId, INTENDED.vid];
    const later = verifyReceipt(jws, keys, { gatewayId, vid, isVerified: false });
    await expect(later, 'of a gateway that has another URL now').resolves.toMatchObject({ receipt: claims });
    const unclear = { ...claims, slotEnd: { how: 'vanished', at } };
    const malformed = verifyReceipt(
      await signer.sign('receipt', unclear as never, new Date(NOW * 1000)),
      keys,
      subject,
    );
    await expect(malformed).rejects.toMatchObject({ why: 'claims_malformed' });
    const retiredAt = (ms: number) =>
      allKeys(
        identities.map((each) => ({ ...each, state: 'retired' as const, retiredAt: new Date(ms).toISOString() })),
      );
    await expect(verifyReceipt(jws, await retiredAt((NOW + 1) * 1000), subject)).resolves.toBeDefined();
    const tooLate = verifyReceipt(jws, await retiredAt(NOW * 1000), subject);
    await expect(tooLate).rejects.toMatchObject({ why: 'key_retired' });
    const undated = await allKeys(
      identities.map(({ kid, fingerprint, jwk }) => ({ kid, fingerprint, jwk, state: 'retired' as const })),
    );
    await expect(verifyReceipt(jws, undated, subject)).rejects.toMatchObject({ why: 'key_retired' });
  });
});

async function ownKey(): Promise<{ x: string; d: string }> {
  const { privateKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const { x = '', d = '' } = await crypto.subtle.exportKey('jwk', privateKey);
  return { x, d };
}
