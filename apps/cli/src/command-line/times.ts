import { CliError } from '../errors/cli.error.js';

const MAX_PORT = 65_535;
const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3_600, d: 86_400 };
/** Nothing is nothing in each unit. */
const DURATION = /^(?<count>\d{1,9})(?<unit>[smhd])$|^0$/;
/** A date, or a date and time with its zone. */
const TIME = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

/** Reads such as `90s`, `15m`, `24h` or `7d`, as seconds. @throws CliError `time_illegal` */
export function duration(text: string): number {
  const seconds = secondsOf(text);
  if (seconds === undefined) throw illegal('A time has a number and a unit, such as 90s, 15m, 24h or 7d');
  return seconds;
}

/** Reads a date and time, or how long ago it was. @throws CliError `time_illegal` */
export function timePast(text: string): string {
  return timeOf(text, -1);
}

/** Reads a date and time, or after how long it comes. @throws CliError `time_illegal` */
export function timeAhead(text: string): string {
  return timeOf(text, 1);
}

/** Reads a whole number in this range. @throws CliError `number_illegal` */
export function wholeNumber(flag: string, least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
    if (number !== undefined && number >= least && number <= most) return number;
    throw new CliError('usage', 'number_illegal', `${flag} takes a whole number from ${least} to ${most}`);
  };
}

/** Reads a port. @throws CliError `number_illegal` */
export function portNumber(flag: string, least: 0 | 1): (text: string) => number {
  return wholeNumber(flag, least, MAX_PORT);
}

function timeOf(text: string, direction: 1 | -1): string {
  const seconds = secondsOf(text);
  const at = seconds === undefined ? Date.parse(TIME.test(text) ? text : '') : Date.now() + direction * seconds * 1_000;
  if (!Number.isNaN(at) && Math.abs(at) < 8.64e15) return new Date(at).toISOString();
  throw illegal('A time is a date such as 2026-11-30, a date and time such as 2026-11-30T12:00:00Z, or such as 24h');
}

function secondsOf(text: string): number | undefined {
  const found = DURATION.exec(text);
  if (!found) return undefined;
  const { count = '0', unit = 's' } = found.groups ?? {};
  return Number(count) * (SECONDS[unit] ?? 1);
}

function illegal(message: string): CliError {
  return new CliError('usage', 'time_illegal', message);
}
