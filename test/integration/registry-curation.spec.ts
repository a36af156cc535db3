import type { CatalogueItem } from '@lethe/contracts';
import { readSettings, type RunningService } from '@lethe/platform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startProxy } from '../../apps/proxy/src/proxy.app.js';
import { verifies } from '../requirements.js';
import { servedBy } from '../support/calls.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { eventually } from '../support/eventually.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { legacy, modern } from '../support/proxy/rpc.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';

interface ServerView {
  id: string;
  slug: string;
  tags: string[];
  items: object[];
  include: object[];
  gateways: string[];
  exposed: { exposed: string; gateway: string; own: string; tags: string[] }[];
  leftOut: { gateway: string; own?: string; reason: string }[];
  lost: { name: string }[];
  curationWarnings: { code: string; gateway?: string; estimatedTokens?: number }[];
  revision: number;
}
interface SizeView {
  kind: string;
  total: number;
  bytes: number;
  estimatedTokens: number;
  gateways: { gateway: string; items: number; bytes: number }[];
  items: { exposed: string; bytes: number; tags: string[] }[];
  nextCursor?: string;
}

const hinted = (own: string, annotations: object, description = own): CatalogueItem => {
  const item = tool(own, description);
  return { ...item, definition: { ...item.definition, annotations: { ...annotations } } };
};
const GITHUB = [
  hinted('repo_read', { readOnlyHint: true }),
  hinted('repo_write', { readOnlyHint: false }),
  tool('create_issue', 'Creates an issue'),
  tool('delete_repo'),
];

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`curation of virtual servers, from the registry over ${kind}`, () => {
    let harness: RegistryHarness;
    let proxy: RunningService;

    beforeAll(async () => {
      harness = await RegistryHarness.start(kind);
      const settings = readSettings({ LETHE_HOME: harness.home, PROXY_PORT: '0', LETHE_LOG_LEVEL: 'silent' });
      proxy = await startProxy({ settings, bus: { broker: harness.broker, service: 'proxy' }, trust: harness.trust });
    });
    afterAll(async () => {
      await proxy?.close();
      await harness?.stop();
    });

    const ask = <T = ServerView>(method: string, path: string, body?: object) =>
      harness.admin.ask<T>(method, path, body);
    const serve = async (more: object) => {
      const view = await ask('POST', '/servers', { name: 'Curated', access: 'open', ...more });
      await servedBy(proxy.url, view.slug);
      return view;
    };
    const gateway = async (items: CatalogueItem[], more: object = {}) => {
      const made = await harness.gateway({ passthroughHeaders: [], ...more });
      await harness.verified(made.id, items);
      return made;
    };
    const names = ({ exposed }: ServerView) => exposed.map((each) => each.exposed).sort();
    const endpoint = (slug: string) => `${proxy.url}/servers/${slug}/mcp`;
    const listed = async (slug: string) => {
      const clients = [await connectLegacy(endpoint(slug), {}), await connectModern(endpoint(slug), {})];
      const [first, second] = await Promise.all(
        clients.map(async (client) => {
          const { tools } = await client.listTools();
          await client.close();
          return tools.map(({ name, description }) => ({ name, description }));
        }),
      );
      expect(second).toEqual(first);
      return first;
    };

    it('show clients of both eras exactly what was curated, and the rest does not exist', async () => {
      verifies('curation.exactly');
      const { slug: github } = await gateway(GITHUB);
      const item = (name: string, more: object) => ({ gateway: github, kind: 'tool', name, ...more });
      const { slug, items } = await serve({
        include: [{ gateway: github }],
        items: [
          item('delete_repo', { enabled: false }),
          item('create_issue', { as: 'open_issue', description: 'Opens an issue', tags: ['issues'], readOnly: false }),
        ],
      });
      const curated = [
        { name: 'open_issue', description: 'Opens an issue' },
        { name: 'repo_read', description: 'repo_read' },
        { name: 'repo_write', description: 'repo_write' },
      ];
      await eventually(async () => expect(await listed(slug)).toEqual(curated));
      for (const send of [legacy, modern]) {
        const call = async (name: string) => {
          const { status, text } = await send(endpoint(slug), 'tools/call', { name, arguments: {} });
          return `${status} ${text}`.replaceAll(name, '<name>');
        };
        const unknown = await call('never_there');
        expect(await call('delete_repo')).toBe(unknown);
        expect(await call('create_issue')).toBe(unknown);
        expect(await call('open_issue')).not.toBe(unknown);
      }
      expect(items).toEqual([
        item('delete_repo', { enabled: false }),
        item('create_issue', { as: 'open_issue', description: 'Opens an issue', readOnly: false, tags: ['issues'] }),
      ]);
      expect((await ask('PATCH', `/servers/${slug}`, { items })).items).toEqual(items);
    });

    it('keep what was decided about an item through verifications, and when it is gone for a while', async () => {
      verifies('curation.survives-drift');
      const itemTags = [{ kind: 'tool', name: 'create_*', tags: ['writes'] }];
      const made = await gateway(GITHUB, { itemTags });
      const pick = { gateway: made.slug, kind: 'tool', name: 'create_issue', as: 'open_issue', description: 'Ours' };
      const off = { gateway: made.slug, kind: 'tool', name: 'delete_repo', enabled: false };
      const { slug } = await serve({ include: [{ gateway: made.slug }], items: [pick, off] });
      const theirs = { ...tool('create_issue', 'Theirs, and new') };
      await harness.verified(made.id, [...GITHUB.slice(0, 2), theirs, tool('delete_repo', 'changed')]);
      const own = { name: 'open_issue', description: 'Ours' };
      await eventually(async () => expect(await listed(slug)).toContainEqual(own));
      await harness.verified(made.id, GITHUB.slice(0, 2));
      expect(await ask('GET', `/servers/${slug}`)).toMatchObject({ lost: [{ name: 'open_issue' }] });
      await harness.verified(made.id, GITHUB);
      const back = await ask('GET', `/servers/${slug}`);
      expect(names(back)).toEqual(['open_issue', 'repo_read', 'repo_write']);
      expect(back.exposed[0]).toMatchObject({ own: 'create_issue', tags: ['writes'] });
      const { items } = await ask<{ items: object[] }>('GET', `/gateways/${made.slug}/tools`);
      expect(items).toMatchObject([{ tags: [] }, { tags: [] }, { tags: ['writes'] }, { tags: [] }]);
    });

    it('follow the tags of gateways: one that gets a tag is served, one that loses it is not', async () => {
      verifies('curation.tags');
      const tag = `prod-${kind}`;
      const first = await gateway([tool('one')], { tags: [tag, 'other'] });
      const { slug, ...made } = await serve({ include: [{ gatewayTags: [tag], kinds: ['tool'] }], tags: ['team:a'] });
      expect(made).toMatchObject({ tags: ['team:a'], include: [{ gatewayTags: [tag], kinds: ['tool'] }] });
      expect([names({ slug, ...made }), made.gateways]).toEqual([['one'], [first.slug]]);
      const second = await harness.gateway({ passthroughHeaders: [], tags: [tag] });
      const waits = await ask('GET', `/servers/${slug}`);
      expect(waits.leftOut).toEqual([{ gateway: second.slug, reason: 'gateway_unverified' }]);
      await harness.verified(second.id, [tool('two')]);
      await eventually(async () => expect((await listed(slug))?.map(({ name }) => name)).toEqual(['one', 'two']));
      const third = await gateway([tool('three')]);
      await ask('PATCH', `/gateways/${third.slug}`, { tags: [tag] });
      await ask('PATCH', `/gateways/${first.slug}`, { tags: ['other'] });
      const after = await ask('GET', `/servers/${slug}`);
      expect([names(after), after.gateways]).toEqual([
        ['three', 'two'],
        [second.slug, third.slug],
      ]);
      await eventually(async () => expect((await listed(slug))?.map(({ name }) => name)).toEqual(['two', 'three']));
      const refused = await harness.admin.request('DELETE', `/gateways/${second.id}`);
      expect(refused).toMatchObject({ status: 409, body: { code: 'gateway_in_use', servers: [slug] } });
      await ask('PATCH', `/gateways/${first.slug}`, { tags: [tag] });
      expect(names(await ask('GET', `/servers/${slug}`))).toEqual(['one', 'three', 'two']);
    });

    it('let a gateway that was only tagged be removed while it was never verified', async () => {
      const tag = `removed-${kind}`;
      const { slug } = await serve({ include: [{ gatewayTags: [tag] }] });
      const made = await harness.gateway({ tags: [tag] });
      expect((await ask('GET', `/servers/${slug}`)).leftOut).toHaveLength(1);
      await ask('DELETE', `/gateways/${made.id}`);
      expect(await ask('GET', `/servers/${slug}`)).toMatchObject({ leftOut: [], gateways: [] });
    });

    it('follow the tags of items and the annotations of tools, where a gateway’s hints are trusted', async () => {
      verifies('curation.tags');
      const { id, slug: github } = await gateway(GITHUB);
      const rule = { gateway: github, tags: ['reads'] };
      const { slug } = await serve({ include: [rule] });
      expect(names(await ask('GET', `/servers/${slug}`))).toEqual([]);
      await ask('PATCH', `/gateways/${github}`, { itemTags: [{ kind: 'tool', name: '*_read', tags: ['reads'] }] });
      expect(names(await ask('GET', `/servers/${slug}`))).toEqual(['repo_read']);
      await harness.verified(id, [...GITHUB, tool('file_read')]);
      expect(names(await ask('GET', `/servers/${slug}`))).toEqual(['file_read', 'repo_read']);
      const include = [{ gateway: github, annotations: { readOnlyHint: true } }];
      const untrusted = await ask('PATCH', `/servers/${slug}`, { include });
      expect(untrusted).toMatchObject({
        exposed: [],
        curationWarnings: [{ code: 'hints_untrusted', gateway: github }],
      });
      await ask('PATCH', `/gateways/${github}`, { trustHints: true });
      expect(await ask('GET', `/servers/${slug}`)).toMatchObject({ include, curationWarnings: [] });
      expect(names(await ask('GET', `/servers/${slug}`))).toEqual(['repo_read']);
      await harness.verified(id, [hinted('repo_write', { readOnlyHint: true })]);
      const drifted = await ask('GET', `/servers/${slug}`);
      expect([names(drifted), drifted.lost]).toMatchObject([['repo_write'], [{ name: 'repo_read' }]]);
    });

    it('count no tags that nobody gave: neither from before they were sealed nor from a writer of the database', async () => {
      verifies('curation.tampered-tags');
      const tag = `sealed-${kind}`;
      const mine = await gateway([tool('mine')], { tags: [tag] });
      const his = await gateway([tool('his')]);
      const { slug } = await serve({ include: [{ gatewayTags: [tag] }] });
      const setTags = (id: string) =>
        harness.sql.query(`update gateway set tags = $2 where id = $1`, [id, JSON.stringify([tag])]);
      await setTags(his.id);
      const changed = await ask('PATCH', `/servers/${slug}`, { description: 'anew' });
      expect(names(changed)).toEqual(['mine']);
      expect(changed.curationWarnings).toEqual([{ code: 'tags_unsealed', gateway: his.slug }]);
      await harness.sql.query(
        `update gateway g set tags_mac = m.tags_mac from gateway m where g.id = $1 and m.id = $2`,
        [his.id, mine.id],
      );
      await harness.verified(his.id, [tool('his')]);
      expect(names(await ask('PATCH', `/servers/${slug}`, { description: 'again' }))).toEqual(['mine']);
      await ask('PATCH', `/gateways/${his.slug}`, { tags: [tag] });
      expect(names(await ask('GET', `/servers/${slug}`))).toEqual(['his', 'mine']);
      await harness.sql.query(
        `update gateway set item_tags = '[{"kind":"tool","name":"*","tags":["x"]}]' where id = $1`,
        [his.id],
      );
      expect(names(await ask('PATCH', `/servers/${slug}`, { description: 'once more' }))).toEqual(['mine']);
    });

    it('change one item without the others, also by two administrators at once', async () => {
      verifies('curation.one-item');
      const made = await gateway(Array.from({ length: 20 }, (_, n) => tool(`t${n}`)));
      const { slug } = await serve({ include: [{ gateway: made.slug }] });
      const item = (name: string, more: object = {}) => ({ gateway: made.slug, kind: 'tool', name, ...more });
      const path = `/servers/${slug}/items`;
      const mine = Array.from({ length: 20 }, (_, n) => `mine_${n}`);
      const changes = mine.map((as, n) => item(`t${n}`, { as }));
      await Promise.all(changes.map((change) => ask('PATCH', path, { items: [change] })));
      const renamed = await ask('GET', `/servers/${slug}`);
      expect(names(renamed)).toEqual(mine.toSorted());
      const merged = await ask('PATCH', path, {
        remove: [item('t1'), item('t_unknown')],
        items: [item('t0', { description: 'zero' }), item('t2', { as: null, enabled: false })],
      });
      expect(merged.items).toContainEqual(item('t0', { as: 'mine_0', description: 'zero' }));
      expect(merged.items).toContainEqual(item('t2', { enabled: false }));
      expect(merged.items).not.toContainEqual(expect.objectContaining({ name: 't1' }));
      expect(names(merged)).toContain('t1');
      const tag = (await harness.admin.request('GET', `/servers/${slug}`)).headers.get('etag') ?? '';
      await ask('PATCH', path, { items: [item('t3', { tags: ['x'] })] });
      const late = await harness.admin.request('PATCH', path, { items: [item('t4')] }, { 'if-match': tag });
      expect(late).toMatchObject({ status: 412, body: { code: 'precondition_failed' } });
      const clash = await harness.admin.request('PATCH', path, { items: [item('t5', { as: 'mine_6' })] });
      expect(clash).toMatchObject({ status: 409, body: { code: 'name_clash' } });
      const { revision } = await ask('GET', `/servers/${slug}`);
      expect((await ask('PATCH', path, { items: [item('t3', { tags: ['x'] })] })).revision).toBe(revision);
    });

    it('are made by the lethe command, which tells misspelt names', async () => {
      verifies('cli.curation');
      const made = await gateway(GITHUB);
      const other = await gateway([hinted('look', { readOnlyHint: true }), tool('touch')]);
      const { slug } = await serve({ include: [{ gateway: made.slug }] });
      const run = async (...argv: string[]) => {
        const done = await harness.lethe(argv);
        expect(done.code, done.err).toBe(0);
        return done;
      };
      const tag = `cli-${kind}`;
      await run(
        'edit',
        other.slug,
        '--tag',
        tag,
        '--tag',
        'team:a',
        '--trust-hints',
        '--item-tag',
        'tool:l*=reads,safe',
      );
      await run('edit', other.slug, '--untag', 'team:a', 'description=Others');
      expect(await ask('GET', `/gateways/${other.slug}`)).toMatchObject({
        ...{ tags: [tag], trustHints: true, description: 'Others' },
        itemTags: [{ kind: 'tool', name: 'l*', tags: ['reads', 'safe'] }],
      });
      const of = (name: string, more: object) => ({ gateway: made.slug, kind: 'tool', name, ...more });
      const item = (name: string, value = '') => `${made.slug}/${name}${value && `=${value}`}`;
      const renamed = [
        '--rename',
        item('create_issue', 'open_issue'),
        '--describe',
        item('create_issue', 'Opens = one'),
      ];
      const marks = ['--read-only', item('repo_write', 'false'), '--item-tag', item('create_issue', 'issues')];
      const rules = ['--include-tag', tag, '--with-hint', 'read-only', '--tag', 'dev'];
      const changed = await run('edit', slug, '--hide', item('delete_repo'), ...renamed, ...marks, ...rules);
      expect(changed.out).toContain(`${slug} serves 4 items.`);
      const view = await ask('GET', `/servers/${slug}`);
      expect(names(view)).toEqual(['look', 'open_issue', 'repo_read', 'repo_write']);
      expect(view).toMatchObject({
        tags: ['dev'],
        include: [{ gateway: made.slug }, { gatewayTags: [tag], annotations: { readOnlyHint: true } }],
        items: [
          of('delete_repo', { enabled: false }),
          of('create_issue', { as: 'open_issue', description: 'Opens = one', tags: ['issues'] }),
          of('repo_write', { readOnly: false }),
        ],
      });
      await run('edit', slug, '--show', item('delete_repo'), '--reset', item('create_issue'));
      await run('edit', slug, '--include', `${other.slug}:tools:t*,l*`, '--with-tag', 'reads');
      const after = await ask('GET', `/servers/${slug}`);
      expect(names(after)).toEqual(['create_issue', 'delete_repo', 'look', 'repo_read', 'repo_write']);
      expect(after.items).toEqual([of('delete_repo', {}), of('repo_write', { readOnly: false })]);
      expect(after.include.at(-1)).toEqual({
        ...{ gateway: other.slug, kinds: ['tool'], names: ['t*', 'l*'], tags: ['reads'] },
      });
      const served = await run(
        'serve',
        'Readers',
        '--from',
        other.slug,
        '--with-hint',
        'read-only',
        '--tag',
        'a',
        '--json',
      );
      expect(JSON.parse(served.out)).toMatchObject({ server: { tags: ['a'], exposed: [{ own: 'look' }] } });
      const size = await run('size', slug, '--top', '1');
      expect(size.out).toMatch(/has 5 tools: about \d+ tokens/);
      expect(size.out).toContain('The largest:');
      const shown = await run('show', other.slug);
      expect(shown.out).toMatch(new RegExp(`tags\\s+${tag}`));
      expect(shown.out).toMatch(new RegExp(`served by\\s+${slug}`));
      for (const [argv, code, text] of [
        [['edit', slug, '--hide', item('delet_repo')], 3, 'did you mean delete_repo?'],
        [['edit', slug, '--hide', `${made.slug}x/a`], 3, `did you mean ${made.slug}?`],
        [['edit', slug, '--hide', 'delete_repo'], 2, '<gateway>/<name>'],
        [['edit', slug, '--trust-hints'], 2, 'only a gateway'],
        [['edit', made.slug, '--hide', item('delete_repo')], 2, 'only a virtual server'],
        [['edit', slug, '--tag', 'dev', 'tags=[]'], 2, 'one or the other'],
        [['edit', slug, '--hid', item('delete_repo')], 2, '--hide'],
        [['edit', slug, '--with-hint', 'harmless'], 2, 'idempotent'],
        [['edit', slug], 2, 'Nothing is to be changed'],
      ] as const) {
        expect(await harness.lethe([...argv])).toMatchObject({ code, err: expect.stringContaining(text) });
      }
    });

    it('say how large the tools are for a model, largest first, whole or for a role', async () => {
      verifies('curation.size');
      const [small, large] = [tool('small', 's'), tool('large', 'x'.repeat(4_000))];
      const made = await gateway([small, large, tool('hidden')], {
        itemTags: [{ kind: 'tool', name: 'large', tags: ['big'] }],
      });
      const off = { gateway: made.slug, kind: 'tool', name: 'hidden', enabled: false };
      const { slug } = await serve({
        include: [{ gateway: made.slug }],
        items: [off],
        grants: [{ role: '*', names: ['s*'] }, { role: 'eng' }],
      });
      const size = (query: string) => ask<SizeView>('GET', `/servers/${slug}/size${query}`);
      const all = await size('');
      const bytes = [large, small].map(({ definition }) => Buffer.byteLength(JSON.stringify(definition)));
      const sum = bytes[0]! + bytes[1]!;
      expect(all).toMatchObject({
        ...{ kind: 'tool', total: 2, bytes: sum, estimatedTokens: Math.ceil(sum / 4) },
        gateways: [{ gateway: made.slug, items: 2, bytes: sum }],
        items: [
          { exposed: 'large', bytes: bytes[0], tags: ['big'] },
          { exposed: 'small', bytes: bytes[1], tags: [] },
        ],
      });
      expect(await size('?role=*')).toMatchObject({ total: 1, bytes: bytes[1] });
      expect(await size('?role=ops,eng')).toMatchObject({ total: 2 });
      expect(await size('?kind=prompt')).toMatchObject({ kind: 'prompt', total: 0, items: [] });
      const page = await size('?limit=1');
      expect(page).toMatchObject({ total: 2, items: [{ exposed: 'large' }] });
      const next = await size(`?limit=1&cursor=${page.nextCursor}`);
      expect(next.items).toMatchObject([{ exposed: 'small' }]);
      expect(next).not.toHaveProperty('nextCursor');
    });

    it('warn when the tools are too long for a model', async () => {
      verifies('curation.size');
      const made = await gateway(Array.from({ length: 30 }, (_, n) => tool(`t${n}`, 'x'.repeat(4_000))));
      const { slug, curationWarnings } = await serve({ include: [{ gateway: made.slug }] });
      expect(curationWarnings).toMatchObject([{ code: 'tools_over_limit', limitTokens: 25_000 }]);
      expect(curationWarnings[0]?.estimatedTokens).toBeGreaterThan(30_000);
      const few = await ask('PATCH', `/servers/${slug}`, { include: [{ gateway: made.slug, names: ['t1*'] }] });
      expect(few.curationWarnings).toEqual([]);
    });

    it('refuse what can not be meant', async () => {
      const { slug: github } = await gateway([tool('a')]);
      const wrong = [
        { include: [{}] },
        { include: [{ gatewayTags: [] }] },
        { include: [{ gateway: github, tags: ['No Tag'] }] },
        { include: [{ gateway: github, tags: ['a', 'a'] }] },
        { include: [{ gateway: github, annotations: { title: 'x' } }] },
        { include: [{ gateway: github, annotations: { readOnlyHint: 'yes' } }] },
        { tags: Array.from({ length: 33 }, (_, n) => `t${n}`) },
        { tags: ['UPPER'] },
        { items: [{ gateway: github, kind: 'tool', name: 'a', tags: ['-x'] }] },
      ];
      for (const body of wrong) {
        const answer = await harness.admin.request('POST', '/servers', { name: 'x', ...body });
        expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } });
      }
      for (const itemTags of [
        [{ kind: 'tool', name: '*' }],
        [{ kind: 'x', name: '*', tags: ['a'] }],
        [{ kind: 'tool', name: '*'.repeat(9), tags: ['a'] }],
      ]) {
        expect((await harness.admin.request('PATCH', `/gateways/${github}`, { itemTags })).status).toBe(400);
      }
      const unknown = { items: [{ gateway: 'nobody', kind: 'tool', name: 'a' }] };
      const { slug } = await ask('POST', '/servers', { name: 'x' });
      const refused = await harness.admin.request('PATCH', `/servers/${slug}/items`, unknown);
      expect(refused.body).toMatchObject({ errors: [{ field: 'items', rule: 'gateway_unknown' }] });
    });
  });
}
