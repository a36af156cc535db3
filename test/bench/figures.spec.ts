import { describe, expect, it } from 'vitest';
import { figuresOf } from './calls/figures.js';
import type { Sample } from './calls/measure.js';
import { CONNECTIONS } from './calls/options.js';
import { beforeRow, ROWS } from './calls/rows.js';
import type { Measured } from './calls/rounds.js';

const sample = (cpuMicros: number): Sample => ({
  cpuMicros,
  callsPerSecond: 1e6 / cpuMicros,
  p50Ms: cpuMicros / 10,
  p99Ms: cpuMicros,
  upstreamRequestsPerCall: 1,
});

/** CPU per call of a row and of the bare relay beside it, round by round. */
function measured(name: string, ...rounds: [cpu: number, bare: number][]): Measured {
  const row = [...ROWS, ...ROWS.map(beforeRow)].find((each) => each.name === name);
  if (!row) throw new Error(`no row ${name}`);
  const taken = rounds.map(([cpu, bare]) => ({ sample: sample(cpu), yardstick: sample(bare) }));
  return { row, connections: CONNECTIONS, taken };
}

describe('the figures of a benchmark', () => {
  it('are medians of ratios within each round, so that a slow moment of the machine changes none', () => {
    const { ratios, addedP50Ms, addedP50MsOfReference } = figuresOf([
      measured('legacy', [150, 100], [1500, 1000], [300, 100]),
    ]);
    expect(ratios.toolsCallLegacy).toEqual({ median: 1.5, min: 1.5, max: 3 });
    expect(addedP50Ms).toEqual({ median: 20, min: 5, max: 50 });
    // 5 ms more beside a bare relay of 100 us are 2.85 ms beside one of 57 us, as 50 are beside one of 1,000 us.
    expect(addedP50MsOfReference?.median).toBeCloseTo(2.85);
  });

  it('take the worse way across the eras', () => {
    const ways = [measured('modern-to-legacy', [200, 100]), measured('legacy-to-modern', [180, 100])];
    expect(figuresOf(ways).ratios.translated?.median).toBe(2);
    expect(figuresOf(ways.toReversed()).ratios.translated?.median).toBe(2);
  });

  it('of a stream take the worse era, and the worse way across the eras', () => {
    const rows = [measured('legacy-sse', [120, 100]), measured('modern-sse', [260, 200])];
    const ways = [measured('modern-to-legacy-sse', [150, 100]), measured('legacy-to-modern-sse', [140, 100])];
    const { sse, translatedSse } = figuresOf([...rows, ...ways]);
    expect([sse?.median, translatedSse?.median]).toEqual([1.3, 1.5]);
  });

  it('show the slower way across the eras, its tail beside that of the same client, and its upstream requests', () => {
    const eras = [measured('legacy', [100, 100]), measured('modern', [300, 200])];
    const ways = [measured('modern-to-legacy', [180, 100]), measured('legacy-to-modern', [250, 200])];
    const { translatedRate, modernToLegacyP99, legacyToModernP99, translatedUpstreamRequests } = figuresOf([
      ...eras,
      ...ways,
    ]);
    expect(translatedRate?.median).toBeCloseTo(1 / 1.8);
    expect(modernToLegacyP99?.median).toBeCloseTo(1.2);
    expect(legacyToModernP99?.median).toBeCloseTo(1.25);
    expect(translatedUpstreamRequests?.median).toBe(1);
    expect(figuresOf(ways).legacyToModernP99).toBeUndefined();
  });

  it('compare others with Lethe over the bare relay that each had beside it', () => {
    const rows = [measured('legacy', [150, 100]), measured('sdk', [2000, 200]), measured('legacy-list', [75, 100])];
    const { sdkBuiltAgainstLethe, listRateAgainstCalls } = figuresOf(rows);
    expect(sdkBuiltAgainstLethe?.median).toBeCloseTo(6.667);
    expect(listRateAgainstCalls?.median).toBeCloseTo(2);
  });

  it('show what the fast HTTP path saves, by the same row without it', () => {
    const rows = [measured('legacy', [150, 100]), measured('legacy-node-http', [360, 200])];
    const { nodeHttpCallAgainstFast, nodeHttpListAgainstFast } = figuresOf(rows);
    expect(nodeHttpCallAgainstFast?.median).toBeCloseTo(1.2);
    expect(nodeHttpListAgainstFast).toBeUndefined();
  });

  it('show what a trace of each call costs, by the same row without', () => {
    const rows = [measured('modern', [150, 100]), measured('modern-traced', [330, 200])];
    const translated = ['modern-to-legacy', 'legacy-to-modern'].map((way) => measured(way, [200, 100]));
    const traced = [measured('modern-to-legacy-traced', [210, 100]), measured('legacy-to-modern-traced', [220, 100])];
    const figures = figuresOf([...rows, ...translated, ...traced]);
    expect(figures.tracedModernAgainstOff?.median).toBeCloseTo(1.1);
    expect(figures.tracedTranslatedAgainstOff?.median).toBeCloseTo(1.1);
    expect(figures.tracedLegacyAgainstOff).toBeUndefined();
  });

  it('show what grants cost, and a kept credential beside the own one of a caller with the same grants', () => {
    const rows = [measured('legacy', [150, 100]), measured('legacy-granted', [300, 200])];
    const pair = [measured('legacy-own', [160, 100]), measured('legacy-kept', [312, 200])];
    const { grantedLegacyAgainstOff, keptLegacyAgainstOwn } = figuresOf([...rows, ...pair]);
    expect([grantedLegacyAgainstOff?.median, keptLegacyAgainstOwn?.median]).toEqual([1, 0.975]);
  });

  it('compare each row with the same row of another build', () => {
    const rows = [measured('legacy', [150, 100], [330, 200]), measured('legacy-before', [300, 200], [150, 100])];
    const { againstBefore } = figuresOf([...rows, measured('modern', [150, 100])]);
    expect(againstBefore).toEqual({ legacy: { median: expect.closeTo(1.05), min: 1, max: expect.closeTo(1.1) } });
  });

  it('are left out where a row was not measured', () => {
    const { ratios, sdkBuiltAgainstLethe } = figuresOf([measured('legacy', [150, 100]), measured('modern-to-legacy')]);
    expect([ratios.translated, ratios.sdkBuilt, sdkBuiltAgainstLethe]).toEqual([undefined, undefined, undefined]);
  });
});
