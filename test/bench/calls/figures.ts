import { type Spread, spreadOf } from '../spread.js';
import type { RatioName } from '../recorded.js';
import type { Sample } from './measure.js';
import { CONNECTIONS } from './options.js';
import type { Measured } from './rounds.js';

/** What is said of all rows together; a figure is left out when one of its rows was not measured. */
export interface Figures {
  /** CPU per call against the bare relay of the same round; the names are those of recorded.json. */
  readonly ratios: Readonly<Record<RatioName, Spread | undefined>>;
  readonly sdkBuiltAgainstLethe: Spread | undefined;
  readonly listRateAgainstCalls: Spread | undefined;
  readonly addedP50Ms: Spread | undefined;
  readonly addedP50MsToDirect: Spread | undefined;
}

type Compare = (sample: Sample, other: Sample) => number;

const CPU: Compare = (sample, other) => sample.cpuMicros / other.cpuMicros;
const RATE: Compare = (sample, other) => sample.callsPerSecond / other.callsPerSecond;
const P50: Compare = (sample, other) => sample.p50Ms - other.p50Ms;

export function figuresOf(measured: readonly Measured[]): Figures {
  const samplesOf = (name: string) =>
    measured.find(({ row, connections }) => row.name === name && connections === CONNECTIONS)?.samples;
  /** Round by round. */
  const compare = (name: string, other: string, how: Compare): Spread | undefined => {
    const [samples, others] = [samplesOf(name), samplesOf(other)];
    return samples && others && spreadOf(samples.flatMap((sample, n) => (others[n] ? [how(sample, others[n])] : [])));
  };
  const ratio = (name: string) => compare(name, 'bare', CPU);
  return {
    ratios: {
      toolsCallLegacy: ratio('legacy'),
      toolsCallModern: ratio('modern'),
      translated: worse(ratio('modern-to-legacy'), ratio('legacy-to-modern')),
      sdkBuilt: ratio('sdk'),
      lists: ratio('legacy-list'),
    },
    sdkBuiltAgainstLethe: compare('sdk', 'legacy', CPU),
    listRateAgainstCalls: compare('legacy-list', 'legacy', RATE),
    addedP50Ms: compare('legacy', 'bare', P50),
    addedP50MsToDirect: compare('legacy', 'direct', P50),
  };
}

function worse(one: Spread | undefined, other: Spread | undefined): Spread | undefined {
  return one && other && (one.median > other.median ? one : other);
}
