import {
  type CatalogueItem,
  type ExposedItem,
  ITEM_KINDS,
  type ItemKind,
  type ManifestGateway,
  type ServerManifest,
} from '@lethe/contracts';
import { blockDigest } from '@lethe/sealing';
import { describe, expect, it } from 'vitest';
import { BlockStore } from '../content/block-store.js';
import { type Gateway, toGateway } from './gateway.js';
import { loadItems } from './item-table.js';
import { serverRoutes, type TestGateway } from '@test/support/proxy/server-routes.js';

interface Offered {
  readonly slug: string;
  readonly items: CatalogueItem[];
}

const FACTS = {
  ...({ era: 'legacy', protocolVersion: '2025-11-25', transport: 'streamable-http', sessionful: false } as const),
  ...({ listScope: 'unknown', serverInfo: {}, capabilities: {} } as const),
};

/** What a server with these blocks of names shows: `[kind, exposed, gateway, own, definition]`, and how each resolves. */
class Shelf {
  readonly blocks = new BlockStore();

  put(block: object): string {
    const bytes = JSON.stringify(block);
    this.blocks.add(blockDigest(bytes), bytes, 0);
    return blockDigest(bytes);
  }

  table(offered: readonly Offered[], names: readonly ExposedItem[][]) {
    const gateways = offered.map(({ slug, items }) => this.gateway(slug, items));
    const manifest: ServerManifest = {
      ...{ id: 'server', slug: 'server', revision: 1, state: 'live', name: 'Server', access: 'open', shortForm: {} },
      gateways,
      names: names.map((items) => this.put({ kind: 'names', items })),
    };
    return loadItems(manifest, gateways.map(routeOf), this.blocks);
  }

  private gateway(slug: string, items: CatalogueItem[]): ManifestGateway {
    return {
      ...{ id: `id-${slug}`, slug, name: slug, url: 'http://127.0.0.1:9/mcp', mappings: [], configRevision: 1 },
      ...{ facts: FACTS, enabled: true, listing: 'catalogue', receipt: '' },
      blocks: [this.put({ kind: 'catalogue', items })],
    };
  }
}

const routeOf = (gateway: ManifestGateway): Gateway => toGateway(gateway, [], true, { allowed: [] });

const MEMBER = { tool: 'name', prompt: 'name', resource: 'uri', resourceTemplate: 'uriTemplate' } as const;
const item = (kind: ItemKind, own: string, about = ''): CatalogueItem => ({
  kind,
  own,
  definition: { [MEMBER[kind]]: own, description: about, kept: { x: own } },
});

const flatten = (table: ReturnType<typeof loadItems>) =>
  ITEM_KINDS.flatMap((kind) => [...table.byKind[kind].values()]).map((route) => [
    route.kind,
    route.exposed,
    route.gateway.slug,
    route.own,
    route.definitionFor('modern'),
  ]);

/** As the contract says it, line by line: the first of two with one name stays, and one without an item is not there. */
function expected(offered: readonly Offered[], names: readonly ExposedItem[][]) {
  return ITEM_KINDS.flatMap((kind) => {
    const found = new Map<string, unknown[]>();
    for (const line of names.flat().filter((one) => one.kind === kind)) {
      const owner = offered.find(({ slug }) => line.gateway === slug || line.gateway === `id-${slug}`);
      const own = owner?.items.find((one) => one.kind === kind && one.own === line.own);
      if (!owner || !own || found.has(line.exposed)) continue;
      const renamed = kind === 'tool' || kind === 'prompt' ? { name: line.exposed } : {};
      const described = line.description === undefined ? {} : { description: line.description };
      const definition = { ...own.definition, ...renamed, ...described };
      found.set(line.exposed, [kind, line.exposed, owner.slug, line.own, definition]);
    }
    return [...found.values()];
  });
}

/** The same numbers every time (mulberry32). */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const OWN_NAMES = ['a', 'b', 'c', 'd', 'e', '__proto__', 'constructor', `${'x'.repeat(55)}-0123abcd`];

describe('what a virtual server exposes', () => {
  it('is what its lines say, however they are cut into blocks and whoever shares them', () => {
    const below = numbers(7);
    const pick = <T>(from: readonly T[]): T => from[below(from.length)] ?? from[0]!;
    const shelf = new Shelf();
    for (let round = 0; round < 300; round += 1) {
      const offered = ['g', 'h', 'i'].map((slug): Offered => {
        const kinds = ITEM_KINDS.flatMap((kind) => OWN_NAMES.map((own) => item(kind, own, `${slug} ${below(2)}`)));
        return { slug, items: kinds.filter(() => below(4) > 0) };
      });
      const line = (): ExposedItem => ({
        ...{ kind: pick(ITEM_KINDS), exposed: pick(OWN_NAMES), own: pick(OWN_NAMES) },
        gateway: pick(['g', 'h', 'i', 'id-g', 'id-h', 'gone']),
        ...(below(5) === 0 && { description: 'other words' }),
      });
      const names = Array.from({ length: below(4) }, () => Array.from({ length: below(12) }, line));
      const wanted = expected(offered, names);
      const table = shelf.table(offered, names);
      expect(flatten(table)).toEqual(wanted);
      for (const kind of ITEM_KINDS) {
        const ofKind = wanted.filter(([one]) => one === kind);
        expect(table.byKind[kind].isEmpty).toBe(ofKind.length === 0);
        for (const name of OWN_NAMES) {
          const route = table.byKind[kind].get(name);
          const [, , slug, own, definition] = ofKind.find(([, exposed]) => exposed === name) ?? [];
          expect([route?.gateway.slug, route?.own, route?.definitionFor('modern')]).toEqual([slug, own, definition]);
        }
      }
    }
  });

  it('keeps what an item needs and where alone it is, also under another name and description', () => {
    const legacyDefinition = { name: 't', kept: 'legacy' };
    const own: CatalogueItem = { ...item('tool', 't'), legacyDefinition, onlyIn: 'legacy', needs: ['roots'] };
    const lines: ExposedItem[] = [
      { kind: 'tool', exposed: 't', gateway: 'g', own: 't' },
      { kind: 'tool', exposed: 'u', gateway: 'g', own: 't', description: 'other words' },
    ];
    const { tool, prompt } = new Shelf().table([{ slug: 'g', items: [own, item('prompt', 'p')] }], [lines]).byKind;
    const routes = ['t', 'u'].map((name) => tool.get(name));
    expect(routes.map((route) => [route?.onlyIn, route?.needs])).toEqual(Array(2).fill(['legacy', ['roots']]));
    expect(routes.map((route) => route?.definitionFor('legacy'))).toEqual([
      legacyDefinition,
      { name: 'u', kept: 'legacy', description: 'other words' },
    ]);
    expect(routes.map((route) => route?.definitionFor('modern')?.['kept'])).toEqual(Array(2).fill({ x: 't' }));
    expect([...tool.conditionalOn, ...prompt.conditionalOn]).toEqual(['roots']);
  });

  it('calls a URI of no list in the only era in which its owner has resources', () => {
    const era = {
      protocolVersion: '',
      sessionful: false,
      listScope: 'unknown',
      serverInfo: {},
      capabilities: {},
    } as const;
    const facts = { ...era, era: 'modern', otherEra: { ...era, era: 'legacy' } } as const;
    const template = ['resourceTemplate', 'x://{id}', {}, { onlyIn: 'legacy' }] as const;
    const eraOf = (...items: NonNullable<TestGateway['items']>) =>
      serverRoutes([{ slug: 'g', mappings: [], items, facts }])
        .resourceAt('x://7')
        ?.servedIn('modern').era;
    expect(eraOf([...template])).toBe('legacy');
    expect(eraOf([...template], ['resource', 'y://1'])).toBe('modern');
  });

  it('follows the catalogue of its own manifest where the block of names stayed the same', () => {
    const shelf = new Shelf();
    const names: ExposedItem[][] = [[{ kind: 'tool', exposed: 't', gateway: 'g', own: 't' }]];
    const before = shelf.table([{ slug: 'g', items: [item('tool', 't', 'before')] }], names);
    const after = shelf.table([{ slug: 'g', items: [item('tool', 't', 'after')] }], names);
    const described = [before, after].map(
      (table) => table.byKind.tool.get('t')?.definitionFor('modern')?.['description'],
    );
    expect(described).toEqual(['before', 'after']);
  });
});
