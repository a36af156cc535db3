import { REFERENCE_MICROS } from '../budgets.js';
import { type Spread, spreadOf } from '../spread.js';
import type { RatioName } from '../recorded.js';
import type { Sample } from './measure.js';
import { CONNECTIONS } from './options.js';
import type { Measured } from './rounds.js';
import { nameBefore } from './rows.js';

/** What is said of all rows together; a figure is left out when one of its rows was not measured. */
export interface Figures {
  /** CPU per call against the bare relay of the same round; the names are those of recorded.json. */
  readonly ratios: Readonly<Record<RatioName, Spread | undefined>>;
  /** CPU per call with the answer as a stream of events, against the bare relay, which gets JSON; the worse era. */
  readonly sse: Spread | undefined;
  /** The same across the eras, the worse way. */
  readonly translatedSse: Spread | undefined;
  /** Calls per second across the eras against the bare relay, the slower way. */
  readonly translatedRate: Spread | undefined;
  /** p99 of a call across the eras against that of the same client's call within its era. */
  readonly modernToLegacyP99: Spread | undefined;
  readonly legacyToModernP99: Spread | undefined;
  /** Requests to the upstream for each call across the eras, the worse way. */
  readonly translatedUpstreamRequests: Spread | undefined;
  readonly sdkBuiltAgainstLethe: Spread | undefined;
  readonly listRateAgainstCalls: Spread | undefined;
  /** CPU per call and per list with the fast HTTP path off, against on. */
  readonly nodeHttpCallAgainstFast: Spread | undefined;
  readonly nodeHttpListAgainstFast: Spread | undefined;
  /** CPU per call with a trace of each, against the same row without traces. */
  readonly tracedLegacyAgainstOff: Spread | undefined;
  readonly tracedModernAgainstOff: Spread | undefined;
  readonly tracedTranslatedAgainstOff: Spread | undefined;
  /** CPU per call where a virtual server has grants and limits, against one without. */
  readonly grantedLegacyAgainstOff: Spread | undefined;
  /** CPU per call with a kept credential, against one with the caller's own, grants alike. */
  readonly keptLegacyAgainstOwn: Spread | undefined;
  /** CPU per call of each row against the same row with the other checkout's proxy. */
  readonly againstBefore: Readonly<Record<string, Spread | undefined>>;
  readonly addedP50Ms: Spread | undefined;
  /** The same on a machine where the bare relay costs what it does on that of the budgets. */
  readonly addedP50MsOfReference: Spread | undefined;
  readonly addedP50MsToDirect: Spread | undefined;
}

/** A sample beside that of the bare relay around it. */
type Compare = (sample: Sample, bare: Sample) => number;

const CPU: Compare = (sample, bare) => sample.cpuMicros / bare.cpuMicros;
const RATE: Compare = (sample, bare) => sample.callsPerSecond / bare.callsPerSecond;
const P99: Compare = (sample, bare) => sample.p99Ms / bare.p99Ms;
const UPSTREAM_REQUESTS: Compare = (sample) => sample.upstreamRequestsPerCall;
const ADDED_P50: Compare = (sample, bare) => sample.p50Ms - bare.p50Ms;
const ADDED_P50_OF_REFERENCE: Compare = (sample, bare) => (ADDED_P50(sample, bare) * REFERENCE_MICROS) / bare.cpuMicros;

export function figuresOf(measured: readonly Measured[]): Figures {
  const compared = (name: string, how: Compare) => {
    const run = measured.find(({ row, connections }) => row.name === name && connections === CONNECTIONS);
    return run && comparisons(run, how);
  };
  const figure = (name: string, how: Compare) => spread(compared(name, how));
  const ratio = (name: string) => figure(name, CPU);
  const quotient = (one: string, other: string, how: Compare) =>
    spread(both(compared(one, how), compared(other, how), (a, b) => a / b));
  const added = compared('legacy', ADDED_P50);
  const withBefore = measured.filter(({ row }) => measured.some((other) => other.row.name === nameBefore(row.name)));
  return {
    ratios: {
      toolsCallLegacy: ratio('legacy'),
      toolsCallModern: ratio('modern'),
      translated: worse(ratio('modern-to-legacy'), ratio('legacy-to-modern')),
      sdkBuilt: ratio('sdk'),
      lists: ratio('legacy-list'),
    },
    sse: worse(ratio('legacy-sse'), ratio('modern-sse')),
    translatedSse: worse(ratio('modern-to-legacy-sse'), ratio('legacy-to-modern-sse')),
    translatedRate: lower(figure('modern-to-legacy', RATE), figure('legacy-to-modern', RATE)),
    modernToLegacyP99: quotient('modern-to-legacy', 'modern', P99),
    legacyToModernP99: quotient('legacy-to-modern', 'legacy', P99),
    translatedUpstreamRequests: worse(
      figure('modern-to-legacy', UPSTREAM_REQUESTS),
      figure('legacy-to-modern', UPSTREAM_REQUESTS),
    ),
    sdkBuiltAgainstLethe: quotient('sdk', 'legacy', CPU),
    listRateAgainstCalls: quotient('legacy-list', 'legacy', RATE),
    nodeHttpCallAgainstFast: quotient('legacy-node-http', 'legacy', CPU),
    nodeHttpListAgainstFast: quotient('legacy-list-node-http', 'legacy-list', CPU),
    tracedLegacyAgainstOff: quotient('legacy-traced', 'legacy', CPU),
    tracedModernAgainstOff: quotient('modern-traced', 'modern', CPU),
    tracedTranslatedAgainstOff: worse(
      quotient('modern-to-legacy-traced', 'modern-to-legacy', CPU),
      quotient('legacy-to-modern-traced', 'legacy-to-modern', CPU),
    ),
    grantedLegacyAgainstOff: quotient('legacy-granted', 'legacy', CPU),
    keptLegacyAgainstOwn: quotient('legacy-kept', 'legacy-own', CPU),
    againstBefore: Object.fromEntries(
      withBefore.map(({ row: { name } }) => [name, quotient(name, nameBefore(name), CPU)]),
    ),
    addedP50Ms: spread(added),
    addedP50MsOfReference: spread(compared('legacy', ADDED_P50_OF_REFERENCE)),
    addedP50MsToDirect: spread(both(added, compared('direct', ADDED_P50), (a, b) => a - b)),
  };
}

/** Round by round; empty where the bare relay was not measured. */
export function comparisons({ taken }: Measured, how: Compare): number[] {
  return taken.flatMap(({ sample, yardstick }) => (yardstick ? [how(sample, yardstick)] : []));
}

export function cpuAgainstBare(run: Measured): Spread | undefined {
  return spread(comparisons(run, CPU));
}

function spread(values: readonly number[] | undefined): Spread | undefined {
  return values && values.length > 0 ? spreadOf(values) : undefined;
}

function both(
  some: number[] | undefined,
  others: number[] | undefined,
  how: (one: number, other: number) => number,
): number[] | undefined {
  return some?.flatMap((one, n) => (others?.[n] === undefined ? [] : [how(one, others[n])]));
}

function worse(one: Spread | undefined, other: Spread | undefined): Spread | undefined {
  return one && other && (one.median > other.median ? one : other);
}

function lower(one: Spread | undefined, other: Spread | undefined): Spread | undefined {
  return one && other && (one.median < other.median ? one : other);
}
