import { CATALOGUE_LIMITS, MAX_MESSAGE_BYTES, type CatalogueItem } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { HANDSHAKE_LIMITS } from '../handshake/outcome/limits.js';
import { splitCatalogue } from './split-catalogue.js';

const item = (index: number, bytes: number): CatalogueItem => ({
  kind: 'tool',
  own: `t${index}`,
  definition: { text: 'x'.repeat(bytes) },
});

describe('a split catalogue', () => {
  it('has no parts when it is empty or short', () => {
    expect(splitCatalogue([])).toEqual({ parts: [], rest: [] });
    const items = Array.from({ length: 20 }, (_, index) => item(index, 2_000));
    expect(splitCatalogue(items)).toEqual({ parts: [], rest: items });
  });

  it('keeps all items in order, each part well within a bus message', () => {
    const items = Array.from({ length: 40 }, (_, index) => item(index, index * 4_000));
    const largest = item(40, CATALOGUE_LIMITS.maxItemBytes - 20);
    for (const whole of [items, [...items, largest], [largest, item(41, 10)]]) {
      const { parts, rest } = splitCatalogue(whole);
      expect([...parts.flat(), ...rest]).toEqual(whole);
      expect(parts.every((part) => JSON.stringify(part).length < MAX_MESSAGE_BYTES - 16 * 1024)).toBe(true);
    }
    expect(splitCatalogue(items).parts.length).toBeGreaterThan(5);
  });

  it('leaves space in the last event for the largest facts and a long receipt', () => {
    const items = Array.from({ length: 300 }, (_, index) => item(index, 1_000));
    for (let length = 0; length <= items.length; length += 1) {
      const { rest } = splitCatalogue(items.slice(0, length));
      const bytes = JSON.stringify(rest).length + HANDSHAKE_LIMITS.maxFactsBytes;
      expect(bytes).toBeLessThan(MAX_MESSAGE_BYTES - 48 * 1024);
    }
  });
});
