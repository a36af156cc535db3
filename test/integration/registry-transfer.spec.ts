import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { fieldsOf } from '../../apps/registry/src/rest/dto-fields.js';
import { ImportGatewayDto, ImportServerDto } from '../../apps/registry/src/transfer/import.dto.js';
import { verifies } from '../requirements.js';
import { Admin } from '../support/admin.js';
import { DATABASE_KINDS, isDatabaseAvailable } from '../support/database.js';
import { tool } from '../support/registry/fake-connector.js';
import { RegistryHarness } from '../support/registry/registry-harness.js';
import {
  exported,
  FULL_GATEWAY,
  FULL_SERVER,
  imported,
  NESTED,
  served,
  valuesAt,
  writtenBy,
} from '../support/registry/transfer.js';

const ON = { LETHE_KEPT_CREDENTIALS: 'on' };
const KEPT = { scheme: 'bearer', token: 'a-service-key-of-the-upstream' } as const;
type Entry = Record<string, unknown> & { slug: string };
interface Doc {
  apiVersion: string;
  gateways: (Entry & { catalogue?: { items: string; receipt: string; tlsCa?: string } })[];
  servers: (Entry & { names?: object[] })[];
}

const documentOf = (parts: Partial<Doc>): string => stringify({ apiVersion: 'lethe/v1', ...parts });
const read = async (from: RegistryHarness, query?: string): Promise<Doc> => parse(await exported(from, query)) as Doc;

for (const kind of DATABASE_KINDS) {
  describe.skipIf(!isDatabaseAvailable(kind))(`export and import over ${kind}`, () => {
    let source: RegistryHarness;
    let target: RegistryHarness;
    let named = 0;
    beforeAll(async () => {
      source = await RegistryHarness.start(kind, ON);
      target = await RegistryHarness.start(kind, ON, source.trust);
    });
    afterAll(async () => {
      await source?.stop();
      await target?.stop();
    });

    /** A gateway that serves these tools, and its part of an export. */
    const gateway = async (tools: string[] = ['search'], more: Record<string, unknown> = {}) => {
      const made = await source.gateway({ slug: `${kind}-${(named += 1)}`, ...more });
      await source.verified(made.id, tools.map((own) => tool(own))); // prettier-ignore
      return made.slug;
    };
    const server = (body: object) => source.admin.ask<Entry>('POST', '/servers', { name: 'S', ...body });

    it('has every field that can be given, and an empty registry with the same keys serves the same', async () => {
      verifies('transfer.round-trip');
      const first = await gateway(['search', 'fetch', 'odd: "name" # ü 😀'], FULL_GATEWAY);
      const second = await gateway(['search', 'list'], { passthroughHeaders: [{ header: 'X-Key', required: true }] });
      const waits = await source.gateway({ slug: `${kind}-waits`, url: 'https://waits.example.com/mcp' });
      const moves = await gateway(['move']);
      await source.admin.ask('PATCH', `/gateways/${moves}`, { url: 'https://moves.example.com/mcp' });
      await server({ slug: 'whole', ...FULL_SERVER(first, second) });
      await server({
        slug: 'plain',
        include: [{ gateway: second }, { gateway: first }, { gateway: waits.slug }, { gateway: moves }],
      });
      await source.admin.keep(first, KEPT);
      const doc = await read(source, '?catalogue=true');
      const [one, whole] = [
        doc.gateways.find(({ slug }) => slug === first),
        doc.servers.find(({ slug }) => slug === 'whole'),
      ];
      expect(
        fieldsOf(ImportGatewayDto).filter((field) => !(field in one!)),
        'not exported of gateways',
      ).toEqual([]);
      expect(
        fieldsOf(ImportServerDto).filter((field) => !(field in whole!)),
        'not exported of servers',
      ).toEqual([]);
      for (const [path, dto] of NESTED) {
        const given = new Set(valuesAt({ gateway: one, server: whole }, path).flatMap(Object.keys));
        expect([path, fieldsOf(dto).filter((field) => !given.has(field))]).toEqual([path, []]);
      }

      const text = await exported(source, '?catalogue=true');
      const { status, body: plan } = await imported(target, text);
      expect([status, plan.counts]).toEqual([200, { create: 6, change: 0, delete: 0, unchanged: 0, problems: 0 }]);
      expect(plan.objects.filter(({ verify }) => verify)).toMatchObject([{ slug: moves }, { slug: waits.slug, verify: `lethe verify ${waits.slug}` }]); // prettier-ignore
      verifies('kept.exported');
      expect(plan.objects.filter(({ keep }) => keep)).toMatchObject([{ slug: first, keep: `lethe keep ${first}` }]);
      expect((await imported(target, text)).body).toMatchObject({ counts: { unchanged: 6 }, objects: expect.arrayContaining([expect.objectContaining({ slug: first, keep: `lethe keep ${first}` })]) }); // prettier-ignore
      await target.admin.keep(first, KEPT);
      expect((await imported(target, text)).body.objects.filter(({ keep }) => keep)).toEqual([]);
      expect(await target.admin.ask('GET', `/gateways/${moves}`)).toMatchObject({ state: 'verified', pending: { url: 'https://moves.example.com/mcp' } }); // prettier-ignore
      expect(await exported(target, '?catalogue=true')).toBe(text);
      expect(await exported(target)).toBe(await exported(source));
      for (const slug of ['whole', 'plain']) expect(await served(target, slug)).toEqual(await served(source, slug));
      const json = await exported(source, '', 'application/json');
      expect(JSON.parse(json)).toEqual(await read(source));
    });

    it('changes nothing the second time: no revision, no event, no audit entry', async () => {
      verifies('transfer.idempotent');
      const text = await exported(source, '?catalogue=true');
      for (const registry of [source, target]) {
        const before = await writtenBy(registry);
        const { body } = await imported(registry, text);
        expect(body.counts).toMatchObject({ create: 0, change: 0, delete: 0, problems: 0 });
        expect(await writtenBy(registry)).toEqual(before);
      }
    });

    it('has no secret, no id, no time and no key, and nothing of a credential that is kept', async () => {
      verifies('kept.ciphertext-only');
      const keeping = await gateway();
      const before = await read(source, `?gateway=${keeping}`);
      await source.admin.keep(keeping, KEPT);
      const after = await read(source, `?gateway=${keeping}`);
      expect(after).toEqual({ ...before, gateways: [{ ...before.gateways[0], credential: 'kept' }] });
      const { id } = await source.admin.ask<{ id: string }>('POST', '/keys', { name: 'of a caller', servers: '*' });
      const text = await exported(source);
      expect(text).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-|lethe_|20\d\d-\d\d-\d\dT|of a caller|revision|[^i]version:/i);
      expect(text).not.toContain(id);
    });

    it('exports a part', async () => {
      const [slug] = (await read(source)).gateways.map((each) => each.slug);
      const part = await read(source, `?gateway=${slug}`);
      expect([part.gateways.map((each) => each.slug), part.servers]).toEqual([[slug], []]);
      const other = await read(source, `?gateway=${slug}&server=plain`);
      expect([other.gateways.length, other.servers.map((each) => each.slug)]).toEqual([1, ['plain']]);
      expect((await source.admin.request('GET', '/export?gateway=nobody')).status).toBe(404);
    });

    it('keeps the names of items that another registry would name differently', async () => {
      const [first, second] = [await gateway(['same']), await gateway(['same'])];
      await server({ slug: 'names', include: [{ gateway: first }] });
      await source.admin.ask('PATCH', '/servers/names', { include: [{ gateway: second }, { gateway: first }] });
      const doc = await read(source);
      const part = { gateways: doc.gateways.filter(({ slug }) => [first, second].includes(slug)), servers: doc.servers.filter(({ slug }) => slug === 'names') }; // prettier-ignore
      expect(part.servers[0]!.names).toEqual([
        { kind: 'tool', exposed: `${second}-same`, gateway: second, own: 'same' },
        { kind: 'tool', exposed: 'same', gateway: first, own: 'same' },
      ]);
      await imported(target, documentOf(part));
      // Without their catalogues both are verified again, and the other one is first.
      for (const slug of [second, first]) await target.verified(slug, [tool('same')]);
      expect(await served(target, 'names')).toMatchObject({ items: [
        { exposed: `${second}-same`, gateway: second }, { exposed: 'same', gateway: first },
      ] }); // prettier-ignore
      expect((await read(target, '?server=names')).servers).toEqual(part.servers);
      const taken = { ...part.servers[0]!, names: [{ kind: 'tool', exposed: 'same', gateway: second, own: 'same' }] };
      const { body } = await imported(target, documentOf({ servers: [taken] }), '?dryRun=true');
      expect(body.objects).toMatchObject([{ problem: { code: 'name_clash' } }]);
    });

    it('says which gateways wait for a verification, if the keys are others or a catalogue is not as it was', async () => {
      verifies('transfer.catalogue-proven');
      const slug = await gateway(['a']);
      const { gateways } = await read(source, `?gateway=${slug}&catalogue=true`);
      const [one] = gateways;
      const changed = (part: object) => [{ ...one!, catalogue: { ...one!.catalogue!, ...part } }];
      const items = one!.catalogue!.items.replaceAll('"a"', '"b"');
      const forged = { items, found: one!.catalogue!.items, tlsCa: 'other' };
      for (const [member, value] of Object.entries(forged)) {
        const { body } = await imported(target, documentOf({ gateways: changed({ [member]: value }) }), '?dryRun=true');
        expect(body.objects).toEqual([
          { kind: 'gateway', slug, action: 'create', verify: `lethe verify ${slug}`, catalogue: 'catalogue_changed' },
        ]);
      }
      const stranger = await RegistryHarness.start(kind);
      const { body } = await imported(stranger, documentOf({ gateways }));
      expect(body.objects).toMatchObject([
        { action: 'create', verify: `lethe verify ${slug}`, catalogue: 'receipt_untrusted' },
      ]);
      expect(await stranger.admin.ask('GET', `/gateways/${slug}`)).toMatchObject({ state: 'unverified', counts: null });
      await stranger.stop();
    });

    it('does not bring back what a later verification has replaced', async () => {
      verifies('transfer.no-rollback');
      const slug = await gateway(['old']);
      await server({ slug: 'newest', include: [{ gateway: slug }] });
      const old = await exported(source, `?gateway=${slug}&catalogue=true`);
      await source.verified(slug, [tool('new')]);
      expect((await imported(source, old)).body.objects).toMatchObject([
        { action: 'unchanged', catalogue: 'receipt_older' },
      ]);
      expect(await served(source, 'newest')).toMatchObject({ items: [{ own: 'new' }] });
      // Not even if the database has lost the gateway: what was published tells.
      const id = await source.sql.query('select id from gateway where slug = $1', [slug]);
      await source.sql.query('delete from gateway_config where gateway_id = $1', [(id.rows[0] as { id: string }).id]);
      await source.sql.query('delete from gateway where slug = $1', [slug]);
      const { body } = await imported(source, old);
      expect(body.objects).toMatchObject([
        { action: 'create', catalogue: 'receipt_older', verify: `lethe verify ${slug}` },
      ]);
    });

    it('plans, applies that plan alone, and refuses it if something has changed', async () => {
      verifies('transfer.plan');
      const slug = await gateway(['a']);
      await server({ slug: 'planned', include: [{ gateway: slug }], description: 'before' });
      const doc = { gateways: [{ slug, name: 'Other', url: 'https://other.example.com/mcp' }], servers: [{ slug: 'planned', name: 'S', include: [{ gateway: slug, kinds: ['tool'] }] }] }; // prettier-ignore
      const before = await exported(source);
      const counters = await writtenBy(source);
      const { body: plan, headers } = await imported(source, documentOf(doc), '?dryRun=true');
      expect(plan).toMatchObject({ applied: false, counts: { change: 2, problems: 0 } });
      expect(headers.get('etag')).toBe(`"${plan.planDigest}"`);
      const [planned, ofServer] = plan.objects;
      expect(planned).toMatchObject({ slug, action: 'change', verify: `lethe verify ${slug}` });
      expect(planned!.changes).toContainEqual({ field: 'url', before: expect.any(String), after: 'https://other.example.com/mcp' }); // prettier-ignore
      expect(ofServer!.changes).toEqual([
        { field: 'description', before: 'before' },
        { field: 'include', before: [{ gateway: slug }], after: [{ gateway: slug, kinds: ['tool'] }] },
      ]);
      expect([await exported(source), await writtenBy(source)]).toEqual([before, counters]);

      await source.admin.ask('PATCH', '/servers/planned', { description: 'meanwhile' });
      const late = await imported(source, documentOf(doc), '', { 'if-match': `"${plan.planDigest}"` });
      expect([late.status, late.body]).toMatchObject([412, { code: 'precondition_failed' }]);
      const { body: again } = await imported(source, documentOf(doc), '?dryRun=true');
      const done = await imported(source, documentOf(doc), '', { 'if-match': `"${again.planDigest}"` });
      expect(done.body).toEqual({ ...again, applied: true });
      // As after a PATCH: what was verified serves on until the new URL is verified.
      expect(await source.admin.ask('GET', `/gateways/${slug}`)).toMatchObject({
        ...{ state: 'verified', name: 'Other', pending: { url: 'https://other.example.com/mcp' } },
      });
      const { items } = await source.admin.ask<{ items: object[] }>('GET', '/audit?operation=importDocument&limit=2');
      expect(items).toMatchObject([{ target: { slug: 'planned' } }, { target: { slug } }]);
    });

    it('gives a field that the document leaves out its default, as a creation does', async () => {
      const [first, second] = [await gateway(['a'], FULL_GATEWAY), await gateway(['b'])];
      await server({ slug: 'reset', ...FULL_SERVER(first, second) });
      const bare = { gateways: [{ slug: first, name: 'G', url: FULL_GATEWAY.url }], servers: [{ slug: 'reset', name: 'S', shortForm: {} }] }; // prettier-ignore
      await imported(source, documentOf(bare));
      const fresh = { gateways: [{ ...bare.gateways[0]!, slug: `${kind}-fresh` }], servers: [{ ...bare.servers[0]!, slug: 'fresh' }] }; // prettier-ignore
      await imported(source, documentOf(fresh));
      const doc = await read(source);
      const bySlug = (list: Entry[], slug: string) => ({
        ...list.find((each) => each.slug === slug),
        slug: '',
        names: [],
      });
      expect(bySlug(doc.gateways, first)).toEqual(bySlug(doc.gateways, `${kind}-fresh`));
      expect(bySlug(doc.servers, 'reset')).toEqual(bySlug(doc.servers, 'fresh'));
    });

    it('does all of it or nothing, and names every problem with the error of the single request', async () => {
      verifies('transfer.all-or-nothing');
      const before = await exported(source);
      const doc = documentOf({
        gateways: [
          { slug: 'fine', name: 'Fine', url: 'https://fine.example.com/mcp' },
          { slug: 'forbidden', name: 'F', url: 'https://user@forbidden.example.com/mcp' },
          { slug: 'mapped', name: 'M', url: 'https://m.example.com/mcp', passthroughHeaders: [{ header: 'Cookie' }] },
        ],
        servers: [{ slug: 'lost', name: 'L', include: [{ gateway: 'nobody' }] }, { slug: 'ok', name: 'O', include: [{ gateway: 'fine' }] }], // prettier-ignore
      });
      const { body: plan } = await imported(source, doc, '?dryRun=true');
      expect(plan.objects.flatMap(({ slug, problem }) => (problem ? [[slug, problem.code]] : []))).toEqual([
        ['forbidden', 'url_forbidden'],
        ['mapped', 'mapping_forbidden'],
        ['lost', 'invalid_request'],
      ]);
      const { status, body } = await imported(source, doc);
      expect([status, body]).toMatchObject([409, { code: 'import_refused', problems: [{}, {}, {}] }]);
      expect(await exported(source)).toBe(before);
    });

    it('deletes what the document does not have only if it is told to, and never what is still served', async () => {
      const doc = await read(target);
      const [gone, ...kept] = doc.servers;
      const less = { ...doc, gateways: [], servers: [...kept, { ...gone!, slug: 'instead' }] };
      expect((await imported(target, documentOf(less), '?dryRun=true')).body.counts).toMatchObject({ delete: 0 });
      const { body: refused } = await imported(target, documentOf(less), '?dryRun=true&prune=true');
      expect(refused.objects.find(({ slug }) => slug === gone!.slug)).toMatchObject({ action: 'delete' });
      expect(refused.objects.find(({ problem }) => problem)).toMatchObject({ problem: { code: 'gateway_in_use' } });
      const { body } = await imported(target, documentOf({}), '?prune=true');
      expect(body.counts).toMatchObject({ delete: doc.gateways.length + doc.servers.length, problems: 0 });
      expect(await read(target)).toEqual({ apiVersion: 'lethe/v1', gateways: [], servers: [] });
    });

    it('needs the role editor, and for a dry run viewer', async () => {
      const make = async (role: string) =>
        new Admin(
          source.url,
          (await source.admin.ask<{ token: string }>('POST', '/admins', { name: role, role })).token,
        );
      const [viewer, editor] = [await make('viewer'), await make('editor')];
      const type = { 'content-type': 'application/yaml' };
      const doc = documentOf({ servers: [{ slug: 'by-role', name: 'S' }] });
      expect(await viewer.request('POST', '/import?dryRun=true', doc, type)).toMatchObject({ status: 200, body: { counts: { create: 1 } } }); // prettier-ignore
      for (const query of ['', '?dryRun=false', '?dryRun=true&dryRun=false'])
        expect((await viewer.request('POST', `/import${query}`, doc, type)).body).toMatchObject({ code: 'role_required', role: 'editor' }); // prettier-ignore
      expect((await editor.request('POST', '/import', doc, type)).status).toBe(200);
      expect((await new Admin(source.url, 'x').request('POST', '/import', 'x'.repeat(100_000), type)).status).toBe(401);
    });

    it('is written, compared and applied by commands, and a difference has an exit code of its own', async () => {
      verifies('cli.transfer');
      const slug = await gateway(['a']);
      await server({ slug: 'by-command', include: [{ gateway: slug }] });
      const file = join(source.home, 'lethe.yaml');
      expect(await source.lethe(['export', '-o', file])).toMatchObject({ code: 0, out: '' });
      const text = await readFile(file, 'utf8');
      expect(text).toBe(await exported(source));
      expect((await source.lethe(['export'])).out).toBe(text);
      expect(JSON.parse((await source.lethe(['export', '--json', '--server', 'by-command'])).out)).toMatchObject({ servers: [{ slug: 'by-command' }] }); // prettier-ignore
      expect(await source.lethe(['diff', '-f', file])).toMatchObject({ code: 0, out: expect.stringMatching(/^0 to create, 0 to change, 0 to delete, \d+ unchanged\.\n$/) }); // prettier-ignore

      const doc = parse(text) as Doc;
      Object.assign(
        doc.gateways.find((each) => each.slug === slug)!,
        { url: 'https://moved.example.com/mcp', enabled: false },
      );
      doc.servers.push({ slug: 'by-file', name: 'File\u202e', include: [{ gateway: slug }] });
      await writeFile(file, stringify(doc));
      const { code, out, err } = await source.lethe(['diff', '-f', file]);
      expect([code, err]).toEqual([10, expect.stringContaining('documents_differ')]);
      expect(out).toContain(`~ gateway ${slug}\n    enabled: true -> false\n    url: "http`);
      expect(out).toContain(
        `    waits for: lethe verify ${slug}\n+ server by-file\n1 to create, 1 to change, 0 to delete`,
      );
      const dry = await source.lethe(['apply', '-f', '-', '--dry-run', '--json'], stringify(doc));
      expect([dry.code, JSON.parse(dry.out)]).toMatchObject([0, { applied: false, counts: { create: 1, change: 1 } }]);
      expect(await source.lethe(['apply', '-f', file])).toMatchObject({ code: 2, err: expect.stringContaining('no_terminal') }); // prettier-ignore
      const done = await source.lethe(['apply', '-f', file, '--yes']);
      expect([done.code, done.out.endsWith('Done: 2 changes.\n')]).toEqual([0, true]);
      expect(await source.lethe(['diff', '-f', file])).toMatchObject({ code: 0 });

      const bad = stringify({ ...doc, servers: [{ slug: 'bad', name: 'B', include: [{ gateway: 'nobody' }] }] });
      const refused = await source.lethe(['apply', '-f', '-', '--yes'], bad);
      expect(refused).toMatchObject({ code: 3, out: expect.stringContaining('include: gateway_unknown'), err: expect.stringContaining('import_refused') }); // prettier-ignore
      const unread = await source.lethe(['diff', '-f', '-'], 'gateways: []\nservers: *all');
      expect(unread).toMatchObject({ code: 3, err: expect.stringContaining('line 2: yaml_alias') });
      for (const argv of [
        ['apply'],
        ['apply', slug, '-f', file],
        ['apply', slug, '--prune'],
        ['diff', '-f', '/no/such'],
        ['apply', 'doc.yaml'],
      ])
        expect((await source.lethe(argv)).code, argv.join(' ')).toBe(2);
    });

    it.each([
      ['a: &x [1]\nb: *x', 'yaml_anchor', 1],
      ['apiVersion: lethe/v1\nservers: *x', 'yaml_alias', 2],
      ['apiVersion: !!binary aaaa', 'yaml_tag', 1],
      ['gateways: []\napiVersion: lethe/v1\ngateways: []', 'yaml_duplicate_key', 1],
      ['{"apiVersion": "lethe/v1", "apiVersion": "lethe/v1"}', 'yaml_duplicate_key', 1],
      ['? [a]\n: b', 'yaml_key', 1],
      ['a: .nan', 'yaml_value', 1],
      ['a: 1\n---\nb: 1', 'yaml_one_document', 2],
      ['a:\n  "unclosed', 'yaml_syntax', 2],
      [`a: ${'['.repeat(100)}${']'.repeat(100)}`, 'max_depth', 1],
      ['{"apiVersion":"lethe/v1","servers":[{"slug":"a","name":"\\u0000"}]}', 'not_storable', undefined],
    ])('refuses %j with its rule and nothing of it', async (text, rule, line) => {
      verifies('transfer.yaml-safe');
      for (const type of ['application/yaml', 'application/json']) {
        const { status, body } = await source.admin.request('POST', '/import', text, { 'content-type': type });
        const found = (body as { errors?: { rule: string; line?: number }[] }).errors?.[0];
        expect([status, found?.rule, found?.line]).toEqual([400, rule, line]);
      }
    });

    it('names each field that is not as it must be, and refuses credentials and what is too long', async () => {
      const ask = (text: string, type = 'application/yaml') =>
        source.admin.request('POST', '/import', text, { 'content-type': type });
      const wrong = documentOf({ gateways: [{ slug: 'a', name: 'A', url: 'https://a.example.com', drfit: 'auto' }], servers: [{ slug: 'B', name: 'canary' }] }); // prettier-ignore
      const { body } = await ask(wrong);
      expect(body).toMatchObject({ errors: [{ field: 'gateways.0.drfit', rule: 'unknown_field', nearest: 'drift' }, { field: 'servers.0.slug', rule: 'pattern' }] }); // prettier-ignore
      expect(JSON.stringify(body)).not.toContain('canary');
      const secret = documentOf({ servers: [{ slug: 'a', name: 'A', instructions: `use ghp_${'a1'.repeat(18)}` }] });
      expect((await ask(secret)).body).toMatchObject({ code: 'credential_in_clear', errors: [{ field: 'servers.0.instructions' }] }); // prettier-ignore
      expect((await ask('apiVersion: lethe/v2')).body).toMatchObject({ errors: [{ field: 'apiVersion', allowed: ['lethe/v1'] }] }); // prettier-ignore
      expect((await ask(`apiVersion: lethe/v1 # ${'x'.repeat(2 * 1024 * 1024)}`)).status).toBe(200);
      expect((await ask(`#${'x'.repeat(16 * 1024 * 1024)}`)).status).toBe(413);
      expect((await ask('a', 'text/plain')).status).toBe(415);
      expect((await ask('a', 'application/jose')).status).toBe(415);
      expect((await source.admin.request('POST', '/import')).status).toBe(400);
      const twice = [{ slug: 'a', name: 'A' }, { slug: 'a', name: 'A' }]; // prettier-ignore
      expect((await ask(documentOf({ servers: twice }))).body).toMatchObject({ errors: [{ rule: 'slug_twice' }] });
    });
  });
}
