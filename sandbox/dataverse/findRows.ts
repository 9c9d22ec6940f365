// A list of rows: filter, order, page. The next page's address carries where to go on.
import type { Table } from './metadata/table';
import { isReference, type Cell } from './model';
import { readFilter, order } from './filter';
import { badQuery } from './problem';
import type { Preferences, QueryOptions } from './queryOptions';
import { cellOf, type Row, type RowStore } from './rowStore';

const LARGEST_PAGE = 5_000;

export interface Page {
  readonly rows: readonly Row[];
  readonly total: number;
  /** For `$skiptoken`, while more rows wait. */
  readonly next?: string;
}

export function findRows(store: RowStore, table: Table, options: QueryOptions, preferences: Preferences): Page {
  const test = options.filter === undefined ? (): boolean => true : readFilter(options.filter, table, store.get);
  const all = store.list(table.name).filter(test).sort(inOrder(table, options));
  // With $top there are no pages.
  if (options.top !== undefined) return { rows: all.slice(0, options.top), total: all.length };
  const from = options.skipToken === undefined ? 0 : readSkipToken(options.skipToken);
  const size = Math.min(preferences.maxPageSize ?? LARGEST_PAGE, LARGEST_PAGE);
  const more = from + size < all.length;
  return { rows: all.slice(from, from + size), total: all.length, next: more ? toSkipToken(from + size) : undefined };
}

/** A cookie inside a cookie, encoded in itself, as the platform's own are: a client that decodes or encodes the link once more breaks it (Learn, "Page results"). */
const toSkipToken = (from: number): string => `<cookie pagenumber="2" pagingcookie="${encodeURIComponent(encodeURIComponent(`<cookie from="${from}" />`))}" istracking="False" />`;

function readSkipToken(token: string): number {
  const inner = /^<cookie pagenumber="2" pagingcookie="(?<inner>%253C[^"]*)" istracking="False" \/>$/.exec(token)?.groups?.inner;
  const from = /^<cookie from="(?<from>\d+)" \/>$/.exec(decodeURIComponent(decodeURIComponent(inner ?? '')))?.groups?.from;
  if (from !== undefined) return Number(from);
  throw badQuery('Malformed $skiptoken. Follow the @odata.nextLink as it was given.');
}

function inOrder(table: Table, options: QueryOptions): (one: Row, other: Row) => number {
  const keys = options.orderBy.map(({ column, descending }) => ({ column: table.columns.get(column), sign: descending ? -1 : 1 }));
  return (one, other) => {
    for (const { column, sign } of keys) {
      if (!column) continue;
      const difference = compareCells(cellOf(one, column), cellOf(other, column));
      if (difference !== 0) return sign * difference;
    }
    return order(one.id, other.id);
  };
}

/** Empty cells come first, as in SQL. */
function compareCells(one: Cell, other: Cell): number {
  if (one === null || other === null) return Number(one !== null) - Number(other !== null);
  return order(sortable(one), sortable(other));
}

function sortable(cell: Exclude<Cell, null>): string | number | boolean {
  if (isReference(cell)) return cell.id;
  return typeof cell === 'string' ? cell.toLowerCase() : cell;
}
