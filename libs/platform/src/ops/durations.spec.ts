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
    const durations = new Durations('seconds', 'How long', 'method', BOUNDS, ours);
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
});
