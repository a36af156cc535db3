import { BUCKETS, type CatalogueBlock, type NamesBlock, type ServerManifest } from '@lethe/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { ImportGatewayDto, ImportServerDto } from '../../apps/registry/src/transfer/import.dto.js';
import { fieldsOf } from '../../apps/registry/src/rest/dto-fields.js';
import { verifies } from '../requirements.js';
import { Admin } from '../support/admin.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { FACTS, tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import { exported, imported, type Plan } from '../support/registry/transfer.js';

interface Doc {
  apiVersion: string;
  gateways: (Record<string, unknown> & { slug: string; catalogue?: { items: string; receipt: string } })[];
  servers: (Record<string, unknown> & { slug: string; names?: object[] })[];
}

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`export and import over ${kind}`, () => {
    let source: RegistryHarness;
    let target: RegistryHarness;
    beforeAll(async () => {
      source = await RegistryHarness.start(kind);
      target = await RegistryHarness.start(kind, {}, source.trust);
    });
    afterAll(async () => {
      await source?.stop();
      await target?.stop();
    });

    it('smoke', async () => {
      const a = await source.gateway({ tags: ['x'] });
      await source.verified(a.id, [tool('search'), tool('fetch')]);
      const b = await source.gateway({ passthroughHeaders: [{ header: 'X-Api-Key', required: true }] });
      await source.verified(b.id, [tool('search')]);
      await source.admin.ask('POST', '/servers', { name: 'One', slug: 'one', include: [{ gateway: a.slug }, { gateway: b.slug }] });
      const text = await exported(source, '?catalogue=true');
      console.log(text);
      const plan = await imported(target, text);
      console.log(JSON.stringify(plan, null, 1));
      expect(await exported(target, '?catalogue=true')).toBe(text);
      console.log(JSON.stringify((await imported(target, text)).body.counts));
      console.log(JSON.stringify((await imported(source, text)).body.counts));
    });
  });
}
