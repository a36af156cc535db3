import { describe, expect, it } from 'vitest';
import { layOut, type PlotPoint, type Series } from './steps.js';

const SERIES: Series[] = [
  { name: 'well', look: 'plain' },
  { name: 'failed', look: 'wrong' },
];
const size = { width: 656, height: 134, stepSeconds: 60 };
const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString();
const points = (...counts: [number, number][]): PlotPoint[] => counts.map((each, n) => ({ at: at(n), counts: each }));

describe('a plot of stacked bars', () => {
  it('puts the failed ones on top of the others, and nothing where nothing was counted', () => {
    const { bars } = layOut(points([6, 2], [0, 0], [0, 4]), SERIES, size);
    expect(bars.map(({ key, look }) => [key, look])).toEqual([
      ['0 0', 'plain'],
      ['1 0', 'wrong'],
      ['1 2', 'wrong'],
    ]);
    const [well, failed, alone] = bars;
    expect((failed?.y ?? 0) + (failed?.height ?? 0)).toBeCloseTo(well?.y ?? -1);
    expect(well?.height).toBeCloseTo((failed?.height ?? 0) * 3);
    expect(alone?.height).toBeCloseTo((failed?.height ?? 0) * 2);
  });

  it('shows one call beside a hundred thousand', () => {
    const { bars } = layOut(points([100_000, 0], [1, 0]), SERIES, size);
    expect(bars[1]?.height).toBe(2);
  });

  it('has whole numbers at its lines, also without a call', () => {
    for (const most of [0, 1, 2, 7, 1_234]) {
      const { counts } = layOut(points([most, 0]), SERIES, size);
      expect(counts.length).toBeGreaterThan(1);
      expect(counts.every(({ count }) => Number.isInteger(count))).toBe(true);
      expect(counts.at(-1)?.count).toBeGreaterThanOrEqual(most === 0 ? 1 : most * 0.6);
    }
  });

  it('says which point is at a place, also outside of the bars', () => {
    const { indexAt, left, stepWidth } = layOut(points([1, 0], [1, 0], [1, 0]), SERIES, size);
    expect([-5, left + 1, left + stepWidth * 1.5, 9_999].map(indexAt)).toEqual([0, 0, 1, 2]);
  });
});
