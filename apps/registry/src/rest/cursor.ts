import { LetheError } from '@lethe/platform';

/** The values of the columns by which a list is ordered, at one of its rows. */
export type Position = readonly (string | number)[];

/**
 * What a column of an order holds. A cursor is not signed, so whatever comes back in one is checked by this: PostgreSQL fails at
 * a number, a date, an id or a text that its column can't have.
 */
export type PartKind = 'integer' | 'bigint' | 'time' | 'uuid' | 'keyId' | 'text';

/** The largest `integer` of PostgreSQL. */
const MAX_INTEGER = 2 ** 31 - 1;
const MAX_TEXT = 200;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** As `Date` writes it, in years that both `Date` and PostgreSQL know. */
const TIME = /^[12]\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const IS_VALUE: Record<PartKind, (value: unknown) => boolean> = {
  integer: (value) => isWhole(value) && value <= MAX_INTEGER,
  bigint: isWhole,
  time: (value) => typeof value === 'string' && TIME.test(value) && isTime(value),
  uuid: (value) => typeof value === 'string' && UUID.test(value),
  keyId: (value) => typeof value === 'string' && /^[0-9a-f]{16}$/.test(value),
  text: (value) =>
    typeof value === 'string' && value.length <= MAX_TEXT && value.isWellFormed() && !value.includes('\0'),
};

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isTime(text: string): boolean {
  const time = new Date(text);
  return !Number.isNaN(time.getTime()) && time.toISOString() === text;
}

/** The text that stands for a position. */
export function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url');
}

/**
 * The position that a cursor stands for. It says where to continue and grants nothing.
 * @throws LetheError `invalid_request` unless it has a value of each of these kinds
 */
export function decodeCursor(cursor: string, kinds: readonly PartKind[]): Position {
  const position = parsed(cursor);
  if (position?.length !== kinds.length) throw cursorError();
  if (!kinds.every((kind, index) => IS_VALUE[kind](position[index]))) throw cursorError();
  return position;
}

/** Says that a cursor is none of this list. */
export function cursorError(): LetheError {
  return new LetheError('invalid_request', { errors: [{ field: 'cursor', rule: 'cursor' }] });
}

function parsed(cursor: string): Position | undefined {
  try {
    const position: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(position) && position.every(isPart) ? position : undefined;
  } catch {
    return undefined;
  }
}

function isPart(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}
