import {
  BUCKETS,
  type CatalogueBlock,
  type CatalogueItem,
  GatewayVerified,
  type UpstreamFacts,
} from '@lethe/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import type { VerificationView } from '../support/admin.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { FACTS, tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

const LEGACY = { ...FACTS, sessionful: true, sessionIdBytes: 36 };
const { transport, ...otherEra } = LEGACY;
const BOTH: UpstreamFacts = {
  ...{ era: 'modern', protocolVersion: '2026-07-28', transport, sessionful: false, listScope: 'private' },
  ...{ serverInfo: {}, capabilities: { tools: {} }, otherEra },
};
const ITEMS: CatalogueItem[] = [
  tool('same'),
  { ...tool('differs'), legacyDefinition: tool('differs', 'as it was').definition },
  { ...tool('new'), onlyIn: 'modern' },
  { ...tool('asking'), needs: ['elicitation', 'sampling'] },
];
const COUNTS = {
  conditional: 1,
  byEra: {
    legacy: { tools: 3, resources: 0, resourceTemplates: 0, prompts: 0 },
    modern: { tools: 4, resources: 0, resourceTemplates: 0, prompts: 0 },
  },
};
const WARNING = { code: 'era_empty', era: 'modern' } as const;

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`upstreams of both eras over ${kind}`, () => {
    let harness: RegistryHarness;
    beforeAll(async () => (harness = await RegistryHarness.start(kind)));
    afterAll(() => harness?.stop());

    it('are stored, shown and published with what each era offers', async () => {
      const { id, slug } = await harness.gateway();
      const verified = await harness.verified(id, ITEMS, { facts: BOTH, counts: COUNTS });
      const eras = [
        { era: 'modern', protocolVersion: '2026-07-28', sessionful: false, counts: COUNTS.byEra.modern },
        { era: 'legacy', protocolVersion: '2025-11-25', sessionful: true, counts: COUNTS.byEra.legacy },
      ];
      const counts = { tools: 4, resources: 0, resourceTemplates: 0, prompts: 0, skipped: 0, conditional: 1 };
      expect(verified).toMatchObject({ state: 'verified', era: 'modern', eras, warnings: [] });
      expect(verified.counts).toEqual(counts);
      expect(await harness.admin.ask('GET', `/gateways/${id}`)).toMatchObject({ eras, counts, warnings: [] });

      const { items } = await harness.admin.ask<{ items: object[] }>('GET', `/gateways/${id}/tools`);
      const shown = ITEMS.map(({ kind: itemKind, own: name, ...item }) => ({
        kind: itemKind,
        name,
        ...item,
        stale: false,
        tags: [],
      }));
      expect(items).toEqual(shown);

      const server = { name: slug, slug, include: [{ gateway: slug }], access: 'open' };
      await harness.admin.ask('POST', '/servers', server);
      const [gateway] = (await harness.manifest(slug))!.gateways;
      expect(gateway?.facts).toEqual(BOTH);
      const blocks = gateway!.blocks.map((digest) => harness.published(BUCKETS.blocks, digest)!);
      expect(blocks.flatMap((bytes) => (JSON.parse(bytes) as CatalogueBlock).items)).toEqual(ITEMS);
    });

    it('have changed where an item moves to one era, or needs another capability', async () => {
      const { id } = await harness.gateway();
      await harness.verified(id, ITEMS, { facts: BOTH });
      const changed = ITEMS.map((item): CatalogueItem => {
        if (item.own === 'same') return { ...item, onlyIn: 'legacy' };
        return item.own === 'asking' ? { ...item, needs: ['sampling'] } : item;
      });
      const { diff } = await harness.verified(id, changed, { facts: BOTH });
      const refs = ['same', 'asking'].map((own) => ({ kind: 'tool', own }));
      expect(diff).toEqual({ added: [], changed: refs, removed: [] });
      expect((await harness.verified(id, changed, { facts: BOTH })).diff).toMatchObject({ changed: [] });
    });

    it('are not served in an era that no receipt names', async () => {
      verifies('tamper.bus');
      const { id, slug } = await harness.gateway();
      const { id: vid } = await harness.opened(id);
      const forged = { ...otherEra, sessionful: false };
      const { event } = await harness.connector.results(vid, {
        facts: BOTH,
        tamper: (found) => void (found.facts = { ...BOTH, otherEra: forged }),
      });
      await harness.connector.publish(GatewayVerified, event);
      await harness.admin.ask('POST', '/servers', { name: slug, slug, include: [{ gateway: slug }], access: 'open' });
      const view = await harness.admin.ask<VerificationView>('GET', `/gateways/${id}/verifications/${vid}`);
      expect(view.state).toBe('running');

      await harness.verified(id, [tool('a')], { facts: BOTH });
      expect((await harness.manifest(slug))?.gateways).toHaveLength(1);
      await harness.sql.query(`update verification set facts = $1 where gateway_id = $2 and state = 'verified'`, [
        JSON.stringify({ ...BOTH, otherEra: forged }),
        id,
      ]);
      await harness.admin.ask('PATCH', `/servers/${slug}`, { description: 'published again' });
      expect((await harness.manifest(slug))?.gateways).toEqual([]);
    });

    it('show the warnings of a verification, and none of one by a connector that knows none', async () => {
      verifies('eras.warned');
      const { id } = await harness.gateway();
      expect(await harness.verified(id, [tool('a')], { warnings: [WARNING] })).toMatchObject({ warnings: [WARNING] });
      expect(await harness.admin.ask('GET', `/gateways/${id}`)).toMatchObject({ warnings: [WARNING] });
      const older = await harness.verified(id, [tool('a')], {
        tamper: (event) => void Reflect.deleteProperty(event, 'warnings'),
      });
      expect(older).toMatchObject({ state: 'verified', warnings: [], eras: [{ era: 'legacy', counts: { tools: 1 } }] });
      await harness.sql.query('update verification set warnings = null');
      expect(await harness.admin.ask('GET', `/gateways/${id}`)).toMatchObject({ state: 'verified', warnings: [] });
    });
  });
}
