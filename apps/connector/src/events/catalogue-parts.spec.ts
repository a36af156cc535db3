import { CATALOGUE_LIMITS, MAX_MESSAGE_BYTES, type CatalogueItem } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { cataloguePartsOf } from './catalogue-parts.js';

const item = (index: number, bytes: number): CatalogueItem => ({
  kind: 'tool',
  own: `t${index}`,
  definition: { text: 'x'.repeat(bytes) },
});

describe('catalogue parts', () => {
  it('are none for an empty catalogue', () => {
    expect(cataloguePartsOf([])).toEqual([]);
  });

  it('hold all items in order, each part well within a bus message', () => {
    const items = Array.from({ length: 40 }, (_, index) => item(index, index * 4_000));
    const largest = item(40, CATALOGUE_LIMITS.maxItemBytes - 20);
    const parts = cataloguePartsOf([...items, largest]);
    expect(parts.flat()).toEqual([...items, largest]);
    expect(parts.every((part) => JSON.stringify(part).length < MAX_MESSAGE_BYTES - 16 * 1024)).toBe(true);
    expect(parts.length).toBeGreaterThan(5);
  });
});
