import type { CatalogueItem, UpstreamFacts } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { blockDigest, canonicalJson, catalogueDigest, isCanonicalJson, routesHash } from './index.js';

const FACTS: UpstreamFacts = {
  era: 'legacy',
  protocolVersion: '2025-06-18',
  transport: 'streamable-http',
  sessionful: true,
  listScope: 'unknown',
  serverInfo: { name: 'one', version: '1' },
  capabilities: {},
};
const tool = (own: string): CatalogueItem => ({ kind: 'tool', own, definition: { name: own } });

describe('digests', () => {
  it('are SHA-256 of the bytes of a block', () => {
    expect(blockDigest('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  });

  it('of a catalogue do not depend on the order of members, but on the order of items', () => {
    const reordered = Object.fromEntries(Object.entries(FACTS).reverse()) as unknown as UpstreamFacts;
    const items = [tool('a'), tool('b')];
    expect(catalogueDigest(reordered, items)).toBe(catalogueDigest(FACTS, items));
    expect(catalogueDigest(FACTS, items.toReversed())).not.toBe(catalogueDigest(FACTS, items));
  });

  it('of a catalogue are the same after a journey as JSON', () => {
    const facts = { ...FACTS, instructions: undefined };
    const items = [tool('é'), { ...tool('n'), definition: { n: 1e21, z: -0, f: 0.1 } }];
    const travelled = JSON.parse(JSON.stringify({ facts, items })) as { facts: UpstreamFacts; items: CatalogueItem[] };
    expect(catalogueDigest(travelled.facts, travelled.items)).toBe(catalogueDigest(facts, items));
  });

  it('of a catalogue differ with its facts', () => {
    expect(catalogueDigest({ ...FACTS, sessionful: false }, [])).not.toBe(catalogueDigest(FACTS, []));
  });

  it('of routes do not depend on the order of lines', () => {
    expect(routesHash(['b:1', 'a:2'])).toBe(routesHash(['a:2', 'b:1']));
    expect(routesHash(['a:1'])).not.toBe(routesHash(['a:2']));
  });
});

describe('canonical JSON', () => {
  it('follows RFC 8785', () => {
    expect(canonicalJson({ '\u20ac': 1, '\r': 2, a: [1e30, 4.5, 'ö', null] })).toBe(
      '{"\\r":2,"a":[1e+30,4.5,"ö",null],"€":1}',
    );
  });

  it.each([
    ['a lone surrogate', '\ud800'],
    ['an infinite number', Number.POSITIVE_INFINITY],
    ['nothing', undefined],
  ])('has no form for %s', (_name, value) => {
    expect(isCanonicalJson({ a: [value === undefined ? '' : value] })).toBe(value === undefined);
    expect(() => canonicalJson(value)).toThrow(expect.objectContaining({ code: 'not_canonical' }));
  });
});
