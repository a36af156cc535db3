import { parseArgs } from 'node:util';
import { beforeRow, ROWS, type Row } from './rows.js';

/** One row at one number of connections. */
export interface Run {
  readonly row: Row;
  readonly connections: number;
}

/** What one start of the benchmark is to do. */
export interface Options {
  readonly runs: readonly Run[];
  readonly rounds: number;
  readonly seconds: number;
  readonly isJson: boolean;
  readonly isRecord: boolean;
  readonly profile: Row | undefined;
  /** Folder of another checkout, whose benchmark is built: each row of Lethe is measured with its proxy too. */
  readonly before: string | undefined;
}

/** Connections at which all rows are measured, and ratios taken. */
export const CONNECTIONS = 32;
/** What all others are compared with. */
export const YARDSTICK = 'bare';
/** The main rows are measured at these too. */
const MORE_CONNECTIONS = [1, 256];
/** Rows that the ratios are made of. */
const QUICK_ROWS = [YARDSTICK, 'sdk', 'legacy', 'modern', 'modern-to-legacy', 'legacy-to-modern', 'legacy-list'];
/** Many short rounds rather than few long ones: what else the machine does then meets all rows alike. */
const QUICK = { rounds: 6, seconds: 0.3 };
const FULL = { rounds: 7, seconds: 0.5 };

/** @throws Error for what is not understood */
export function readOptions(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      json: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      rows: { type: 'string' },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      profile: { type: 'string' },
      before: { type: 'string' },
    },
  });
  // What is recorded is what the guard measures.
  const isQuick = values.quick || values.record;
  const usual = isQuick ? QUICK : FULL;
  const names = values.rows?.split(',') ?? (isQuick ? QUICK_ROWS : ROWS.map(({ name }) => name));
  const own = names.map(rowOf);
  const rows = own.flatMap((row) =>
    values.before !== undefined && row.relay === 'lethe' ? [row, beforeRow(row)] : [row],
  );
  return {
    runs: rows.flatMap((row) => connectionsOf(row, isQuick).map((connections) => ({ row, connections }))),
    rounds: numberOf('--rounds', values.rounds) ?? usual.rounds,
    seconds: numberOf('--seconds', values.seconds) ?? usual.seconds,
    isJson: values.json,
    isRecord: values.record,
    profile: values.profile === undefined ? undefined : rowOf(values.profile),
    before: values.before,
  };
}

function connectionsOf({ isMain }: Row, isQuick: boolean): number[] {
  return isMain && !isQuick ? [CONNECTIONS, ...MORE_CONNECTIONS] : [CONNECTIONS];
}

function rowOf(name: string): Row {
  const row = ROWS.find((each) => each.name === name);
  if (!row) throw new Error(`no row ${name}; there are ${ROWS.map((each) => each.name).join(', ')}`);
  return row;
}

function numberOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!(Number(text) > 0)) throw new Error(`${option}: must be a number above 0`);
  return Number(text);
}
