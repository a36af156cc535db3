import type { ExposedItem } from '@lethe/contracts';
import { describe, expect, it } from 'vitest';
import { toNamesBlocks } from './blocks.js';

const names = (gateway: string, count: number, from = 0): ExposedItem[] =>
  Array.from({ length: count }, (_, n) => ({ kind: 'tool', exposed: `${gateway}${n + from}`, gateway, own: `t${n}` }));
const read = (lines: ExposedItem[]): ExposedItem[][] =>
  toNamesBlocks(lines).map(({ bytes }) => JSON.parse(bytes).items);

describe('blocks of names', () => {
  it('are the same in every server that bundles a gateway alike, whatever stands around it', () => {
    const [alone] = toNamesBlocks(names('a', 30));
    const among = toNamesBlocks([...names('b', 8), ...names('a', 30), ...names('c', 9)]);
    expect(among.map(({ digest }) => digest)).toContain(alone?.digest);
    expect(among).toHaveLength(3);
  });

  it('hold every line once and in order', () => {
    const lines = [
      ...names('a', 1),
      ...names('b', 2),
      ...names('a', 3, 1),
      ...names('c', 5),
      ...names('b', 1, 2),
      ...names('d', 2_000),
      ...names('e', 3),
    ];
    expect(read(lines).flat()).toEqual(lines);
    expect(read([])).toEqual([]);
  });

  it('stay few where gateways take turns', () => {
    const lines = Array.from({ length: 300 }, (_, n) => names(n % 2 === 0 ? 'a' : 'b', 1, n)).flat();
    expect(read(lines)).toEqual([lines]);
  });
});
