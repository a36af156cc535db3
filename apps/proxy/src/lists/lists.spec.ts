import type { JsonObject, JsonValue } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { testSealer } from '@test/support/trust.js';
import { variantFor } from '../protocol/conditional-items.js';
import { verifies } from '@test/requirements.js';
import { ERAS } from '../protocol/eras.js';
import { type ListView, MAX_PAGE_BYTES } from './list-page.js';
import { Lists } from './lists.js';

const TOOLS = { kind: 'tool', member: 'tools' } as const;
const PROMPTS = { kind: 'prompt', member: 'prompts' } as const;
const named = (count: number) => Array.from({ length: count }, (_, n) => ['tool', `tool-${n}`] as ['tool', string]);
const server = (count: number, id = 'server-1') =>
  serverRoutes([{ slug: 'a', mappings: [], items: named(count) }], { id });

/** A server with `perGateway` tools of 100 KiB from each of its gateways; a page has 30 of them. */
const large = (perGateway: number, { id = 'server-1', gateways = 1 } = {}) => {
  const more = { description: 'd'.repeat(100 * 1024) };
  const slugs = Array.from({ length: gateways }, (_, n) => `g${n}`);
  const items = (slug: string) => Array.from({ length: perGateway }, (_, n) => ['tool', `${slug}-${n}`, more]);
  return serverRoutes(
    slugs.map((slug) => ({ slug, mappings: [], items: items(slug) as ['tool', string, typeof more][] })),
    { id },
  );
};
const PAGE_OF_LARGE = 30;

type Asked = [ListView['server'], ListView['era'], ListView['rule'], cursor?: JsonValue];

describe('Lists', () => {
  const cursors = testSealer('cursor');
  const lists = new Lists(cursors);

  const page = (...[server, era, rule, cursor]: Asked) =>
    JSON.parse(`{"result":${lists.page({ server, era, rule }, cursor).bytes.toString()}`).result;

  it('answers a thousand tools with one page, verbatim and in order', () => {
    const { tools, nextCursor } = page(server(1_000), ERAS.legacy, TOOLS);
    expect(tools).toHaveLength(1_000);
    expect(tools[3]).toEqual({ name: 'tool-3', unknownMember: { kept: true } });
    expect(nextCursor).toBeUndefined();
  });

  it('pages by sealed cursors where one page would be too long, each item once', () => {
    const many = large(35, { gateways: 3 });
    const seen: string[] = [];
    const sizes: number[] = [];
    let cursor: string | undefined;
    do {
      sizes.push(lists.page({ server: many, era: ERAS.legacy, rule: TOOLS }, cursor).bytes.length);
      const result = page(many, ERAS.legacy, TOOLS, cursor);
      seen.push(...result.tools.map((tool: { name: string }) => tool.name));
      cursor = result.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual([...many.items.tool.values()].map(({ exposed }) => exposed));
    expect(sizes).toHaveLength(4);
    // Each page but the last is as full as it can be; cursor and closing brackets come on top.
    for (const size of sizes.slice(0, -1)) expect(Math.abs(MAX_PAGE_BYTES - size)).toBeLessThan(101 * 1024);
  });

  it('keeps its place when the server changes between two pages', () => {
    const { nextCursor } = page(large(PAGE_OF_LARGE + 5), ERAS.legacy, TOOLS);
    expect(page(large(PAGE_OF_LARGE + 7), ERAS.legacy, TOOLS, nextCursor).tools).toHaveLength(7);
  });

  it('writes a page once, and anew when it was let go for others', () => {
    const legacy = (of: ListView['server']) => ({ server: of, era: ERAS.legacy, rule: TOOLS });
    const few = new Lists(cursors, 3 * lists.page(legacy(server(1))).bytes.length);
    const [one, ...others] = Array.from({ length: 4 }, (_, n) => server(1, `server-${n}`));
    if (!one) throw new Error('four servers');
    const first = few.page(legacy(one));
    expect(few.page(legacy(one))).toBe(first);
    expect(few.page({ ...legacy(one), era: ERAS.modern })).not.toEqual(first);
    for (const other of others) few.page(legacy(other));
    expect(few.page(legacy(one))).not.toBe(first);
    expect(few.page(legacy(one))).toEqual(first);
  });

  it('keeps the pages that were asked for last, where those of one server are too many', () => {
    const of = { server: server(100), rule: TOOLS };
    const [legacy, modern] = [ERAS.legacy, ERAS.modern].map((era) => ({ ...of, era }));
    if (!legacy || !modern) throw new Error('two eras');
    const narrow = new Lists(cursors, Math.ceil(1.5 * lists.page(modern).bytes.length));
    narrow.page(legacy);
    const last = narrow.page(modern);
    expect(narrow.page(modern)).toBe(last);
  });

  it('writes a page for each set of client capabilities that matters, and one where none does', () => {
    const conditional = serverRoutes([
      { slug: 'a', mappings: [], items: [...named(1), ['tool', 'rooted', {}, { needs: ['roots'] }], ['prompt', 'p']] },
    ]);
    const { tool, prompt } = conditional.items;
    const declared = { plain: {}, sampling: { sampling: {} }, roots: { roots: {} } };
    const written = (list: typeof tool, rule: typeof TOOLS | typeof PROMPTS) => {
      const write = (capabilities: JsonObject) =>
        lists.page({
          server: conditional,
          era: ERAS.modern,
          rule,
          variant: variantFor(list, () => capabilities),
        });
      return { plain: write(declared.plain), sampling: write(declared.sampling), roots: write(declared.roots) };
    };
    const tools = written(tool, TOOLS);
    expect(tools.sampling).toBe(tools.plain);
    expect(tools.roots).not.toBe(tools.plain);
    expect(tools.roots.bytes.toString()).toContain('"rooted"');
    expect(tools.plain.bytes.toString()).not.toContain('"rooted"');
    for (const { bytes } of Object.values(tools)) expect(bytes.toString()).toContain('"cacheScope":"private"');

    const prompts = written(prompt, PROMPTS);
    expect(prompts.roots).toBe(prompts.plain);
    expect(prompts.plain.bytes.toString()).toContain('"cacheScope":"public"');
  });

  it('refuses cursors of another server, of another list, and made up ones', () => {
    const { nextCursor } = page(large(PAGE_OF_LARGE + 5), ERAS.legacy, TOOLS);
    expect(() => page(large(PAGE_OF_LARGE, { id: 'server-2' }), ERAS.legacy, TOOLS, nextCursor)).toThrow();
    expect(() => page(large(PAGE_OF_LARGE), ERAS.legacy, { kind: 'prompt', member: 'prompts' }, nextCursor)).toThrow();
    for (const wrong of ['', 'x', 7, null, `${nextCursor}A`]) {
      expect(() => page(large(PAGE_OF_LARGE), ERAS.legacy, TOOLS, wrong)).toThrow();
    }
  });

  it('adds what a modern list must carry, and only there; it is fresh for seconds', () => {
    verifies('lists.fresh');
    expect(page(server(1), ERAS.modern, TOOLS)).toMatchObject({
      resultType: 'complete',
      ttlMs: 5_000,
      cacheScope: 'public',
      _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'server' } },
    });
    expect(Object.keys(page(server(1), ERAS.legacy, TOOLS))).toEqual(['tools']);
  });

  it('is private where access is not open', () => {
    const locked = serverRoutes([{ slug: 'a', mappings: [], items: named(1) }], { access: 'key' });
    expect(page(locked, ERAS.modern, TOOLS).cacheScope).toBe('private');
  });

  it('advertises in discovery only what is served', () => {
    expect(JSON.parse(lists.discover(server(1), ERAS.modern))).toMatchObject({
      supportedVersions: ['2026-07-28'],
      capabilities: { tools: {} },
      resultType: 'complete',
    });
    const { capabilities } = JSON.parse(lists.discover(server(1), ERAS.modern));
    expect(capabilities).toEqual({ tools: { listChanged: true } });
  });
});
