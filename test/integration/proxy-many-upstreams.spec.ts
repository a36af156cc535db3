import type { CatalogueItem, Era } from '@lethe/contracts';
import { expect, it } from 'vitest';
import { exposeName } from '../../apps/registry/src/servers/exposed-names.js';
import { verifies } from '../requirements.js';
import { connectLegacy, connectModern } from '../support/mcp-clients.js';
import { describeProxies } from '../support/proxy/describe-proxies.js';
import { legacy, modern } from '../support/proxy/rpc.js';
import { type GatewayDraft, MODERN_FACTS, resource, tool } from '../support/published-routes.js';
import { legacyScript, type UpstreamScript } from '../support/upstreams/index.js';

const FACTS = { legacy: { sessionful: false }, modern: MODERN_FACTS } as const;
const CLIENTS = [
  ['legacy', connectLegacy, legacy],
  ['modern', connectModern, modern],
] as const;
const EACH = 250;
/** What results of a modern upstream say beside their contents. */
const READ = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
const LONG = 'n'.repeat(64);

/** Says which upstream it is, and under which name it was called. */
const named =
  (slug: string): UpstreamScript =>
  (exchange) => {
    const { message, reply } = exchange;
    const own = message.params?.['name'] ?? message.params?.['uri'];
    const text = `${slug}: ${String(own)}`;
    if (message.method === 'tools/call') return reply({ resultType: 'complete', content: [{ type: 'text', text }] });
    if (message.method === 'resources/read') return reply({ ...READ, contents: [{ uri: own, text }] });
    return legacyScript({})(exchange);
  };

/** As many tools as `items` has, so long that all of them together need two pages. */
const longTools = (slug: string): CatalogueItem[] =>
  Array.from({ length: EACH }, (_, n) => {
    const item = tool(`${slug}-tool-${n}`);
    return { ...item, definition: { ...item.definition, description: 'd'.repeat(6_000) } };
  });

/** As many of each kind as an upstream of this slug lists. */
function items(slug: string): CatalogueItem[] {
  return Array.from({ length: EACH }, (_, n) => n).flatMap((n): CatalogueItem[] => [
    tool(`${slug}-tool-${n}`),
    { kind: 'resource', own: `${slug}://r/${n}`, definition: { uri: `${slug}://r/${n}`, name: `r${n}` } },
    {
      kind: 'resourceTemplate',
      own: `${slug}://t/${n}/{id}`,
      definition: { uriTemplate: `${slug}://t/${n}/{id}`, name: `t${n}` },
    },
    { kind: 'prompt', own: `${slug}-prompt-${n}`, definition: { name: `${slug}-prompt-${n}` } },
  ]);
}

describeProxies('a virtual server of many upstreams, behind two proxies', 2, ({ publish, startUpstream }) => {
  const slugs = ['one', 'two', 'three'];

  async function serve(era: Era, catalogue: (slug: string) => CatalogueItem[], exposed: Record<string, string> = {}) {
    const upstreams = await Promise.all(slugs.map((slug) => startUpstream(named(slug))));
    const gateways = upstreams.map(({ url }, n): GatewayDraft => ({
      slug: slugs[n] ?? '',
      url,
      items: catalogue(slugs[n] ?? ''),
      facts: FACTS[era],
    }));
    return (await publish({ gateways, exposed })).url;
  }

  it.each(CLIENTS)('shows 250 items of each of three upstreams to a %s client, on one page', async (era, connect) => {
    verifies('lists.paged');
    const client = await connect(await serve(era, items), {});
    const paged = async (list: (cursor: { cursor?: string }) => Promise<{ names: string[]; nextCursor?: string }>) => {
      const seen: string[] = [];
      let pages = 0;
      let cursor: string | undefined;
      do {
        const page = await list(cursor === undefined ? {} : { cursor });
        seen.push(...page.names);
        cursor = page.nextCursor;
        pages += 1;
      } while (cursor !== undefined);
      return { seen, pages };
    };
    const lists: Record<string, Awaited<ReturnType<typeof paged>>> = {
      tool: await paged(async (at) => {
        const { tools, nextCursor } = await client.listTools(at);
        return { names: tools.map(({ name }) => name), ...(nextCursor !== undefined && { nextCursor }) };
      }),
      resource: await paged(async (at) => {
        const { resources, nextCursor } = await client.listResources(at);
        return { names: resources.map(({ uri }) => uri), ...(nextCursor !== undefined && { nextCursor }) };
      }),
      resourceTemplate: await paged(async (at) => {
        const { resourceTemplates, nextCursor } = await client.listResourceTemplates(at);
        return {
          names: resourceTemplates.map(({ uriTemplate }) => uriTemplate),
          ...(nextCursor !== undefined && { nextCursor }),
        };
      }),
      prompt: await paged(async (at) => {
        const { prompts, nextCursor } = await client.listPrompts(at);
        return { names: prompts.map(({ name }) => name), ...(nextCursor !== undefined && { nextCursor }) };
      }),
    };
    for (const [kind, { seen }] of Object.entries(lists)) {
      const all = slugs.flatMap((slug) => items(slug).flatMap((item) => (item.kind === kind ? [item.own] : [])));
      expect(seen).toEqual(all);
    }
    // Clients that read only the first page miss nothing.
    for (const { pages } of Object.values(lists)) expect(pages).toBe(1);
    for (const name of ['one-tool-0', 'two-tool-249', 'three-tool-100']) {
      const { content } = await client.callTool({ name });
      expect(content).toMatchObject([{ text: `${name.split('-')[0]}: ${name}` }]);
    }
    await client.close();
  });

  it.each(CLIENTS)('shows lists of some MiB on several pages, which SDK clients follow (%s)', async (era, connect) => {
    verifies('lists.paged');
    const client = await connect(await serve(era, longTools), {});
    const seen: string[] = [];
    let pages = 0;
    let cursor: string | undefined;
    do {
      const { tools, nextCursor } = await client.listTools(cursor === undefined ? {} : { cursor });
      seen.push(...tools.map(({ name }) => name));
      cursor = nextCursor;
      pages += 1;
    } while (cursor !== undefined);
    await client.close();
    expect(seen).toEqual(slugs.flatMap((slug) => longTools(slug).map(({ own }) => own)));
    // The newer SDK pages by itself when it is asked for a list without a cursor.
    expect(pages).toBe(era === 'legacy' ? 2 : 1);
  });

  it.each(CLIENTS)(
    'pages by the same pages on either replica, and takes no cursor of another list (%s)',
    async (...given) => {
      verifies('lists.paged');
      const [era, , ask] = given;
      const url = await serve(era, longTools);
      const page = async (method: string, cursor?: string) =>
        (await ask(url, method, cursor === undefined ? {} : { cursor })).body;
      const sizes: number[] = [];
      let cursor: string | undefined;
      for (let n = 0; n < 4; n++) {
        const { result } = await page('tools/list', cursor);
        sizes.push(result.tools.length);
        cursor = result.nextCursor;
      }
      const [first = 0, second = 0] = sizes;
      expect(sizes).toEqual([first, second, first, second]);
      expect(first + second).toBe(3 * EACH);
      expect(cursor).toBeUndefined();
      const { nextCursor } = (await page('tools/list')).result;
      expect((await page('prompts/list', nextCursor)).error.code).toBe(-32602);
      for (const wrong of ['', 'x', `${nextCursor.slice(0, -2)}AA`]) {
        expect((await page('tools/list', wrong)).error.code).toBe(-32602);
      }
    },
  );

  it.each(CLIENTS)('renames what clashes and nothing else, also names of 64 characters (%s)', async (era, connect) => {
    verifies('names.reach-their-own');
    const own = ['search', LONG];
    const taken = new Set<string>();
    const exposed = Object.fromEntries(
      slugs.flatMap((slug) =>
        [...own, `only-${slug}`].map((name) => {
          const shown = exposeName(name, slug, { maxLength: 64, isTaken: (candidate) => taken.has(candidate) });
          taken.add(shown);
          return [`${slug} ${name}`, shown];
        }),
      ),
    );
    const url = await serve(era, (slug) => [...own, `only-${slug}`].map(tool), exposed);
    const client = await connect(url, {});
    const { tools } = await client.listTools();
    const shown = tools.map(({ name }) => name);
    expect(shown).toEqual(Object.values(exposed));
    expect(shown.filter((name) => !/^[A-Za-z0-9_.-]{1,64}$/.test(name))).toEqual([]);
    expect(shown).toEqual(
      expect.arrayContaining(['search', 'two-search', 'three-search', LONG, 'only-one', 'only-two']),
    );
    expect(shown.filter((name) => name.length === 64)).toHaveLength(3);
    for (const [path, name] of Object.entries(exposed)) {
      const { content } = await client.callTool({ name });
      expect(content).toMatchObject([{ text: path.replace(' ', ': ') }]);
    }
    await client.close();
  });

  it.each(CLIENTS)(
    'gives a URI that two upstreams have to the first one, and finds the others (%s)',
    async (era, connect) => {
      const url = await serve(era, (slug) => [resource('same://x'), resource(`${slug}://x`)]);
      const client = await connect(url, {});
      const read = async (uri: string): Promise<unknown> => (await client.readResource({ uri })).contents[0];
      expect(await read('same://x')).toMatchObject({ text: 'one: same://x' });
      for (const slug of slugs) expect(await read(`${slug}://x`)).toMatchObject({ text: `${slug}: ${slug}://x` });
      expect((await client.listResources()).resources.map(({ uri }) => uri)).toEqual([
        'same://x',
        ...slugs.map((slug) => `${slug}://x`),
      ]);
      await client.close();
    },
  );
});
