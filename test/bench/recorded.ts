import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** CPU per call against the bare relay of the same round. */
export const RATIO_NAMES = ['toolsCallLegacy', 'toolsCallModern', 'translated', 'sdkBuilt', 'lists'] as const;
export type RatioName = (typeof RATIO_NAMES)[number];
export type Ratios = Record<RatioName, number>;

/** The ratios that later ones are held against. */
export interface Recorded {
  readonly ratios: Ratios;
  readonly node: string;
  readonly at: string;
  readonly by: string;
}

const FILE = fileURLToPath(new URL('recorded.json', import.meta.url));

/** What a call of Lethe's may become dearer, in shares of what is recorded, before the suite fails. */
export const TOLERANCE = 0.25;

export async function readRecorded(): Promise<Recorded> {
  return JSON.parse(await readFile(FILE, 'utf8'));
}

export async function record(recorded: Recorded): Promise<void> {
  await writeFile(FILE, `${JSON.stringify(recorded, null, 2)}\n`);
}

/** Ratios of Lethe's that became worse than the tolerance allows; the SDK-built relay is not ours to make faster. */
export function worsened(now: Ratios, recorded: Ratios): RatioName[] {
  return RATIO_NAMES.filter((name) => name !== 'sdkBuilt' && !(now[name] <= recorded[name] * (1 + TOLERANCE)));
}
