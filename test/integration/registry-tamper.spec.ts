import { BUCKETS, type CallerEntry } from '@lethe/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import { verifies } from '../requirements.js';

const HIS = 'https://attacker.example/mcp';

for (const kind of DATABASE_KINDS) {
  const isAvailable = isDatabaseAvailable(kind);
  describe.skipIf(!isAvailable)(`a writer with full access to the database, over ${kind}`, () => {
    let harness: RegistryHarness;
    let gateway: { id: string; slug: string };
    let slug: string;
    beforeAll(async () => (harness = await RegistryHarness.start(kind)));
    afterAll(() => harness?.stop());
    beforeEach(async () => {
      verifies('tamper.database');
      gateway = await harness.gateway();
      await harness.verified(gateway.id, [tool('a')]);
      const include = [{ gateway: gateway.id }];
      slug = (await harness.admin.ask<{ slug: string }>('POST', '/servers', { name: gateway.slug, include })).slug;
    });

    const republish = () => harness.admin.request('PATCH', `/servers/${slug}`, { description: 'anew' });
    const begin = () => harness.admin.request('POST', `/gateways/${gateway.id}/verifications`, {});
    /** Whether the audit log says that the registry has found a row of this changed. */
    const isNoted = async (id: string) => {
      const query = `select 1 from audit_entry where operation = 'rowTampered' and outcome = 'refused' and target_id = $1`;
      await expect.poll(async () => (await harness.sql.query(query, [id])).rowCount, { timeout: 10_000 }).toBe(1);
    };
    /** Everything that was ever signed and published of the server. */
    const signed = async () => JSON.stringify(await harness.manifest(slug));

    it.each([
      ['the URL', `update gateway_config set url = '${HIS}' where gateway_id = $1`],
      ['the mappings', `update gateway_config set mappings = '[{"header":"X-His"}]' where gateway_id = $1`],
      ['the certificate authority', `update gateway_config set tls_ca = 'his' where gateway_id = $1`],
      ['whether it is off', `update gateway set enabled = not enabled where id = $1`],
      ['whether its hints are trusted', `update gateway set trust_hints = not trust_hints where id = $1`],
      ['its limits', `update gateway set limits = '{"concurrent":1}' where id = $1`],
      [
        'the tags of its items',
        `update gateway set item_tags = '[{"kind":"tool","name":"*","tags":["a"]}]' where id = $1`,
      ],
      ['its blocks', `update gateway set blocks = '["${'0'.repeat(64)}"]' where id = $1`],
      ['the slug', `update gateway set slug = 'his' || left(id::text, 8) where id = $1`],
      [
        'the pending revision, with a configuration of his own',
        `with his as (insert into gateway_config select gateway_id, 99, '${HIS}', transport, mappings, tls_ca, mac, created_at
           from gateway_config where gateway_id = $1 and revision = 1)
         update gateway set current_revision = 99, pending_revision = 99 where id = $1`,
      ],
      [
        'the configuration itself, with one of another gateway',
        `update gateway_config set url = '${HIS}', mac = (select mac from gateway_config where gateway_id <> $1 limit 1)
         where gateway_id = $1`,
      ],
    ])('changes %s: no order and no manifest is signed over it', async (_what, sql) => {
      await harness.sql.query(sql, [gateway.id]);
      const reserved = harness.connector.reserved.size;
      expect(await begin()).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
      expect(harness.connector.reserved.size).toBe(reserved);
      await isNoted(gateway.id);
      await republish();
      expect(await harness.manifest(slug)).toMatchObject({ gateways: [] });
      expect(await signed()).not.toMatch(/attacker|X-His/);
    });

    describe('who puts rows back to an earlier host, as a backup has them', () => {
      const anHourAgo = new Date(Date.now() - 3_600_000);
      const urls = async () => (await harness.manifest(slug))?.gateways.map(({ url }) => url);
      let earlier: string;
      beforeEach(async () => {
        await harness.verified(gateway.id, [tool('a')], { at: anHourAgo });
        earlier = (await signedRow()) ?? '';
        await harness.sql.query('drop table if exists earlier');
        await harness.sql.query(`create temp table earlier as select * from gateway where id = $1`, [gateway.id]);
        await harness.admin.ask('PATCH', `/gateways/${gateway.id}`, { url: `http://127.0.0.1:9/${slug}/moved` });
        await harness.verified(gateway.id, [tool('a')]);
        await expect.poll(async () => harness.published(BUCKETS.servers, slug) === (await signedRow())).toBe(true);
      });

      const signedRow = async () => {
        const query = 'select value from published_snapshot where bucket = $1 and key = $2';
        return (await harness.sql.query<{ value: string }>(query, [BUCKETS.servers, slug])).rows[0]?.value;
      };
      const putBack = () =>
        harness.sql.query(
          `update gateway g set current_revision = e.current_revision, pending_revision = e.pending_revision,
             serving_vid = e.serving_vid, last_applied_attempt = e.last_applied_attempt, blocks = e.blocks, mac = e.mac
           from earlier e where g.id = e.id`,
        );

      it.each(['at once', 'and waits for a restart'])(
        '%s: no order and no manifest is signed over them',
        async (when) => {
          await putBack();
          if (when !== 'at once') await harness.restart(harness.broker);
          const reserved = harness.connector.reserved.size;
          expect(await begin()).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
          expect(harness.connector.reserved.size).toBe(reserved);
          await republish();
          expect(await urls()).toEqual([]);
        },
      );

      it('and the manifest of then: it is not sent again', async () => {
        const held = harness.published(BUCKETS.servers, slug);
        await harness.sql.query(`update published_snapshot set value = $1 where key = $2`, [earlier, slug]);
        await harness.sql.query(
          `insert into outbox_message (seq, bucket, key, value, created_at) values (0, $1, $2, $3, now())`,
          [BUCKETS.servers, slug, earlier],
        );
        const unsent = `select 1 from outbox_message where sent_at is null`;
        await expect.poll(async () => (await harness.sql.query(unsent)).rowCount).toBe(0);
        expect(harness.published(BUCKETS.servers, slug)).toBe(held);
      });
    });

    it('brings a removed gateway back: nothing is signed over it', async () => {
      await harness.admin.ask('DELETE', `/gateways/${gateway.id}?force=true`);
      await harness.sql.query(`update gateway set deleted_at = null where id = $1`, [gateway.id]);
      expect(await begin()).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
      await republish();
      expect(await harness.manifest(slug)).toMatchObject({ gateways: [] });
    });

    it('has what he wrote removed by an administrator: that does not make it genuine', async () => {
      await harness.sql.query(`update gateway set pending_revision = null, drift = 'review' where id = $1`, [
        gateway.id,
      ]);
      await harness.admin.ask('DELETE', `/gateways/${gateway.id}?force=true`);
      await harness.sql.query(`update gateway set deleted_at = null where id = $1`, [gateway.id]);
      expect(await begin()).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
    });

    it('brings a removed server back: its tombstone stays', async () => {
      await harness.admin.ask('DELETE', `/servers/${slug}`);
      await harness.sql.query(`update virtual_server set deleted_at = null, live_slug = slug where slug = $1`, [slug]);
      await harness.sql.query(
        `insert into server_gateway (server_id, gateway_id) select id, $2 from virtual_server where slug = $1`,
        [slug, gateway.id],
      );
      expect(await republish()).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
      await harness.verified(gateway.id, [tool('b')]);
      expect(await harness.manifest(slug)).toMatchObject({ state: 'deleted' });
    });

    it('cannot have his change sealed by an administrator who changes something else', async () => {
      await harness.sql.query(`update gateway set pending_revision = 7 where id = $1`, [gateway.id]);
      const renamed = await harness.admin.request('PATCH', `/gateways/${gateway.id}`, { name: 'harmless' });
      expect(renamed).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
    });

    it.each([
      ['members', `update virtual_server set include = '[]' where slug = $1`],
      ['access', `update virtual_server set access = '"open"' where slug = $1`],
      ['short-form owners', `update virtual_server set short_form = '{"Authorization":"his"}' where slug = $1`],
      ['grants', `update virtual_server set grants = '[{"role":"*"}]' where slug = $1`],
      ['limits', `update virtual_server set limits = '{}' where slug = $1`],
      ['address', `update virtual_server set slug = 'his-' || $1 where slug = $1`],
    ])('changes the %s of a server: it keeps its last manifest', async (_what, sql) => {
      const before = await signed();
      await harness.sql.query(sql, [slug]);
      expect(await republish()).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
      const { rows } = await harness.sql.query<{ id: string }>('select server_id as id from server_gateway where gateway_id = $1', [gateway.id]); // prettier-ignore
      await isNoted(rows[0]?.id ?? '');
      await harness.verified(gateway.id, [tool('b')]);
      expect(await signed()).toBe(before);
    });

    it('swaps the verification that serves: its receipt does not cover the configuration', async () => {
      const other = await harness.gateway();
      const { id: vid } = await harness.verified(other.id, [tool('his')]);
      await harness.sql.query(
        `update verification set receipt = (select receipt from verification where id = $2)
        where gateway_id = $1`,
        [gateway.id, vid],
      );
      await republish();
      expect(await harness.manifest(slug)).toMatchObject({ gateways: [] });
    });

    it('widens a key: nothing is signed but its revocation, which grants nothing', async () => {
      const { id } = await harness.admin.ask<{ id: string }>('POST', '/keys', { name: 'k', servers: [slug] });
      await expect.poll(() => harness.published(BUCKETS.callers, id)).toBeDefined();
      await harness.sql.query(`update caller_key set servers = '"*"', expires_at = null where id = $1`, [id]);
      await harness.admin.ask('DELETE', `/keys/${id}`);
      const entry = async () => harness.trust.verify<CallerEntry>('caller', harness.published(BUCKETS.callers, id)!);
      await expect.poll(async () => (await entry()).revoked).toBe(true);
      expect(await entry()).toMatchObject({ servers: [], exp: 0 });
    });

    it('gives a key roles: nothing is signed, and the roles of others do not fit it', async () => {
      verifies('grants.tampered-changes-nothing');
      const issue = (roles: string[]) =>
        harness.admin.ask<{ id: string }>('POST', '/keys', { name: 'k', servers: [slug], roles });
      const [{ id }, { id: other }] = [await issue(['reader']), await issue(['admin'])];
      const stored = async () => {
        const query = 'select value from published_snapshot where bucket = $1 and key = $2';
        return (await harness.sql.query<{ value: string }>(query, [BUCKETS.callers, id])).rows[0]?.value ?? '';
      };
      const before = await stored();
      const changes = [
        `roles = '["admin"]'`,
        `roles = null, roles_mac = null`,
        `(roles, roles_mac) = (select roles, roles_mac from caller_key where id = '${other}')`,
      ];
      for (const change of changes) {
        await harness.sql.query(`create temp table kept as select * from caller_key where id = '${id}'`);
        await harness.sql.query(`update caller_key set ${change} where id = '${id}'`);
        const asked = await harness.admin.request('PATCH', `/keys/${id}`, { roles: ['reader'] });
        expect(asked).toMatchObject({ status: 500, body: { code: 'row_tampered' } });
        expect(await stored()).toBe(before);
        await harness.sql.query(
          `update caller_key c set roles = k.roles, roles_mac = k.roles_mac from kept k where c.id = k.id`,
        );
        await harness.sql.query('drop table kept');
      }
      const entry = await harness.trust.verify<CallerEntry>('caller', before);
      const { keyId, mac, rolesMac = '' } = entry;
      const fits = (roles: string[]) => harness.trust.callersMac().matchesRoles({ keyId, mac, roles }, rolesMac);
      expect([fits(['reader']), fits(['admin'])]).toEqual([true, false]);
      await harness.admin.ask('PATCH', `/keys/${id}`, { roles: ['admin'] });
      expect(await harness.trust.verify<CallerEntry>('caller', await stored())).toMatchObject({ roles: ['admin'] });
    });

    it('makes himself an administrator: no token of his is one', async () => {
      const [, , id] = harness.admin.token.split('_');
      const his = 'f'.repeat(16);
      await harness.sql.query(`insert into admin select $1, name, role, mac, created_at from admin where id = $2`, [
        his,
        id,
      ]);
      const token = harness.admin.token.replace(id!, his);
      const answer = await fetch(`${harness.url}/v1/gateways`, { headers: { authorization: `Bearer ${token}` } });
      expect(answer.status).toBe(401);
    });
  });
}
