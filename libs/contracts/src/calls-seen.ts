import { ArrayMaxSize, IsArray, IsInt, Matches, Max, Min, ValidateBy } from 'class-validator';
import { SUBJECTS } from './subjects.js';

/** Rows of each list of a notice at most: together they fit into one message. */
export const MAX_SEEN = { counts: 600, streams: 10, calls: 50 } as const;
/** Stands for the names of what a notice or a table has no row of its own for. */
export const SEEN_OTHER = '(other)';

/** Calls with one outcome since the last notice. */
export interface SeenCount {
  /** Slug of the virtual server. */
  server: string;
  /** Slug of the gateway; empty for messages that none got. */
  gateway: string;
  /** MCP's name of the method. */
  method: string;
  /** `ok`, `client_gone`, or the code of an error. */
  outcome: string;
  /** The limit that has refused them; empty if none has. */
  limit: string;
  calls: number;
  /** How long they took, all together. */
  seconds: number;
}

/** Streams of one kind that clients keep open at the proxy. */
export interface SeenStreams {
  kind: string;
  open: number;
}

/** One call, by the facts that its log line has. No argument, no result, no value of a header. */
export interface SeenCall extends Omit<SeenCount, 'calls' | 'seconds'> {
  /** How long before the notice it ended, so that the clocks of two hosts are not compared. */
  ageMs: number;
  /** `key:<id>`, `jwt:<iss>#<sub>`, or `open`. */
  caller: string;
  /** Exposed name of the tool or prompt; empty for others. */
  item: string;
  /** What the client calls itself; empty if it does not say. */
  client: string;
  durationMs: number;
}

/** No control, format or private characters and no half of a pair: what PostgreSQL can store and a page can show. */
const TEXT = /^[^\p{C}]*$/u;
const MAX_NAME = 64;
const MAX_TEXT = 256;
const MOST_CALLS = 1e9;
const MOST_SECONDS = 1e9;
const MOST_MS = 1e9;
/** `integer` of PostgreSQL; a proxy that tells every second has them for 68 years. */
const MOST_NOTICES = 2 ** 31 - 1;

/** Replaces what no text of a notice may have, and cuts it. */
export function seenText(text: string): string {
  return text.slice(0, MAX_TEXT).replaceAll(/\p{C}/gu, '?');
}

/** Whether a value is a row of counts with no more than its bounds allow. */
export function isSeenCount(row: unknown): row is SeenCount {
  if (!isSeenNames(row) || !isNumber(row, 'calls', MOST_CALLS) || !isNumber(row, 'seconds', MOST_SECONDS)) return false;
  // Means are per call.
  return Number.isInteger(row['calls']) && row['calls'] !== 0;
}

/** Whether a value is a single call with no more than its bounds allow. */
export function isSeenCall(row: unknown): row is SeenCall {
  if (!isSeenNames(row) || !isNumber(row, 'ageMs', MOST_MS) || !isNumber(row, 'durationMs', MOST_MS)) return false;
  return ['caller', 'item', 'client'].every((name) => isText(row, name, MAX_TEXT));
}

function isSeenStreams(row: unknown): row is SeenStreams {
  return isRecord(row) && isText(row, 'kind', MAX_NAME) && isNumber(row, 'open', MOST_CALLS);
}

function isSeenNames(row: unknown): row is Record<string, unknown> {
  const names = ['server', 'gateway', 'method', 'outcome', 'limit'];
  return isRecord(row) && names.every((name) => isText(row, name, MAX_NAME));
}

function isRecord(row: unknown): row is Record<string, unknown> {
  return typeof row === 'object' && row !== null;
}

function isText(row: Record<string, unknown>, name: string, max: number): boolean {
  const value = row[name];
  return typeof value === 'string' && value.length <= max && TEXT.test(value);
}

function isNumber(row: Record<string, unknown>, name: string, max: number): boolean {
  const value = row[name];
  return typeof value === 'number' && value >= 0 && value <= max;
}

function AreRows(name: string, validate: (row: unknown) => boolean): PropertyDecorator {
  return ValidateBy({ name, validator: { validate } }, { each: true });
}

/**
 * What a proxy saw of calls since its last notice. Counts are complete, up to what is folded into `SEEN_OTHER`; single calls
 * are a bounded sample, failures and first calls before others. A lost notice is not repeated.
 */
export class CallsSeen {
  static readonly subject = SUBJECTS.callsSeen;

  /** Id of the replica, as in `RoutesApplied`. */
  @Matches(/^[\x20-\x7e]{1,64}$/) proxy!: string;
  /** 1, 2, 3, … of this replica, so that several registries count a notice once. */
  @IsInt() @Min(1) @Max(MOST_NOTICES) number!: number;
  @IsArray() @ArrayMaxSize(MAX_SEEN.counts) @AreRows('isSeenCount', isSeenCount) counts!: SeenCount[];
  /** Of every kind that it has had open. */
  @IsArray() @ArrayMaxSize(MAX_SEEN.streams) @AreRows('isSeenStreams', isSeenStreams) streams!: SeenStreams[];
  @IsArray() @ArrayMaxSize(MAX_SEEN.calls) @AreRows('isSeenCall', isSeenCall) calls!: SeenCall[];
}
