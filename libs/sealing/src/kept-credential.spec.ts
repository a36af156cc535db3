import { randomBytes, randomUUID } from 'node:crypto';
import { type Credential, KEPT_CREDENTIAL, type KeptOfferClaims, type PassthroughMapping } from '@lethe/contracts';
import fc from 'fast-check';
import { CompactEncrypt, importJWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { testTrust } from '@test/support/trust.js';
import {
  type ExpectedKept,
  KeptRing,
  newKeptKey,
  openKept,
  readKept,
  sealKept,
  targetDigest,
  verifyKeptOffer,
} from './index.js';

const NOW = new Date('2026-12-01T00:00:00Z');
const DAY_MS = 86_400_000;
const CREDENTIAL: Credential = { scheme: 'bearer', token: 'correct-horse-battery-staple' };
const MAPPINGS: PassthroughMapping[] = [{ header: 'Authorization', scheme: 'bearer' }];
const key = newKeptKey();
const ring = new KeptRing([key]);
const inDays = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);

function expected(changes: Partial<ExpectedKept> = {}): ExpectedKept {
  return {
    ...{ gatewayId: randomUUID(), url: 'https://mcp.example.com/mcp', digest: targetDigest({ mappings: MAPPINGS }) },
    ...{ configRevision: 3, keptRevision: 7, ...changes },
  };
}

const offer = (bound: ExpectedKept, to = key): KeptOfferClaims => ({
  ...{ ...bound, kid: to.kid, jwk: to.publicJwk, exp: NOW.getTime() / 1_000 + 600 },
});
const seal = (bound: ExpectedKept, days?: number) =>
  sealKept(offer(bound), CREDENTIAL, { now: NOW, ...(days !== undefined && { days }) });

/** What somebody who has only the public key can make: any header. */
async function forge(bound: ExpectedKept, changes: object): Promise<string> {
  const { epk: _epk, ...header } = headerOf(await seal(bound));
  return new CompactEncrypt(Buffer.from(JSON.stringify(CREDENTIAL)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM', ...header, ...changes })
    .encrypt(await importJWK(key.publicJwk, 'ECDH-ES'));
}

function headerOf(sealed: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(sealed.split('.')[0] ?? '', 'base64url').toString()) as Record<string, unknown>;
}

/** The ciphertext under another header, as whoever stores it can make it. */
function reheaded(sealed: string, changes: object): string {
  const header = Buffer.from(JSON.stringify({ ...headerOf(sealed), ...changes })).toString('base64url');
  return [header, ...sealed.split('.').slice(1)].join('.');
}

const mapping = fc.record(
  {
    header: fc.constantFrom('Authorization', 'X-Api-Key', 'X-Team'),
    required: fc.boolean(),
    scheme: fc.constantFrom('bearer' as const, 'basic' as const),
    to: fc.record({ query: fc.constantFrom('key', 'token') }),
  },
  { requiredKeys: ['header'] },
);
/** Gateways that differ in any of what a ciphertext is bound to. */
const target = fc.record({
  gatewayId: fc.constantFrom('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002'),
  url: fc.constantFrom('https://a.example/mcp', 'https://a.example/mcp?x=1', 'https://b.example/mcp'),
  mappings: fc.array(mapping, { minLength: 1, maxLength: 2 }),
  tlsCa: fc.constantFrom(null, 'CA one', 'CA two'),
  configRevision: fc.integer({ min: 1, max: 3 }),
  keptRevision: fc.integer({ min: 1, max: 3 }),
});
const boundTo = ({ mappings, tlsCa, ...rest }: { mappings: PassthroughMapping[]; tlsCa: string | null } & Omit<ExpectedKept, 'digest'>) => ({ ...rest, digest: targetDigest({ mappings, tlsCa }) }); // prettier-ignore

describe('a kept credential', () => {
  it('opens with its key, for what it was sealed for, until its end', async () => {
    const bound = expected();
    const sealed = await seal(bound);
    expect(sealed).not.toContain('correct');
    const exp = inDays(KEPT_CREDENTIAL.defaultDays).getTime() / 1_000;
    await expect(openKept(sealed, ring, bound, NOW)).resolves.toEqual({ credential: CREDENTIAL, exp });
    await expect(openKept(sealed, ring, bound, inDays(29.9))).resolves.toBeDefined();
    await expect(openKept(sealed, ring, bound, inDays(30))).rejects.toMatchObject({ code: 'envelope_expired' });
  });

  it('opens for no other gateway, URL, mapping, certificate authority, configuration or revision', async () => {
    const random = fc.asyncProperty(target, target, async (sealedFor, usedFor) => {
      const [mine, other] = [boundTo(sealedFor), boundTo(usedFor)];
      const isSame = JSON.stringify(mine) === JSON.stringify(other);
      const opened = openKept(await seal(mine), ring, other, NOW);
      if (isSame) await expect(opened).resolves.toBeDefined();
      else await expect(opened).rejects.toMatchObject({ code: 'kept_unbound' });
    });
    await fc.assert(random, { numRuns: 300 });
  });

  it('opens under no header but its own, also where that header fits the place to which it was moved', async () => {
    const [mine, other] = [expected(), expected({ url: 'https://b.example/mcp', configRevision: 4, keptRevision: 8 })];
    const [sealed, moved] = [await seal(mine), headerOf(await seal(other))];
    const members = ['sub', 'aud', 'cfg', 'rev', 'iat', 'exp', 'epk'];
    const swaps = fc.asyncProperty(fc.subarray(members, { minLength: 1 }), async (swapped) => {
      const header = Object.fromEntries(swapped.map((name) => [name, moved[name]]));
      const changed = reheaded(sealed, { ...header, dig: randomBytes(32).toString('hex') });
      const { kid: _kid, iat: _iat, exp: _exp, ...bound } = readKept(changed);
      await expect(openKept(changed, ring, bound, NOW)).rejects.toMatchObject({ code: 'envelope_invalid' });
    });
    await fc.assert(swaps, { numRuns: 100 });
  });

  it('opens with no other key', async () => {
    const bound = expected();
    const other = newKeptKey();
    const sealed = await sealKept(offer(bound, other), CREDENTIAL, { now: NOW });
    await expect(openKept(sealed, ring, bound, NOW)).rejects.toMatchObject({ code: 'kept_key_unknown' });
    const renamed = reheaded(sealed, { kid: key.kid });
    await expect(openKept(renamed, ring, bound, NOW)).rejects.toMatchObject({ code: 'envelope_invalid' });
  });

  it('is refused with an end that is too far away, whoever sealed it', async () => {
    const bound = expected();
    const iat = NOW.getTime() / 1_000;
    const forged = async (changes: object) => openKept(await forge(bound, changes), ring, bound, NOW);
    await expect(forged({ iat, exp: iat + 91 * 86_400 })).rejects.toMatchObject({ code: 'kept_unbound' });
    await expect(forged({ iat: iat + 3_600, exp: iat + 80 * 86_400 })).rejects.toMatchObject({ code: 'kept_unbound' });
    await expect(forged({ iat, exp: iat + 90 * 86_400 })).resolves.toBeDefined();
    await expect(seal(bound, 91)).rejects.toMatchObject({ code: 'credential_malformed' });
    await expect(seal(bound, 0)).rejects.toMatchObject({ code: 'credential_malformed' });
  });

  it.each([
    ['another type', { typ: 'lethe-credential+jwe' }],
    ['an unknown member', { crit: ['x'] }],
    ['no gateway', { sub: undefined }],
    ['a revision that is no number', { rev: '7' }],
    ['an encrypted key of another kind', { alg: 'ECDH-ES+A256KW' }],
  ])('is refused with %s in its header', async (_what, changes) => {
    const bound = expected();
    const changed = reheaded(await seal(bound), changes);
    await expect(openKept(changed, ring, bound, NOW)).rejects.toMatchObject({ code: 'envelope_invalid' });
  });

  it('is never the credential of a gateway that needs none', async () => {
    const none = sealKept(offer(expected()), { scheme: 'none' }, { now: NOW });
    await expect(none).rejects.toMatchObject({ code: 'credential_malformed' });
  });
});

describe('the digest of a target', () => {
  it('is that of the mappings as they are used, whatever members are written out', () => {
    const written: PassthroughMapping[] = [{ header: 'Authorization', required: false }];
    expect(targetDigest({ mappings: written, tlsCa: null })).toBe(targetDigest({ mappings: [{ header: 'Authorization' }] })); // prettier-ignore
    expect(targetDigest({ mappings: [{ header: 'Authorization', required: true }] })).not.toBe(targetDigest({ mappings: written })); // prettier-ignore
  });
});

describe('an offer to keep a credential', () => {
  const trust = testTrust();
  const registries = trust.identities('registry');
  const sign = (claims: KeptOfferClaims) => trust.registrySigner().sign('keptOffer', claims, NOW);

  it('is taken from a registry alone, and only in time', async () => {
    const claims = offer(expected());
    const jws = await sign(claims);
    await expect(verifyKeptOffer(jws, registries, NOW)).resolves.toMatchObject(claims);
    const late = verifyKeptOffer(jws, registries, new Date(NOW.getTime() + 600_000));
    await expect(late).rejects.toMatchObject({ code: 'expired' });
    const others = verifyKeptOffer(jws, trust.identities('connector'), NOW);
    await expect(others).rejects.toMatchObject({ code: 'key_unknown' });
    const retired = registries.map((each) => ({ ...each, state: 'retired' as const }));
    await expect(verifyKeptOffer(jws, retired, NOW)).rejects.toMatchObject({ code: 'key_unknown' });
  });

  it('is malformed with the id of another key', async () => {
    const jws = await sign({ ...offer(expected()), kid: newKeptKey().kid });
    await expect(verifyKeptOffer(jws, registries, NOW)).rejects.toMatchObject({ code: 'claims_malformed' });
  });
});
