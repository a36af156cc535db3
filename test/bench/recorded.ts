import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** CPU per call against the bare relay of the same round. */
export const RATIO_NAMES = ['toolsCallLegacy', 'toolsCallModern', 'translated', 'sdkBuilt', 'lists'] as const;
export type RatioName = (typeof RATIO_NAMES)[number];
export type Ratios = Record<RatioName, number>;

/** Memory and starts, against a bare Node.js process or the bare relay of the same round. */
export const WEIGHT_NAMES = [
  ...(['embeddedFirstStart', 'embeddedLaterStart', 'embeddedIdle', 'slotPrivate'] as const),
  ...(['proxyStart', 'proxyIdle', 'proxyLoaded', 'embeddedLoaded'] as const),
] as const;
export type WeightName = (typeof WEIGHT_NAMES)[number];
/** Medians; what was not measured is left out. */
export type Weights = Readonly<Partial<Record<WeightName, number>>>;

/** When and how something was recorded. */
interface Recording {
  readonly node: string;
  readonly at: string;
  readonly by: string;
}

/** The ratios that later ones are held against. */
export interface Recorded extends Recording {
  readonly ratios: Ratios;
  readonly weigh: Recording & { readonly weights: Weights };
}

const FILE = fileURLToPath(new URL('recorded.json', import.meta.url));

/** What a call of Lethe's may become dearer, in shares of what is recorded, before the suite fails. */
export const TOLERANCE = 0.25;

export async function readRecorded(): Promise<Recorded> {
  return JSON.parse(await readFile(FILE, 'utf8'));
}

/** @param by arguments of `npm run bench --` */
export async function recordRatios(ratios: Ratios, by: readonly string[]): Promise<void> {
  await write({ ...(await readRecorded()), ratios, ...recordingBy(by) });
}

/**
 * @param by arguments of `npm run bench --`
 * @throws Error where one was not measured
 */
export async function recordWeights(weights: Weights, by: readonly string[]): Promise<void> {
  const missing = WEIGHT_NAMES.filter((name) => weights[name] === undefined);
  if (missing.length > 0) throw new Error(`nothing is recorded: ${missing.join(', ')} not measured`);
  await write({ ...(await readRecorded()), weigh: { weights, ...recordingBy(by) } });
}

function recordingBy(args: readonly string[]): Recording {
  return { node: process.version, at: new Date().toISOString(), by: ['npm run bench --', ...args].join(' ') };
}

async function write(recorded: Recorded): Promise<void> {
  await writeFile(FILE, `${JSON.stringify(recorded, null, 2)}\n`);
}

/** Ratios of Lethe's that became worse than the tolerance allows; the SDK-built relay is not ours to make faster. */
export function worsened(now: Ratios, recorded: Ratios): RatioName[] {
  return RATIO_NAMES.filter((name) => name !== 'sdkBuilt' && !(now[name] <= recorded[name] * (1 + TOLERANCE)));
}

/** The same of memory and starts. */
export function heavier(now: Weights, recorded: Weights): WeightName[] {
  return WEIGHT_NAMES.filter((name) => !((now[name] ?? NaN) <= (recorded[name] ?? NaN) * (1 + TOLERANCE)));
}
