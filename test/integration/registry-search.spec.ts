import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifies } from '../requirements.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

interface Found {
  gateway: string;
  kind: string;
  name: string;
  title: string | null;
  description: string | null;
  tags: string[];
  stale: boolean;
  exposedCount: number;
  servers: { slug: string; exposed: string }[];
}
interface Page {
  items: Found[];
  nextCursor?: string;
}

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`the search of items over ${kind}`, () => {
    let harness: RegistryHarness;
    let github: { id: string; slug: string };
    let wiki: { id: string; slug: string };

    const page = (query: Record<string, string>) =>
      harness.admin.ask<Page>('GET', `/items?${new URLSearchParams(query).toString()}`);
    const names = async (q: string, more: Record<string, string> = {}) =>
      (await page({ q, ...more })).items.map(({ name }) => name);
    const indexed = (q: string, count: number) =>
      eventually(async () => expect(await names(q)).toHaveLength(count), 15_000);

    beforeAll(async () => {
      harness = await RegistryHarness.start(kind);
      github = await harness.gateway({ slug: 'github', tags: ['code'] });
      wiki = await harness.gateway({ slug: 'wiki' });
      await harness.verified(github.id, [
        tool('create_issue', 'Opens a new ticket in a repository'),
        tool('createPullRequest', 'Proposes changes to an issue'),
        tool('list-repos', 'Lists repositories'),
        tool('HTTPServerInfo', 'Über den Server'),
        {
          kind: 'resource',
          own: 'repo://lethe/README.md',
          definition: { uri: 'repo://lethe/README.md', name: 'readme', title: 'Read me first' },
        },
      ]);
      await harness.verified(wiki.id, [
        tool('find_page', 'Finds a page by its words'),
        tool('検索する', 'ページを検索する'),
        { kind: 'prompt', own: 'issue', definition: { name: 'issue', description: 'Writes about an issue' } },
      ]);
      await indexed('page', 1);
      await indexed('repositories', 1);
    });
    afterAll(() => harness?.stop());

    it('finds words of names, titles and descriptions in all catalogues, the best match first', async () => {
      verifies('registry.search');
      expect(await names('issue')).toEqual(['issue', 'create_issue', 'createPullRequest']);
      expect(await names('READ first')).toEqual(['repo://lethe/README.md']);
      expect(await names('uber')).toEqual(['HTTPServerInfo']);
      expect(await names('github')).toHaveLength(5);
      expect(await names('nothing of this')).toEqual([]);
    });

    it.each(['pull request', 'pullrequest', 'createPull', 'create_pull', 'create-pull-request', 'PULL', 'pul req'])(
      'finds createPullRequest by %s',
      async (q) => {
        verifies('registry.search');
        expect(await names(q)).toEqual(['createPullRequest']);
      },
    );

    it('finds names of several capital letters, and texts without spaces', async () => {
      expect(await names('http server')).toEqual(['HTTPServerInfo']);
      expect(await names('検索')).toEqual(['検索する']);
    });

    it('takes what would be an operator for nothing special', async () => {
      for (const q of [`'`, `a' | 'b`, '&', '!issue', '(issue', ':*', '\\', '%', '***', 'issue:A', '𝄞'.repeat(100)]) {
        expect([q, (await harness.admin.request('GET', `/items?q=${encodeURIComponent(q)}`)).status]).toEqual([q, 200]);
      }
      expect(await names('!issue')).toHaveLength(3);
      expect((await harness.admin.request('GET', '/items?q=%00')).status).toBe(400);
    });

    it('finds by kind, gateway and tag, also without words', async () => {
      expect(await names('issue', { kind: 'prompt' })).toEqual(['issue']);
      expect(await names('issue', { gateway: github.id })).toEqual(['create_issue', 'createPullRequest']);
      expect(await names('issue', { tag: 'code' })).toEqual(['create_issue', 'createPullRequest']);
      const itemTags = [{ kind: 'tool', name: 'create_*', tags: ['writes'] }];
      await harness.admin.ask('PATCH', '/gateways/github', { itemTags });
      await eventually(async () => expect(await names('issue', { tag: 'writes' })).toEqual(['create_issue']));
      expect((await page({ tag: 'writes' })).items).toMatchObject([{ name: 'create_issue', tags: ['code', 'writes'] }]);
      const all = await page({ gateway: 'wiki' });
      expect(all.items.map(({ name }) => name)).toEqual(['find_page', 'issue', '検索する']);
      const unknown = await harness.admin.request('GET', '/items?gateway=missing');
      expect([unknown.status, unknown.body]).toMatchObject([
        400,
        { errors: [{ field: 'gateway', rule: 'gateway_unknown' }] },
      ]);
    });

    it('goes through all matches page by page, each once', async () => {
      const queries: Record<string, string>[] = [{ q: 'issue' }, {}, { q: 'github' }];
      for (const query of queries) {
        const whole = (await page(query)).items;
        const found: Found[] = [];
        for (let cursor: string | undefined = ''; cursor !== undefined;) {
          const next: Page = await page({ ...query, limit: '1', ...(cursor && { cursor }) });
          found.push(...next.items);
          cursor = next.nextCursor;
        }
        expect(found).toEqual(whole);
      }
    });

    it('says which virtual servers expose an item, and by which name', async () => {
      verifies('registry.search');
      const items = [{ gateway: 'github', kind: 'tool', name: 'list-repos', as: 'repos' }];
      await harness.admin.ask('POST', '/servers', { name: 'b', slug: 'b', items });
      await harness.admin.ask('POST', '/servers', { name: 'a', slug: 'a', include: [{ gateway: 'github' }] });
      const [found] = (await page({ q: 'list repos' })).items;
      expect(found).toEqual({
        gateway: 'github',
        kind: 'tool',
        name: 'list-repos',
        title: null,
        description: 'Lists repositories',
        tags: ['code'],
        stale: false,
        exposedCount: 2,
        servers: [
          { slug: 'a', exposed: 'list-repos' },
          { slug: 'b', exposed: 'repos' },
        ],
      });
      await harness.admin.ask('DELETE', '/servers/a');
      expect((await page({ q: 'list repos' })).items[0]).toMatchObject({ exposedCount: 1 });
    });

    it('is a command', async () => {
      const { out, code } = await harness.lethe(['search', 'list', 'repos', '--kind', 'tool']);
      expect([code, out]).toEqual([
        0,
        expect.stringMatching(/github +tool +list-repos +in b as repos +Lists repositories/),
      ]);
      const json = await harness.lethe(['search', 'page', '--gateway', 'wiki', '--json']);
      expect(JSON.parse(json.out)).toMatchObject({ items: [{ gateway: 'wiki', name: 'find_page' }] });
      expect((await harness.lethe(['search', 'nothing-like-it'])).out).toContain('Nothing found');
    });

    it('follows the catalogue, whoever writes it: an item that is gone is not found, nor those of a deleted gateway', async () => {
      verifies('registry.search');
      const { id } = await harness.gateway();
      await harness.verified(id, [tool('zebra_one'), tool('zebra_two')]);
      await indexed('zebra', 2);
      await harness.verified(id, [tool('zebra_two', 'striped'), tool('zebra_three')]);
      await expect.poll(() => names('striped')).toEqual(['zebra_two']);
      expect((await names('zebra')).toSorted()).toEqual(['zebra_three', 'zebra_two']);
      // As a release without the index does it.
      await harness.sql.query(`delete from catalogue_item where gateway_id = $1 and own = 'zebra_three'`, [id]);
      await harness.sql.query(`update gateway set blocks = '["other"]' where id = $1`, [id]);
      await harness.admin.ask('POST', '/servers', { name: 'any change' });
      await indexed('zebra', 1);
      await harness.admin.ask('DELETE', `/gateways/${id}`);
      expect(await names('zebra')).toEqual([]);
    });
  });
}

describe.skipIf(!isDatabaseAvailable('postgres'))('the search of many items', () => {
  it('reads the index of words, and not all items', async () => {
    verifies('registry.search');
    const harness = await RegistryHarness.start('postgres');
    try {
      const { id } = await harness.gateway();
      await harness.sql.query(
        `insert into searchable_item (id, gateway_id, kind, own, key, stale, tags, words, digest)
          select gen_random_uuid(), $1, 'tool', 'tool_' || n, 'tool_' || n, false, '[]', to_tsvector('simple', 'tool ' || n), ''
            from generate_series(1, 5000) n`,
        [id],
      );
      await harness.sql.query('analyze searchable_item');
      const { rows } = await harness.sql.query<{ 'QUERY PLAN': string }>(
        `explain select * from searchable_item s join gateway g on g.id = s.gateway_id
          where g.deleted_at is null and s.words @@ '''4711'':*'::tsquery`,
      );
      expect(rows.map((row) => row['QUERY PLAN']).join('\n')).toContain('searchable_item_words_index');
    } finally {
      await harness.stop();
    }
  });
});
