import { LetheError } from '@lethe/platform';
import { Transform } from 'class-transformer';
import { IsInt, Matches, Max, Min } from 'class-validator';
import { Field } from './field.js';
import { Optional } from './optional.js';

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** Absent on the last page. */
  nextCursor?: string;
}

/** Query parameters of a list. */
export class PageQuery {
  /** `nextCursor` of the previous page. */
  @Field({ description: '`nextCursor` of the page before' })
  @Optional()
  @Matches(/^[A-Za-z0-9_-]{1,400}$/)
  cursor?: string;
  @Field({ description: 'Items on a page, at most; 100 unless it is given' })
  @Optional()
  @Transform(({ value }: { value: unknown }) => wholeNumber(value))
  @IsInt()
  @Min(1)
  @Max(1000)
  limit?: number;
}

/** Query parameters are texts. */
function wholeNumber(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : Number.NaN;
}

/** Where a page begins: after the row with these values of the columns the list is ordered by. */
export type Position = (string | number)[];

const DEFAULT_LIMIT = 100;

/** The number of items on a page. */
export function limitOf(query: PageQuery): number {
  return query.limit ?? DEFAULT_LIMIT;
}

/**
 * Decodes a cursor. Cursors are not signed: they say where to continue and grant nothing.
 * @throws LetheError `invalid_request` when it is not a cursor of this API
 */
export function positionOf(query: PageQuery, length: number): Position | undefined {
  if (query.cursor === undefined) return undefined;
  try {
    const position: unknown = JSON.parse(Buffer.from(query.cursor, 'base64url').toString('utf8'));
    if (Array.isArray(position) && position.length === length && position.every(isPart)) return position;
  } catch {
    // Refused below, like any other text that is not a cursor.
  }
  throw cursorError();
}

function isPart(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/**
 * Condition for the rows after a position, ordered by (createdAt, id), oldest first.
 * @throws LetheError `invalid_request` when the position is not valid
 */
export function afterCreated(position: Position | undefined): { $or?: object[] } {
  if (position === undefined) return {};
  const [createdAt, id] = position;
  const at = new Date(String(createdAt));
  if (Number.isNaN(at.getTime()) || !/^([0-9a-f-]{36}|[0-9a-f]{16})$/.test(String(id))) throw cursorError();
  return { $or: [{ createdAt: { $gt: at } }, { createdAt: at, id: { $gt: String(id) } }] };
}

function cursorError(): LetheError {
  return new LetheError('invalid_request', { errors: [{ field: 'cursor', rule: 'cursor' }] });
}

/** Makes a page of rows, of which one more than the limit was read. */
export function toPage<R, T>(
  rows: R[],
  query: PageQuery,
  position: (row: R) => Position,
  view: (row: R) => T,
): Page<T> {
  const limit = limitOf(query);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const items = shown.map(view);
  if (rows.length <= limit || last === undefined) return { items };
  return { items, nextCursor: Buffer.from(JSON.stringify(position(last))).toString('base64url') };
}
