import { CATALOGUE_LIMITS, type Era, type JsonValue } from '@lethe/contracts';
import { LIST_KINDS, type ListKind } from '@lethe/mcp';
import { describe, expect, it } from 'vitest';
import { CatalogueCollector } from './catalogue-collector.js';
import { HANDSHAKE_LIMITS } from '../outcome/limits.js';

const listOf = (kind: string): ListKind => {
  const list = LIST_KINDS.find((candidate) => candidate.kind === kind);
  if (list === undefined) throw new Error(kind);
  return list;
};

function reasonFor(kind: string, item: JsonValue, era: Era = 'legacy'): string | undefined {
  const catalogue = new CatalogueCollector(era);
  catalogue.add(listOf(kind), 3, item);
  expect(catalogue.items.length + catalogue.skipped.length).toBe(1);
  return catalogue.skipped[0]?.reason;
}

const schema = { type: 'object' };
const deep = (levels: number): JsonValue => (levels === 0 ? 1 : [deep(levels - 1)]);

describe('an item', () => {
  it.each<[string, JsonValue]>([
    ['tool', { name: 'a', inputSchema: schema, unknownMember: { kept: true } }],
    ['tool', { name: 'with space, ünïcode', inputSchema: schema }],
    ['resource', { name: 'r', uri: 'x://r', size: 12 }],
    ['resourceTemplate', { name: 't', uriTemplate: 'x://{a}/{b}' }],
    ['prompt', { name: 'p', arguments: [{ name: 'who', required: true }] }],
  ])('%s %j is kept', (kind, item) => {
    expect(reasonFor(kind, item)).toBeUndefined();
    expect(reasonFor(kind, item, 'modern')).toBeUndefined();
  });

  it.each<[string, string, JsonValue]>([
    ['malformed', 'tool', 'no object'],
    ['malformed', 'tool', null],
    ['malformed', 'tool', { name: 'no schema' }],
    ['malformed', 'tool', { name: 'a', inputSchema: { type: 'array' } }],
    ['malformed', 'tool', { name: 'a', inputSchema: schema, description: 5 }],
    ['malformed', 'tool', { name: 'a', inputSchema: { type: 'object', title: '\ud800' } }],
    ['malformed', 'resource', { uri: 'x://without-name' }],
    ['malformed', 'prompt', { name: 'p', arguments: 'none' }],
    ['name_illegal', 'tool', { name: '', inputSchema: schema }],
    ['name_illegal', 'tool', { name: 'two\nlines', inputSchema: schema }],
    ['name_illegal', 'tool', { name: 'x'.repeat(257), inputSchema: schema }],
    ['name_illegal', 'resource', { name: 'r', uri: 'x://a b' }],
    ['too_deep', 'tool', { name: 'a', inputSchema: { type: 'object', deep: deep(CATALOGUE_LIMITS.maxDepth) } }],
    ['too_large', 'tool', { name: 'a', inputSchema: schema, text: 'x'.repeat(CATALOGUE_LIMITS.maxItemBytes) }],
  ])('is skipped as %s: %s %.80j', (reason, kind, item) => {
    expect(reasonFor(kind, item)).toBe(reason);
    expect(reasonFor(kind, item, 'modern')).toBe(reason);
  });

  it('may have an output schema of any kind in the modern era only', () => {
    const item = { name: 'a', inputSchema: schema, outputSchema: { type: 'array' } };
    expect(reasonFor('tool', item, 'legacy')).toBe('malformed');
    expect(reasonFor('tool', item, 'modern')).toBeUndefined();
  });
});

describe('a catalogue', () => {
  it('accepts a name once per kind', () => {
    const catalogue = new CatalogueCollector('legacy');
    catalogue.add(listOf('tool'), 0, { name: 'a', inputSchema: schema });
    catalogue.add(listOf('prompt'), 0, { name: 'a' });
    catalogue.add(listOf('tool'), 1, { name: 'a', inputSchema: schema, description: 'another' });
    expect(catalogue.skipped).toEqual([{ kind: 'tool', index: 1, reason: 'duplicate' }]);
    expect(catalogue.items).toHaveLength(2);
  });

  it('holds 2 MiB at most', () => {
    const catalogue = new CatalogueCollector('legacy');
    for (let index = 0; index < 30; index += 1) {
      catalogue.add(listOf('tool'), index, { name: `t${index}`, inputSchema: schema, text: 'x'.repeat(100 * 1024) });
    }
    expect(Buffer.byteLength(JSON.stringify(catalogue.items))).toBeLessThan(CATALOGUE_LIMITS.maxBytes + 4096);
    expect(catalogue.items.length).toBe(20);
    expect(new Set(catalogue.skipped.map(({ reason }) => reason))).toEqual(new Set(['too_large']));
  });

  it('counts all skipped items, and names the first of them', () => {
    const catalogue = new CatalogueCollector('legacy');
    for (let index = 0; index < 500; index += 1) catalogue.add(listOf('tool'), index, 'bad');
    expect(catalogue.counts.skipped).toBe(500);
    expect(catalogue.skipped).toHaveLength(HANDSHAKE_LIMITS.maxSkippedNamed);
  });
});
