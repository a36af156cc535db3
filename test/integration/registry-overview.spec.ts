import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OverviewView } from '../../apps/registry/src/overview/overview.view.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`the overview over ${kind}`, () => {
    let harness: RegistryHarness;
    beforeAll(async () => (harness = await RegistryHarness.start(kind)));
    afterAll(() => harness?.stop());
    const overview = () => harness.admin.ask<OverviewView>('GET', '/overview');

    it('counts nothing in an empty registry', async () => {
      expect(await overview()).toEqual({
        gateways: { total: 0, verified: 0, unverified: 0, off: 0, pending: 0, suspected: 0 },
        servers: { total: 0, published: 0 },
        keys: { active: 0, endingCount: 0, ending: [] },
        kept: { usable: 0, endingCount: 0, ending: [] },
        wasCalled: false,
      });
    });

    it('counts gateways by state, published servers, and names the keys that end soon', async () => {
      const { admin } = harness;
      const verified = await harness.gateway();
      await harness.verified(verified.id, [tool('a')]);
      const off = await harness.gateway();
      await admin.ask('PATCH', `/gateways/${off.id}`, { enabled: false });
      const deleted = await harness.gateway();
      await admin.ask('DELETE', `/gateways/${deleted.id}`);
      await admin.ask('POST', '/servers', { name: 'full', include: [{ gateway: verified.slug }] });
      await admin.ask('POST', '/servers', { name: 'empty', include: [] });
      const key = (name: string, more: object = {}) =>
        admin.ask<{ id: string }>('POST', '/keys', { name, servers: '*', ...more });
      await key('for ever');
      await key('later', { expiresAt: inDays(90) });
      const second = await key('second', { expiresAt: inDays(20) });
      const first = await key('first', { expiresAt: inDays(2) });
      const revoked = await key('revoked', { expiresAt: inDays(1) });
      await admin.ask('DELETE', `/keys/${revoked.id}`);
      const found = await overview();
      expect(found).toMatchObject({
        gateways: { total: 2, verified: 1, unverified: 1, off: 1 },
        servers: { total: 2, published: 1 },
        keys: { active: 4, endingCount: 2 },
        wasCalled: false,
      });
      expect(found.keys.ending.map(({ id }) => id)).toEqual([first.id, second.id]);
      await harness.sql.query('update caller_key set last_used_at = now() where id = $1', [first.id]);
      expect((await overview()).wasCalled).toBe(true);
    });
  });
}
