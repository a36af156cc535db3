import type { OAuthFacts, UpstreamFacts } from '@lethe/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { FACTS, tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

const RESOURCE = 'https://mcp.example.com/mcp';
const CLIENT = { issuer: 'https://as.example.com', clientId: 'lethe-people' };
const ITEMS = [tool('echo')];

function facts(issuers: string[], more: Partial<OAuthFacts> = {}): UpstreamFacts {
  const servers = issuers.map((issuer) => ({ issuer, registration: [] }));
  return { ...FACTS, oauth: { resource: RESOURCE, servers, ...more } };
}

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`how people log in for a gateway over ${kind}`, () => {
    let harness: RegistryHarness;
    beforeAll(async () => void (harness = await RegistryHarness.start(kind)));
    afterAll(() => harness?.stop());

    const gatewayOf = (id: string) => harness.admin.ask<Record<string, unknown>>('GET', `/gateways/${id}`);
    const served = async (slug: string) => {
      await harness.admin.ask('POST', '/servers', { name: slug, slug, include: [{ gateway: slug }], access: 'open' });
      return async () => (await harness.manifest(slug))?.gateways[0];
    };

    it('waits for a review when resource or issuer differ, are gone or new, whatever the gateway says of changes', async () => {
      verifies('oauth.facts-reviewed');
      const { id, slug } = await harness.gateway({ drift: 'auto' });
      const before = facts(['https://as.example.com']);
      expect(await harness.verified(id, ITEMS, { facts: before })).toMatchObject({ oauth: before.oauth });
      const published = await served(slug);
      const moved = facts(['https://evil.example.com']);
      const added = facts(['https://evil.example.com', 'https://as.example.com']);
      for (const each of [
        moved,
        added,
        FACTS,
        facts(['https://as.example.com'], { resource: 'https://mcp.example.com/' }),
      ]) {
        const found = await harness.verified(id, [...ITEMS, tool('new')], { facts: each });
        expect(found).toMatchObject({ review: { why: 'authorization_server_changed', facts: each } });
        expect(await gatewayOf(id)).toMatchObject({
          reviewReason: 'authorization_server_changed',
          counts: { tools: 1 },
        });
        expect((await published())?.facts.oauth).toEqual(before.oauth);
      }
      const { id: vid } = await harness.verified(id, ITEMS, { facts: moved });
      const { out } = await harness.lethe(['review', slug]);
      expect(out).toContain('people would log in elsewhere for it');
      expect(out).toMatch(
        /authorization\/issuers[^]*- .*https:\/\/as\.example\.com[^]*\+ .*https:\/\/evil\.example\.com/,
      );
      expect(await harness.admin.ask('GET', `/gateways/${id}/verifications/${vid}/diff`)).toMatchObject({
        waits: 'authorization_server_changed',
        items: [{ kind: 'server', before: { definition: { authorization: { issuers: [CLIENT.issuer] } } } }],
      });
      await harness.admin.ask('POST', `/gateways/${id}/verifications/${vid}/apply`);
      expect((await published())?.facts.oauth).toEqual(moved.oauth);
      // What was never found before is new, too.
      const { id: plain } = await harness.gateway();
      await harness.verified(plain, ITEMS);
      expect(await harness.verified(plain, ITEMS, { facts: before })).toMatchObject({
        review: { why: 'authorization_server_changed' },
      });
    });

    it('changes without a review in scopes and ways of registration, and in the order of issuers', async () => {
      const { id, slug } = await harness.gateway({ drift: 'review' });
      await harness.verified(id, ITEMS, { facts: facts(['https://a.example.com', 'https://b.example.com']) });
      const published = await served(slug);
      const servers = ['https://b.example.com', 'https://a.example.com'].map((issuer) => ({
        ...{ issuer, registration: ['dynamic' as const], device: true as const },
      }));
      const after = facts([], { servers, scope: 'read', scopes: ['read', 'write'] });
      expect(await harness.verified(id, ITEMS, { facts: after })).not.toHaveProperty('review');
      expect((await published())?.facts.oauth).toEqual(after.oauth);
    });

    it('is shown by the command, which sets the client and tells when nobody will use it', async () => {
      const { id, slug } = await harness.gateway();
      await harness.verified(id, ITEMS, { facts: facts([CLIENT.issuer]) });
      const alone = await harness.lethe(['edit', slug, '--login-client-id', CLIENT.clientId]);
      expect(alone).toMatchObject({ code: 2, err: expect.stringContaining('--login-issuer') });
      const flags = ['--login-client-id', CLIENT.clientId, '--login-issuer', CLIENT.issuer];
      expect(await harness.lethe(['edit', slug, ...flags])).toMatchObject({ code: 0 });
      expect(await gatewayOf(id)).toMatchObject({ oauthClient: CLIENT, pendingRevision: null });
      const shown = await harness.lethe(['show', slug]);
      expect(shown.out).toMatch(/people log in +at https:\/\/as\.example\.com, for https:\/\/mcp\.example\.com\/mcp/);
      expect(shown.out).toMatch(/login client +lethe-people, at https:\/\/as\.example\.com/);
      expect(shown.err).toBe('');
      await harness.lethe(['edit', slug, '--login-issuer', 'https://other.example.com']);
      const told = `is for https://other.example.com; its upstream names ${CLIENT.issuer}`;
      expect((await harness.lethe(['show', slug])).err).toContain(told);
      expect((await harness.lethe(['doctor'])).out).toContain(told);
      const add = [
        'add',
        'https://a.example.com/mcp',
        '--name',
        'A',
        '--no-credential',
        '--login-issuer',
        CLIENT.issuer,
      ];
      expect(await harness.lethe(add)).toMatchObject({ code: 2, err: expect.stringContaining('--login-client-id') });
    });

    it('is offered in the configuration of clients where callers can send a token', async () => {
      const notesFor = async (header: object) => {
        const { id, slug } = await harness.gateway({ passthroughHeaders: [header] });
        await harness.verified(id, ITEMS, { facts: facts([CLIENT.issuer]) });
        await harness.admin.ask('POST', '/servers', { name: slug, slug, include: [{ gateway: slug }], access: 'open' });
        return (await harness.lethe(['connect', slug, '--client', 'cursor'])).err;
      };
      expect(await notesFor({ header: 'Authorization', scheme: 'bearer' })).toContain('--way bridge');
      expect(await notesFor({ header: 'X-Api-Key' })).not.toContain('--way bridge');
    });

    it('may be by a public client, which is published without a verification and covered by the code of its row', async () => {
      verifies('gateway.login-client');
      const { id, slug } = await harness.gateway({ oauthClient: CLIENT });
      await harness.verified(id, ITEMS, { facts: facts([CLIENT.issuer]) });
      const published = await served(slug);
      expect(await published()).toMatchObject({ oauthClient: CLIENT, configRevision: 1 });
      const document = { ...CLIENT, clientId: 'https://acme.example.com/client.json?v=2' };
      const changed = await harness.admin.ask('PATCH', `/gateways/${id}`, { oauthClient: document });
      expect(changed).toMatchObject({ oauthClient: document, pendingRevision: null, state: 'verified' });
      expect(await published()).toMatchObject({ oauthClient: document, configRevision: 1 });
      const refused: [object, string][] = [
        [{ issuer: 'http://as.example.com', clientId: 'a' }, 'issuer'],
        [{ issuer: 'https://user:pass@as.example.com', clientId: 'a' }, 'issuer'],
        [{ issuer: 'https://as.example.com?x', clientId: 'a' }, 'issuer'],
        [{ ...CLIENT, clientId: 'http://acme.example.com/client.json' }, 'clientId'],
        [{ ...CLIENT, clientId: 'https://user:pass@acme.example.com/client.json' }, 'clientId'],
        [{ ...CLIENT, clientId: '' }, 'clientId'],
        [{ issuer: CLIENT.issuer }, 'clientId'],
      ];
      for (const [oauthClient, field] of refused) {
        const { status, body } = await harness.admin.request('PATCH', `/gateways/${id}`, { oauthClient });
        expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(`oauthClient.${field}`)]);
      }
      const secret = { ...CLIENT, clientSecret: 'hunter2-hunter2' };
      const answer = await harness.admin.request('PATCH', `/gateways/${id}`, { oauthClient: secret });
      expect([answer.status, JSON.stringify(answer.body)]).toEqual([400, expect.not.stringContaining('hunter2')]);
      await harness.admin.ask('PATCH', `/gateways/${id}`, { oauthClient: null });
      expect(await published()).not.toHaveProperty('oauthClient');
      await harness.sql.query(`update gateway set oauth_client = $1 where id = $2`, [JSON.stringify(CLIENT), id]);
      const tampered = await harness.admin.request('PATCH', `/gateways/${id}`, { name: 'Other' });
      expect(tampered.body).toMatchObject({ code: 'row_tampered' });
    });
  });
}
