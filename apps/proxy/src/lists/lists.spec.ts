import type { JsonObject } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { serverRoutes } from '@test/support/proxy/server-routes.js';
import { testSealer } from '@test/support/trust.js';
import { variantFor } from '../protocol/conditional-items.js';
import { ERAS } from '../protocol/eras.js';
import { Lists, PAGE_SIZE } from './lists.js';

const TOOLS = { kind: 'tool', member: 'tools' } as const;
const PROMPTS = { kind: 'prompt', member: 'prompts' } as const;
const named = (count: number) => Array.from({ length: count }, (_, n) => ['tool', `tool-${n}`] as ['tool', string]);
const server = (count: number, id = 'server-1') =>
  serverRoutes([{ slug: 'a', mappings: [], items: named(count) }], { id });

describe('Lists', () => {
  const cursors = testSealer('cursor');
  const lists = new Lists(cursors);

  const page = (...asked: Parameters<Lists['page']>) =>
    JSON.parse(`{"result":${lists.page(...asked).bytes.toString()}`).result;

  it('answers a hundred tools with one page, verbatim and in order', () => {
    const { tools, nextCursor } = page(server(100), ERAS.legacy, TOOLS);
    expect(tools).toHaveLength(100);
    expect(tools[3]).toEqual({ name: 'tool-3', unknownMember: { kept: true } });
    expect(nextCursor).toBeUndefined();
  });

  it('pages by sealed cursors, each item once', () => {
    const many = server(PAGE_SIZE * 2 + 1);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const result = page(many, ERAS.legacy, TOOLS, cursor);
      seen.push(...result.tools.map((tool: { name: string }) => tool.name));
      cursor = result.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(named(PAGE_SIZE * 2 + 1).map(([, name]) => name));
  });

  it('keeps its place when the server changes between two pages', () => {
    const { nextCursor } = page(server(PAGE_SIZE + 5), ERAS.legacy, TOOLS);
    expect(page(server(PAGE_SIZE + 9), ERAS.legacy, TOOLS, nextCursor).tools).toHaveLength(9);
  });

  it('writes a page once, and anew when it was let go for others', () => {
    const few = new Lists(cursors, 3 * lists.page(server(1), ERAS.legacy, TOOLS).bytes.length);
    const [one, ...others] = Array.from({ length: 4 }, (_, n) => server(1, `server-${n}`));
    if (!one) throw new Error('four servers');
    const first = few.page(one, ERAS.legacy, TOOLS);
    expect(few.page(one, ERAS.legacy, TOOLS)).toBe(first);
    expect(few.page(one, ERAS.modern, TOOLS)).not.toEqual(first);
    for (const other of others) few.page(other, ERAS.legacy, TOOLS);
    expect(few.page(one, ERAS.legacy, TOOLS)).not.toBe(first);
    expect(few.page(one, ERAS.legacy, TOOLS)).toEqual(first);
  });

  it('writes a page for each set of client capabilities that matters, and one where none does', () => {
    const conditional = serverRoutes([
      { slug: 'a', mappings: [], items: [...named(1), ['tool', 'rooted', { needs: ['roots'] }], ['prompt', 'p']] },
    ]);
    const { tool, prompt } = conditional.items;
    const declared = { plain: {}, sampling: { sampling: {} }, roots: { roots: {} } };
    const written = (list: typeof tool, rule: typeof TOOLS | typeof PROMPTS) => {
      const write = (capabilities: JsonObject) =>
        lists.page(
          conditional,
          ERAS.modern,
          rule,
          undefined,
          undefined,
          variantFor(list, () => capabilities),
        );
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
    const { nextCursor } = page(server(PAGE_SIZE + 5), ERAS.legacy, TOOLS);
    expect(() => page(server(PAGE_SIZE + 5, 'server-2'), ERAS.legacy, TOOLS, nextCursor)).toThrow();
    expect(() => page(server(PAGE_SIZE + 5), ERAS.legacy, { kind: 'prompt', member: 'prompts' }, nextCursor)).toThrow();
    for (const wrong of ['', 'x', 7, null, `${nextCursor}A`]) {
      expect(() => page(server(PAGE_SIZE + 5), ERAS.legacy, TOOLS, wrong)).toThrow();
    }
  });

  it('adds what a modern list must carry, and only there', () => {
    expect(page(server(1), ERAS.modern, TOOLS)).toMatchObject({
      resultType: 'complete',
      ttlMs: expect.any(Number),
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
