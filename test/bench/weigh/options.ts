import { parseArgs } from 'node:util';

export const PARTS = ['embedded', 'slot', 'proxy', 'load', 'size', 'soak'] as const;
export type Part = (typeof PARTS)[number];

/** What one start of `npm run bench -- --weigh` is to do. */
export interface Options {
  readonly parts: ReadonlySet<Part>;
  readonly rounds: number;
  /** Until memory at rest is read. */
  readonly idleSeconds: number;
  /** Only what the guard's ratios are made of. */
  readonly isRatios: boolean;
  /** Of one load. */
  readonly loadSeconds: number;
  /** Of the soak's load. */
  readonly minutes: number;
  /** Folder of another checkout that is built. */
  readonly before: string | undefined;
  readonly isJson: boolean;
  readonly isRecord: boolean;
}

const FULL = { rounds: 5, idleSeconds: 60, loadSeconds: 20 };
const QUICK = { rounds: 1, idleSeconds: 15, loadSeconds: 5 };
/** As short as ratios to a bare process allow. */
const RATIOS = { rounds: 1, idleSeconds: 4, loadSeconds: 3 };
const RECORD_ROUNDS = 5;
const SOAK_MINUTES = 10;
/** A soak takes its minutes for each build, and is to be asked for. */
const USUAL_PARTS: readonly Part[] = ['embedded', 'slot', 'proxy', 'load', 'size'];
const RATIO_PARTS: readonly Part[] = ['embedded', 'slot', 'proxy', 'load'];

/** @throws Error for what is not understood */
export function readOptions(args: string[]): Options {
  const flag = { type: 'boolean', default: false } as const;
  const text = { type: 'string' } as const;
  const { values } = parseArgs({
    args,
    options: {
      ...{ weigh: flag, quick: flag, ratios: flag, json: flag, record: flag },
      ...{ before: text, rounds: text, idle: text, seconds: text, minutes: text },
      part: { type: 'string', multiple: true },
    },
  });
  // What is recorded is what the guard measures.
  const isRatios = values.ratios || values.record;
  const usual = isRatios ? RATIOS : values.quick ? QUICK : FULL;
  const parts = new Set(values.part?.map(partOf) ?? (isRatios ? RATIO_PARTS : USUAL_PARTS));
  const rounds = values.record ? RECORD_ROUNDS : parts.has('soak') ? 1 : usual.rounds;
  return {
    parts,
    rounds: numberOf('--rounds', values.rounds) ?? rounds,
    idleSeconds: numberOf('--idle', values.idle) ?? usual.idleSeconds,
    isRatios,
    loadSeconds: numberOf('--seconds', values.seconds) ?? usual.loadSeconds,
    minutes: numberOf('--minutes', values.minutes) ?? SOAK_MINUTES,
    before: values.before,
    isJson: values.json,
    isRecord: values.record,
  };
}

function partOf(name: string): Part {
  const part = PARTS.find((each) => each === name);
  if (!part) throw new Error(`--part is one of ${PARTS.join(', ')}`);
  return part;
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!(Number(text) > 0)) throw new Error(`${option}: must be a number above 0`);
  return Number(text);
}
