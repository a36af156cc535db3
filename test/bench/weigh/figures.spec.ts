import { describe, expect, it } from 'vitest';
import { figureReports, memorySample, type Round, weightsOf } from './figures.js';
import { mediansOf } from './loaded.js';

const NODE = { 'node.readyCpuS': 0.1, 'node.alone': 40 };
const ROUNDS: Round[] = [
  {
    yardstick: NODE,
    now: { 'embedded.laterReadyCpuS': 2, 'embedded.alone': 200 },
    before: { 'embedded.laterReadyCpuS': 4, 'embedded.alone': 800 },
  },
  {
    yardstick: { 'node.readyCpuS': 0.4, 'node.alone': 50 },
    now: { 'embedded.laterReadyCpuS': 6, 'embedded.alone': 300 },
    before: { 'embedded.laterReadyCpuS': 30, 'embedded.alone': 600 },
  },
  {
    yardstick: NODE,
    now: { 'embedded.laterReadyCpuS': 3, 'embedded.alone': 240 },
    before: { 'embedded.laterReadyCpuS': 5, 'embedded.alone': 480 },
  },
];

describe('what the services weigh', () => {
  it('is told by medians, and against another build by the median of the ratios within each round', () => {
    const [, , start] = figureReports(ROUNDS);
    expect(start).toEqual({
      name: 'embedded.laterReadyCpuS',
      now: { median: 3, min: 2, max: 6 },
      before: { median: 5, min: 4, max: 30 },
      againstBefore: { median: 0.5, min: 0.2, max: 0.6 },
    });
  });

  it('is told of what all are compared with, which has no other build', () => {
    expect(figureReports(ROUNDS)[0]).toEqual({ name: 'node.readyCpuS', now: { median: 0.1, min: 0.1, max: 0.4 } });
  });

  it('is held against the bare process of the same round, by each build', () => {
    expect(weightsOf(ROUNDS)).toEqual({
      embeddedLaterStart: { median: 20, min: 15, max: 30 },
      embeddedIdle: { median: 6, min: 5, max: 6 },
    });
    expect(weightsOf(ROUNDS, 'before').embeddedLaterStart?.median).toBe(50);
  });

  it('has no ratio to what was not measured in the same round', () => {
    expect(weightsOf([{ yardstick: {}, now: { 'embedded.alone': 200 } }])).toEqual({});
  });

  it('is told by each kind of memory', () => {
    const memory = { resident: 4, proportional: 3, private: 1, alone: 4 };
    expect(memorySample('slot', memory)).toEqual({
      'slot.resident': 4,
      'slot.proportional': 3,
      'slot.private': 1,
      'slot.alone': 4,
    });
  });

  it('under load is the median of what was seen in a span; a span without a look has none', () => {
    const seen = [1, 2, 3, 4, 5].map((second): [number, number] => [second, second * 100]);
    expect(mediansOf(seen, { loaded: [3, 5], late: [9, 10] })).toEqual({ loaded: 400 });
  });
});
