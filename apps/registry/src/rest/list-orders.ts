import { cursorError, decodeCursor, type PartKind } from './cursor.js';
import { limitOf, type Page, type PageQuery, toPage } from './paging.js';

/** A column by which rows are ordered. */
export interface OrderColumn<R> {
  kind: PartKind;
  of: (row: R) => Date | string | number;
}

/** Query parameters of a list that can be sorted. */
interface SortedQuery extends PageQuery {
  sort?: string;
}

/** An order as the entity manager takes it. */
type OrderBy = Record<string, 'asc' | 'desc'>;
type Part = Date | string | number;

/**
 * The orders of a list: by one of its columns, either way, and among equal values by a column that has each value once. So a
 * page begins after a row and not after a number of rows, and rows that are added meanwhile shift nothing. A cursor names its
 * order, and is refused under another.
 */
export class ListOrders<R, Column extends string> {
  /** The values of `sort`: a column, or `-` and a column for the other direction. */
  readonly names: readonly string[];

  /** @param tie the column that has each value once */
  constructor(
    private readonly columns: Record<Column, OrderColumn<R>>,
    private readonly tie: { name: string } & OrderColumn<R>,
    private readonly usual: Column | `-${Column}`,
  ) {
    this.names = Object.keys(columns).flatMap((name) => [name, `-${name}`]);
  }

  /** What makes a page: the order, the condition for its rows, and how many to read. */
  pageOf(query: SortedQuery): { after: object; options: { orderBy: OrderBy; limit: number } } {
    const { name, direction } = this.chosen(query);
    const orderBy = { [name]: direction, ...(this.tie.name !== name && { [this.tie.name]: direction }) };
    return { after: this.after(query), options: { orderBy, limit: limitOf(query) + 1 } };
  }

  /** Makes a page of the rows that were read. */
  toPage<T>(rows: R[], query: SortedQuery, view: (row: R) => T): Page<T> {
    const { sort, column } = this.chosen(query);
    return toPage(rows, query, (row) => [sort, textOf(column.of(row)), textOf(this.tie.of(row))], view);
  }

  private after(query: SortedQuery): object {
    if (query.cursor === undefined) return {};
    const { sort, name, column, direction } = this.chosen(query);
    const [order, first, second] = decodeCursor(query.cursor, ['text', column.kind, this.tie.kind]);
    if (order !== sort || first === undefined || second === undefined) throw cursorError();
    const value = valueOf(column.kind, first);
    const beyond = (part: Part): object => (direction === 'asc' ? { $gt: part } : { $lt: part });
    return { $or: [{ [name]: beyond(value) }, { [name]: value, [this.tie.name]: beyond(second) }] };
  }

  private chosen({ sort = this.usual }: SortedQuery): {
    sort: string;
    name: string;
    column: OrderColumn<R>;
    direction: 'asc' | 'desc';
  } {
    const name = sort.replace(/^-/, '');
    if (!this.has(name)) throw new Error('A list was asked for an order that it does not have');
    return { sort, name, column: this.columns[name], direction: sort.startsWith('-') ? 'desc' : 'asc' };
  }

  private has(name: string): name is Column {
    return Object.hasOwn(this.columns, name);
  }
}

function textOf(value: Part): string | number {
  return value instanceof Date ? value.toISOString() : value;
}

function valueOf(kind: PartKind, part: string | number): Part {
  return kind === 'time' ? new Date(part) : part;
}

/** The order of rows that have only one: by time of creation, the oldest first. */
export function oldestFirst<R extends { createdAt: Date; id: string }>(
  id: 'uuid' | 'keyId',
): ListOrders<R, 'createdAt'> {
  const createdAt: OrderColumn<R> = { kind: 'time', of: (row) => row.createdAt };
  return new ListOrders({ createdAt }, { name: 'id', kind: id, of: (row) => row.id }, 'createdAt');
}

type NamedColumn = 'createdAt' | 'updatedAt' | 'name' | 'slug';

/** What people name, with its times: oldest first unless another order is asked for. */
interface Named {
  id: string;
  name: string;
  slug: string;
  createdAt: Date;
  updatedAt: Date;
}

/** The orders of a list of such rows. */
export function namedOrders<R extends Named>(): ListOrders<R, NamedColumn> {
  return new ListOrders<R, NamedColumn>(
    {
      createdAt: { kind: 'time', of: ({ createdAt }) => createdAt },
      updatedAt: { kind: 'time', of: ({ updatedAt }) => updatedAt },
      name: { kind: 'text', of: ({ name }) => name },
      slug: { kind: 'text', of: ({ slug }) => slug },
    },
    { name: 'id', kind: 'uuid', of: ({ id }) => id },
    'createdAt',
  );
}
