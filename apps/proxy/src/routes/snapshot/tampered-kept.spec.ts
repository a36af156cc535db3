import { isDeepStrictEqual } from 'node:util';
import { BUCKETS, type Credential, type KeptEntry, type ServerManifest } from '@lethe/contracts';
import { openKept, readKept, targetDigest } from '@lethe/sealing';
import { verifies } from '@test/requirements.js';
import { PublishedRoutes, tool } from '@test/support/published-routes.js';
import {
  EDITS,
  ENTRY_EDITS,
  type Genuine,
  type Loot,
  MANIFEST_EDITS,
  withPayload,
  writtenWith,
} from '@test/support/tamper/edits.js';
import { testTrust } from '@test/support/trust.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { KeptGateways } from '../table/kept-gateways.js';
import { ManifestVerifier } from './manifest-verifier.js';
import { RouteTable } from './route-table.js';

const [trust, forger] = [testTrust(), testTrust()];
const FORGERS = ['a forger', 'nobody, over the genuine signature'] as const;
type Signer = (typeof FORGERS)[number] | 'a registry';

/** All edits, and all pairs of them. */
const COMBINATIONS = EDITS.flatMap((one, at) => EDITS.slice(at).map((two) => (one === two ? [one] : [one, two])));
/** Whoever has the key of a registry can end the use of a credential, or let others use it. */
const NO_SWAPS = ['the deletion', 'that it is kept', 'whose credential is used', 'the grants', 'the access'];
const isOfBoth = (edits: readonly string[]): boolean =>
  edits.some((edit) => edit in ENTRY_EDITS) && edits.some((edit) => edit in MANIFEST_EDITS);

/** What was published, in its order. */
const published: [bucket: string, key: string, value: string][] = [];
const put = (...each: (typeof published)[number]): void => {
  published.push(each);
};
const routes = new PublishedRoutes({ snapshots: { put } }, trust);
/** What each credential was sealed for. */
const sealedFor = new Map<string, { id: string; url: string; digest: string }>();
let loot: Loot;

/** A gateway whose credential was replaced once, on a virtual server of its own. */
async function keeping(slug: string): Promise<Genuine> {
  const [url, mappings] = [`https://${slug}.example/mcp`, [{ header: `X-${slug}` }]];
  const manifest = await routes.publish({
    ...{ slug, access: 'key', grants: [{ role: 'eng', gateways: [slug] }], credentials: { [slug]: 'kept' } },
    gateways: [{ slug, url, mappings, items: [tool('read')], credential: 'kept' }],
  });
  const gateway = manifest.gateways[0]!;
  const keep = async (token: string): Promise<KeptEntry> => {
    const credential: Credential = { scheme: 'bearer', token };
    sealedFor.set(`Bearer ${token}`, { id: gateway.id, url, digest: targetDigest({ mappings }) });
    return trust.verify<KeptEntry>('kept', await routes.keep(gateway, credential));
  };
  const earlier = await keep(`${slug}-earlier`);
  return { manifest, earlier, entry: await keep(`${slug}-now`) };
}

/** A proxy that has all that was published. */
async function proxy() {
  const kept = new KeptGateways(trust.keptRing(), { allowed: [] });
  const table = new RouteTable(new ManifestVerifier(trust), { allowed: [] }, kept);
  for (const [bucket, key, value] of published) {
    if (bucket === BUCKETS.blocks) table.applyBlock(key, value, Date.now());
    else if (bucket === BUCKETS.kept) await table.applyKept(key, value);
    else await table.applyManifest(key, value);
  }
  /** Every reason why something is rejected or refused from then on. */
  const codes: string[] = [];
  kept.refusals.listen((_id, why) => codes.push(why));
  const note = (result: string): void => {
    if (result === 'refused' || result === 'older') codes.push(result);
  };
  return {
    ...{ table, codes },
    entry: async (key: string, jws: string) => note(await table.applyKept(key, jws)),
    manifest: async (key: string, jws: string) => note(await table.applyManifest(key, jws)),
  };
}
type Proxy = Awaited<ReturnType<typeof proxy>>;

/** What calls of a virtual server would be sent if no gateway was closed: the credential, and to where. */
function sentBy(table: RouteTable, slug: string) {
  return (table.server(slug)?.gateways ?? []).flatMap(({ id, kept, target }) => {
    const credential = kept?.held?.parts(Date.now())?.headers[0]?.[1];
    const digest = targetDigest(table.manifest(slug)!.gateways.find((each) => each.id === id)!);
    return credential === undefined ? [] : [{ credential, id, url: target.origin + target.path, digest }];
  });
}

function sign(signer: Signer, kind: 'kept' | 'manifest', value: KeptEntry | ServerManifest, key: string) {
  if (signer !== 'nobody, over the genuine signature') {
    return (signer === 'a registry' ? trust : forger).registrySigner().sign(kind, value, new Date());
  }
  const bucket = kind === 'kept' ? BUCKETS.kept : BUCKETS.servers;
  return withPayload(published.findLast((each) => each[0] === bucket && each[1] === key)?.[2] ?? '', value);
}

/** Lets a proxy have what somebody wrote, in either order: what calls would be sent then, and why others would not. */
async function tampered(it: Proxy, edits: readonly string[], signer: Signer, isEntryFirst = true) {
  const { own, other } = loot;
  const { entry, manifest } = writtenWith(edits, loot);
  const [id, slug] = [own.entry.gatewayId, own.manifest.slug];
  const steps = [
    async () => entry && it.entry(id, await sign(signer, 'kept', entry, id)),
    async () => manifest && it.manifest(slug, await sign(signer, 'manifest', manifest, slug)),
  ];
  for (const step of isEntryFirst ? steps : steps.toReversed()) await step();
  const sent = [...sentBy(it.table, slug), ...sentBy(it.table, other.manifest.slug)];
  return {
    sent: sent.map(({ credential }) => credential),
    elsewhere: sent.filter(({ credential, ...to }) => !isDeepStrictEqual(sealedFor.get(credential), to)),
    written: [entry, manifest].filter((each) => each !== undefined).length,
    codes: it.codes.splice(0),
    isClosed: it.table.server(slug)?.gateways.some(({ closed }) => closed !== undefined) === true,
  };
}

describe('a kept credential of which somebody has changed anything', () => {
  beforeAll(async () => {
    const [own, other] = [await keeping('own'), await keeping('other')];
    loot = { own, other, trapUrl: 'https://trap.example/mcp' };
  });

  it('is sent to its own URL without any change, as a control', async () => {
    const { table, codes } = await proxy();
    expect(sentBy(table, 'own')).toMatchObject([{ credential: 'Bearer own-now', url: 'https://own.example/mcp' }]);
    expect(sentBy(table, 'other')).toMatchObject([{ credential: 'Bearer other-now' }]);
    expect(codes).toEqual([]);
  });

  it.each(FORGERS)('is sent as before: all edits and pairs of them, signed by %s', async (signer) => {
    verifies('tamper.kept');
    const it = await proxy();
    for (const edits of COMBINATIONS) {
      const { written, codes, sent } = await tampered(it, edits, signer);
      expect([edits, sent]).toEqual([edits, ['Bearer own-now', 'Bearer other-now']]);
      expect([edits, codes]).toEqual([edits, Array(written).fill('refused')]);
    }
    expect(COMBINATIONS).toHaveLength((EDITS.length * (EDITS.length + 1)) / 2);
  });

  it('is sent nowhere else: all edits and pairs of them, also signed by a registry', async () => {
    verifies('tamper.kept');
    for (const edits of COMBINATIONS) {
      for (const isEntryFirst of isOfBoth(edits) ? [true, false] : [true]) {
        const { elsewhere, codes, isClosed } = await tampered(await proxy(), edits, 'a registry', isEntryFirst);
        expect([edits, elsewhere]).toEqual([edits, []]);
        const isAllowed = edits.some((edit) => NO_SWAPS.includes(edit));
        expect([edits, isAllowed || isClosed || codes.length > 0]).toEqual([edits, true]);
      }
    }
  }, 60_000);

  it('would open in many of these cases if it was not compared with its gateway, as a control', async () => {
    const opened: string[] = [];
    for (const edits of COMBINATIONS) {
      const { entry } = writtenWith(edits, loot);
      const open = async () =>
        openKept(entry?.sealed ?? '', trust.keptRing()!, readKept(entry?.sealed ?? ''), new Date());
      await open().then(
        () => opened.push(edits.join(', ')),
        () => undefined,
      );
    }
    const swaps = ["another gateway's ciphertext", 'the earlier ciphertext', 'a later revision', 'the gateway'];
    expect(opened).toEqual(expect.arrayContaining(swaps));
  });
});
