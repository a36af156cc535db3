import { CATALOGUE_LIMITS, type CatalogueItem, type Era } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { mergeEras } from './merge-eras.js';
import type { EraCatalogue } from './list-era.js';

const catalogue = (era: Era, items: CatalogueItem[], more: Partial<EraCatalogue> = {}): EraCatalogue => ({
  facts: {
    ...{ era, protocolVersion: '', transport: 'streamable-http', sessionful: false, listScope: 'unknown' },
    ...{ serverInfo: {}, capabilities: {} },
  },
  ...{ items, skipped: [], skippedKeys: new Map(), skippedCount: 0, requested: [], warnings: [] },
  ...more,
});
const tool = (own: string, text = '', more: Partial<CatalogueItem> = {}): CatalogueItem => ({
  ...{ kind: 'tool', own, definition: { name: own, text } },
  ...more,
});
const long = 'x'.repeat(CATALOGUE_LIMITS.maxItemBytes * 0.6);

describe('the merged catalogue of two eras', () => {
  it('lists by kind, and takes a definition as the same whatever the order of its members', () => {
    const prompt: CatalogueItem = { kind: 'prompt', own: 'p', definition: { name: 'p' } };
    const turned: CatalogueItem = { kind: 'tool', own: 'a', definition: { text: '', name: 'a' } };
    const { items, counts } = mergeEras(
      catalogue('modern', [tool('a'), prompt]),
      catalogue('legacy', [tool('b'), turned]),
    );
    expect(items).toEqual([tool('a'), tool('b', '', { onlyIn: 'legacy' }), { ...prompt, onlyIn: 'modern' }]);
    const none = { resources: 0, resourceTemplates: 0 };
    const byEra = { legacy: { ...none, tools: 2, prompts: 0 }, modern: { ...none, tools: 1, prompts: 1 } };
    expect(counts).toEqual({ ...none, tools: 2, prompts: 1, skipped: 0, byEra });
  });

  it('needs what either list needs', () => {
    const { items, counts } = mergeEras(
      catalogue('modern', [tool('a', '', { needs: ['sampling'] })]),
      catalogue('legacy', [tool('a', '', { needs: ['roots'] })]),
    );
    expect(items).toEqual([tool('a', '', { needs: ['roots', 'sampling'] })]);
    expect(counts.conditional).toBe(1);
  });

  it('keeps one of two definitions that are too long together', () => {
    const { items, skipped } = mergeEras(
      catalogue('modern', [tool('a', long)]),
      catalogue('legacy', [tool('a', `${long}!`)]),
    );
    expect(items).toEqual([tool('a', long, { onlyIn: 'modern' })]);
    expect(skipped).toEqual([]);
  });

  it('never loses an item of the main era to what the other one has', () => {
    const half = 'x'.repeat(CATALOGUE_LIMITS.maxItemBytes * 0.4);
    const some = (text: string): CatalogueItem[] => Array.from({ length: 20 }, (_, n) => tool(`t${n}`, text));
    const prompt: CatalogueItem = { kind: 'prompt', own: 'p', definition: { name: 'p' } };
    const extra = Array.from({ length: CATALOGUE_LIMITS.maxItems }, (_, n) => tool(`legacy-${n}`));
    const { items, skipped } = mergeEras(
      catalogue('modern', [...some(half), prompt]),
      catalogue('legacy', [...some(`${half}!`), ...extra]),
    );
    const own = items.map((item) => item.own);
    expect(own).toEqual(expect.arrayContaining([...some('').map((item) => item.own), 'p']));
    expect(own.at(-1)).toBe('p');
    // As many as fit have both definitions; clients of both eras can call the others all the same.
    const both = items.filter(({ legacyDefinition }) => legacyDefinition).length;
    expect(both).toBeGreaterThan(0);
    expect(items.filter(({ onlyIn }) => onlyIn === 'modern')).toHaveLength(20 - both + 1);
    expect(skipped[0]).toMatchObject({ kind: 'tool', reason: 'too_many' });
  });

  it('stays within the limits of one gateway, and reports what does not fit', () => {
    const many = (from: number): CatalogueItem[] => Array.from({ length: 600 }, (_, n) => tool(`t${from + n}`));
    const { items, counts, skipped } = mergeEras(catalogue('modern', many(0)), catalogue('legacy', many(600)));
    expect(items).toHaveLength(CATALOGUE_LIMITS.maxItems);
    expect(counts).toMatchObject({ tools: 1000, skipped: 200 });
    expect(skipped[0]).toEqual({ kind: 'tool', index: 1000, reason: 'too_many' });
    expect(skipped).toHaveLength(100);
  });

  it('is that of one era, unchanged, where there is no other', () => {
    const skipped = [{ kind: 'tool', index: 1, reason: 'malformed' } as const];
    const only = catalogue('legacy', [tool('a')], { skipped, skippedCount: 7 });
    expect(mergeEras(only, undefined)).toEqual({
      items: [tool('a')],
      skipped,
      counts: { tools: 1, resources: 0, resourceTemplates: 0, prompts: 0, skipped: 7 },
    });
  });
});
