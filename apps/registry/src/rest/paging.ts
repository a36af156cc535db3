import { Transform } from 'class-transformer';
import { IsInt, Matches, Max, Min } from 'class-validator';
import { decodeCursor, encodeCursor, type PartKind, type Position } from './cursor.js';
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
  @Matches(/^[A-Za-z0-9_-]{1,1200}$/)
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

const DEFAULT_LIMIT = 100;

/** The number of items on a page. */
export function limitOf(query: PageQuery): number {
  return query.limit ?? DEFAULT_LIMIT;
}

/**
 * Where a page begins: after the row with these values of the columns that the list is ordered by.
 * @throws LetheError `invalid_request` when the cursor is none of this list
 */
export function positionOf(query: PageQuery, kinds: readonly PartKind[]): Position | undefined {
  return query.cursor === undefined ? undefined : decodeCursor(query.cursor, kinds);
}

/**
 * The number after which a page begins, of a list that is ordered by one number.
 * @throws LetheError `invalid_request` when the cursor is none of this list
 */
export function numberOf(query: PageQuery, kind: 'integer' | 'bigint'): number | undefined {
  const [number] = positionOf(query, [kind]) ?? [];
  return typeof number === 'number' ? number : undefined;
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
  return { items, nextCursor: encodeCursor(position(last)) };
}
