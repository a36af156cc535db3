import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { type Document, operationsOf, readDocument } from '../support/openapi/document.js';
import { inParallel } from '../support/openapi/findings.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

interface Row {
  id: string;
  slug: string;
  state: string;
  attempt: number;
  gatewayId: string;
}
interface Page {
  items: Row[];
  nextCursor?: string;
}

const cursorOf = (position: unknown): string => Buffer.from(JSON.stringify(position)).toString('base64url');

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`lists over ${kind}`, () => {
    let harness: RegistryHarness;
    const page = (path: string, query: Record<string, string> = {}) =>
      harness.admin.ask<Page>('GET', `${path}?${new URLSearchParams(query).toString()}`);
    const slugs = async (path: string, query: Record<string, string>) =>
      (await page(path, query)).items.map(({ slug }) => slug);
    const refused = async (path: string) => {
      const { status, body } = await harness.admin.request('GET', path);
      return [status, body];
    };
    const server = (slug: string, more: object = {}) =>
      harness.admin.ask<Row>('POST', '/servers', { name: slug, slug, ...more });

    beforeAll(async () => {
      harness = await RegistryHarness.start(kind);
      const names: [string, string, object][] = [
        ['alpha', 'Zulu', { tags: ['code', 'a.b:c/d'] }],
        ['beta', 'Yankee', { enabled: false }],
        ['gamma', 'X_ray', { tags: ['code'], drift: 'review' }],
        ['delta', 'Whisky', {}],
      ];
      for (const [slug, name, more] of names) await harness.gateway({ slug, name, ...more });
      await harness.verified('alpha', [tool('a')]);
      await harness.verified('gamma', [tool('a')]);
      await harness.verified('gamma', [tool('b')]);
      const failing = await harness.opened('delta');
      await harness.connector.fail(failing.id, 'upstream_unreachable');
      await harness.admin.finished('delta', failing.id);
      const cancelled = await harness.admin.startVerification('delta');
      await harness.admin.ask('POST', `/gateways/delta/verifications/${cancelled.id}/cancel`);
      await server('one', { include: [{ gateway: 'alpha' }] });
      await server('two', { include: [{ gateway: 'alpha' }, { gateway: 'gamma' }], enabled: false });
      await server('three', { tags: ['code'] });
    });
    afterAll(() => harness?.stop());

    it.each([
      [{ state: 'verified' }, ['alpha', 'gamma']],
      [{ state: 'unverified' }, ['beta', 'delta']],
      [{ enabled: 'false' }, ['beta']],
      [{ drift: 'pending' }, ['gamma']],
      [{ drift: 'suspected' }, []],
      [{ drift: 'rejected' }, []],
      [{ tag: 'code' }, ['alpha', 'gamma']],
      [{ tag: 'a.b:c/d' }, ['alpha']],
      [{ q: 'LU' }, ['alpha']],
      [{ q: '_' }, ['gamma']],
      [{ q: '%' }, []],
      [{ q: '\\' }, []],
      [{ tag: 'code', drift: 'pending', q: 'gam' }, ['gamma']],
      [{ sort: 'name' }, ['delta', 'gamma', 'beta', 'alpha']],
      [{ sort: '-name' }, ['alpha', 'beta', 'gamma', 'delta']],
      [{ sort: 'slug' }, ['alpha', 'beta', 'delta', 'gamma']],
      [{ sort: '-createdAt' }, ['delta', 'gamma', 'beta', 'alpha']],
    ])('gateways by %o', async (query, expected) => {
      verifies('registry.lists');
      expect(await slugs('/gateways', query)).toEqual(expected);
    });

    it('gateways by what was rejected, or is suspected', async () => {
      const [waiting] = (await page('/gateways/gamma/verifications', { limit: '1' })).items;
      await harness.admin.ask('POST', `/gateways/gamma/verifications/${waiting!.id}/reject`);
      expect(await slugs('/gateways', { drift: 'rejected' })).toEqual(['gamma']);
      expect(await slugs('/gateways', { drift: 'pending' })).toEqual([]);
      await harness.sql.query(`update gateway set drift_suspected_at = now(), drift_suspected_by = 'list_changed'
        where slug = 'alpha'`);
      expect(await slugs('/gateways', { drift: 'suspected' })).toEqual(['alpha']);
    });

    it.each([
      [{ gateway: 'alpha' }, ['one', 'two']],
      [{ gateway: 'gamma' }, ['two']],
      [{ gateway: 'beta' }, []],
      [{ enabled: 'true' }, ['one', 'three']],
      [{ q: 'T' }, ['two', 'three']],
      [{ tag: 'code' }, ['three']],
      [{ sort: 'name' }, ['one', 'three', 'two']],
      [{ gateway: 'alpha', enabled: 'false' }, ['two']],
    ])('servers by %o', async (query, expected) => {
      verifies('registry.lists');
      expect(await slugs('/servers', query)).toEqual(expected);
    });

    it('verifications of one gateway and of all, by state and time', async () => {
      verifies('registry.lists');
      const states = async (path: string, query: Record<string, string>) =>
        (await page(path, query)).items.map(({ state }) => state);
      expect(await states('/gateways/delta/verifications', {})).toEqual(['cancelled', 'failed']);
      expect(await states('/gateways/delta/verifications', { sort: 'attempt' })).toEqual(['failed', 'cancelled']);
      expect(await states('/gateways/delta/verifications', { state: 'failed' })).toEqual(['failed']);
      expect(await states('/gateways/delta/verifications', { state: 'cancelled' })).toEqual(['cancelled']);
      const all = ['cancelled', 'failed', 'verified', 'verified', 'verified'];
      expect(await states('/verifications', {})).toEqual(all);
      expect(await states('/verifications', { sort: 'createdAt' })).toEqual(all.toReversed());
      expect(await states('/verifications', { gateway: 'gamma' })).toEqual(['verified', 'verified']);
      expect(await states('/verifications', { state: 'failed', gateway: 'delta' })).toEqual(['failed']);
      expect(await states('/verifications', { state: 'running' })).toEqual([]);
    });

    it('refuse a filter or an order that they do not have', async () => {
      for (const path of [
        '/gateways?sort=url',
        '/gateways?sort=constructor',
        '/gateways?state=on',
        '/gateways?drift=x',
        '/gateways?enabled=yes',
        '/servers?sort=--name',
        '/verifications?state=x',
        '/gateways?q=%00',
        '/gateways?q=',
      ])
        expect([path, (await harness.admin.request('GET', path)).status]).toEqual([path, 400]);
      const unknown = { errors: [{ field: 'gateway', rule: 'gateway_unknown' }] };
      for (const path of ['/servers?gateway=nobody', '/verifications?gateway=nobody'])
        expect(await refused(path)).toMatchObject([400, unknown]);
    });

    it.each([['-name'], ['createdAt'], ['slug']])(
      'are gone through by %s each once, while others are added',
      async (sort) => {
        verifies('registry.lists');
        const before = await slugs('/servers', { sort });
        const seen: string[] = [];
        for (let cursor: string | undefined = ''; cursor !== undefined;) {
          const next: Page = await page('/servers', { sort, limit: '1', ...(cursor && { cursor }) });
          seen.push(...next.items.map(({ slug }) => slug));
          // Before and after all others.
          if (seen.length <= 2) for (const end of ['0', 'z']) await server(`${end}${seen.length}${sort.replace('-', '').toLowerCase()}`); // prettier-ignore
          cursor = next.nextCursor;
        }
        expect(seen).toEqual([...new Set(seen)]);
        expect(seen.filter((slug) => before.includes(slug))).toEqual(before);
      },
    );

    it('are filtered and sorted by lethe ls', async () => {
      verifies('registry.lists');
      const ls = async (...flags: string[]) => {
        const { gateways, servers } = JSON.parse((await harness.lethe(['ls', ...flags, '--json'])).out);
        return [gateways, servers].map((rows: Row[]) => rows.map(({ slug }) => slug));
      };
      expect(await ls('--tag', 'code', '--sort', '-slug')).toEqual([['gamma', 'alpha'], ['three']]);
      expect(await ls('--gateway', 'gamma')).toEqual([[], ['two']]);
      expect(await ls('gateways', '--state', 'unverified', '--match', 'yank')).toEqual([['beta'], []]);
      expect((await harness.lethe(['ls', '--match', 'nothing like it'])).out).toContain('Nothing found.');
    });

    it('refuse a cursor of another order', async () => {
      const { nextCursor = '' } = await page('/gateways', { sort: 'name', limit: '1' });
      expect((await harness.admin.request('GET', `/gateways?sort=name&cursor=${nextCursor}`)).status).toBe(200);
      for (const sort of ['-name', 'slug', 'createdAt'])
        expect(await refused(`/gateways?sort=${sort}&cursor=${nextCursor}`)).toMatchObject([
          400,
          { errors: [{ field: 'cursor', rule: 'cursor' }] },
        ]);
    });

    it('show the rows after one that can not be read', async () => {
      await harness.sql.query(
        `delete from gateway_config where gateway_id = (select id from gateway where slug = 'beta')`,
      );
      const first = await page('/gateways', { limit: '2' });
      expect(first.items.map(({ slug }) => slug)).toEqual(['alpha']);
      const rest = await page('/gateways', { limit: '2', cursor: first.nextCursor ?? '' });
      expect(rest.items.map(({ slug }) => slug)).toEqual(['gamma', 'delta']);
    });

    it('all have pages in the document, and answer a cursor with any content', async () => {
      verifies('registry.cursors');
      const document: Document = readDocument(await (await fetch(`${harness.url}/openapi.json`)).json());
      const lists = operationsOf(document).filter(({ method, responses }) => {
        const { schema } = responses['200']?.content['application/json'] ?? {};
        return method === 'GET' && schema?.properties?.['items'] !== undefined;
      });
      expect(lists.length).toBeGreaterThan(12);
      const vid = await reviewed();
      const requests = lists.flatMap(({ operationId, path, parameters }) => {
        const names = parameters.map(({ name }) => name);
        expect([operationId, names.includes('cursor') && names.includes('limit')]).toEqual([operationId, true]);
        const target = path.replace('/v1', '').replace('{ref}', 'gamma').replace('{vid}', vid);
        return hostileCursors().map((cursor) => ({ path: `${target}?cursor=${cursor}`, cursor }));
      });
      const failures = await inParallel(requests, 16, async ({ path, cursor }) => {
        const { status } = await harness.admin.request('GET', path);
        return [200, 400, 409].includes(status)
          ? []
          : [`${status} ${path} ${Buffer.from(cursor, 'base64url').toString()}`];
      });
      expect(failures).toEqual([]);
    });

    const reviewed = async () => (await page('/gateways/gamma/verifications', { limit: '1' })).items[0]!.id;
  });
}

/** Values that a column of PostgreSQL can't have, at each place of each cursor that there is. */
function hostileCursors(): string[] {
  const id = '00000000-0000-4000-8000-000000000000';
  const values = [1e308, 1.5, 2 ** 31, 2 ** 53, -1, 'x', '\0', '-'.repeat(36), '0000-01-01T00:00:00.000Z',
    '2026-02-30T00:00:00.000Z', '+275760-09-13T00:00:00.000Z', 'é'.repeat(200), '\ud800', null, {}]; // prettier-ignore
  const positions = values.flatMap((value) => [
    [value],
    ['createdAt', value, id],
    ['-createdAt', '2026-01-01T00:00:00.000Z', value],
    ['-attempt', value, id],
    [value, 'a', id],
    [1, value, id],
    [1, 'a', value],
  ]);
  return positions.map(cursorOf).filter((cursor) => cursor.length <= 1_200);
}
