import type { KeptOfferClaims } from '@lethe/contracts';
import { openKept, targetDigest } from '@lethe/sealing';
import { describe, expect, it } from 'vitest';
import { verifies } from '@test/requirements.js';
import { testTrust } from '@test/support/trust.js';
import { keptOfferResponse } from '../registry/kept-responses.js';
import { gatewayResponse } from '../registry/responses.js';
import { checkedOffer, daysUntil, sealForProxies } from './seal-for-proxies.js';

const trust = testTrust();
const now = new Date();
const mappings = [{ header: 'Authorization', scheme: 'bearer' as const, required: true }];
const gateway = gatewayResponse.parse({
  ...{ id: 'g', name: 'G', slug: 'g', url: 'https://g.example/mcp', state: 'verified', passthroughHeaders: mappings },
});
const { kid = '', jwk, fingerprint = '' } = trust.keptIdentity() ?? {};
const target = { gatewayId: 'g', url: gateway.url, digest: targetDigest({ mappings }), configRevision: 1 };
const offered = async (changes: Partial<KeptOfferClaims> = {}, signer = trust) => {
  const exp = Math.floor(now.getTime() / 1_000) + 600;
  const claims = { ...target, keptRevision: 3, kid, jwk: jwk!, exp, ...changes };
  const offer = await signer.registrySigner().sign('keptOffer', claims, now);
  return keptOfferResponse.parse({ next: { offer, fingerprint, registry: trust.identities('registry') } });
};

describe('a credential that is sealed for proxies', () => {
  it('opens for the gateway, its URL, headers, revisions and end, and for the key of the proxies', async () => {
    verifies('kept.bound');
    const offer = await checkedOffer(await offered(), gateway, now);
    expect(offer.fingerprint).toBe(fingerprint);
    const sealed = await sealForProxies(offer, { scheme: 'bearer', token: 'a-token' }, now, 2);
    const opened = await openKept(sealed, trust.keptRing()!, { ...target, keptRevision: 3 }, now);
    expect(opened).toMatchObject({
      credential: { token: 'a-token' },
      exp: Math.floor(now.getTime() / 1_000) + 172_800,
    });
  });

  it.each<[string, Partial<KeptOfferClaims>]>([
    ['another gateway', { gatewayId: 'h' }],
    ['another URL', { url: 'https://attacker.example/mcp' }],
    ['other headers', { digest: targetDigest({ mappings: [{ header: 'X-Other' }] }) }],
    ['another certificate authority', { digest: targetDigest({ mappings, tlsCa: 'another' }) }],
  ])('is never sealed for %s than was shown', async (_what, changes) => {
    verifies('kept.bound');
    const refused = checkedOffer(await offered(changes), gateway, now);
    await expect(refused).rejects.toMatchObject({ kind: 'untrusted', code: 'offer_for_another' });
  });

  it('is not sealed for an offer that the registry did not sign, nor for an old one', async () => {
    const stranger = checkedOffer(await offered({}, testTrust()), gateway, now);
    await expect(stranger).rejects.toMatchObject({ kind: 'untrusted' });
    const late = checkedOffer(await offered(), gateway, new Date(now.getTime() + 3_600_000));
    await expect(late).rejects.toMatchObject({ kind: 'untrusted', code: 'offer_expired' });
  });

  it.each([
    ['keeping_off', 'LETHE_KEPT_CREDENTIALS'],
    ['kept_key_missing', 'lethe trust rotate kept'],
    ['gateway_unverified', 'lethe verify g'],
  ])('says what to do where there is no offer: %s', async (refused, todo) => {
    const said = checkedOffer({ next: null, refused }, gateway, now);
    await expect(said).rejects.toMatchObject({ code: refused, notes: [expect.stringContaining(todo)] });
  });

  it('ends after 30 days, or when it is said, within 90', () => {
    const ahead = (days: number) => new Date(now.getTime() + days * 86_400_000).toISOString();
    expect([undefined, ahead(1), ahead(90)].map((until) => daysUntil(until, now))).toEqual([30, 1, 90]);
    for (const days of [-1, 0, 91]) expect(() => daysUntil(ahead(days), now)).toThrow('at most 90 days');
  });
});
