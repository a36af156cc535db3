import { Histogram, Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { Durations } from './durations.js';

const BOUNDS = [0.001, 0.01, 1];
const OBSERVED: [string, number][] = [
  ['tools/call', 0.0005],
  ['tools/call', 0.001],
  ['tools/call', 0.0011],
  ['tools/call', 5],
  ['ping', 0.5],
];

describe('Durations', () => {
  it('have the same text as the library’s own histogram', async () => {
    const [ours, theirs] = [new Registry(), new Registry()];
    const durations = new Durations(
      { name: 'seconds', help: 'How long', labelNames: ['method'], bounds: BOUNDS },
      ours,
    );
    const histogram = new Histogram({
      ...{ name: 'seconds', help: 'How long', labelNames: ['method'], buckets: BOUNDS },
      registers: [theirs],
    });
    for (const [method, seconds] of OBSERVED) {
      durations.of(method).observe(seconds);
      histogram.observe({ method }, seconds);
    }
    expect(await ours.metrics()).toBe(await theirs.metrics());
  });

  it('have a bounded number of series, and leave out empty labels', async () => {
    const registry = new Registry();
    const draft = { name: 'seconds', help: 'How long', labelNames: ['method', 'error'], bounds: [1], maxSeries: 2 };
    const durations = new Durations(draft, registry);
    for (const method of ['a', 'b', 'c', 'd', 'a']) durations.of(method, '').observe(0.5);
    const counts = (await registry.metrics()).split('\n').filter((line) => line.startsWith('seconds_count'));
    expect(counts).toEqual([
      'seconds_count{method="a"} 2',
      'seconds_count{method="b"} 1',
      'seconds_count{method="_other",error="_other"} 2',
    ]);
  });
});
