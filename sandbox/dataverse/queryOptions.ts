// What stands behind the question mark: $select, $expand with its own options, $filter, $orderby, $top, $count and the page.
import type { Table } from './metadata/table';
import { tableNamed } from './model';
import { badQuery } from './problem';

export interface Expansion {
  readonly navigation: string;
  readonly column: string;
  readonly table: Table;
  readonly options: Shape;
}

export interface Shape {
  /** Column names; undefined = all. */
  readonly select: readonly string[] | undefined;
  readonly expand: readonly Expansion[];
}

export interface QueryOptions extends Shape {
  readonly filter?: string;
  readonly orderBy: readonly { column: string; descending: boolean }[];
  readonly top?: number;
  readonly count: boolean;
  readonly skipToken?: string;
  readonly tag?: string;
}

const KNOWN = new Set(['$select', '$expand', '$filter', '$orderby', '$top', '$count', '$skiptoken', 'tag']);

/** @throws Problem 400 on an option, column or navigation property that is not there. `$skip` is not supported by Dataverse at all. */
export function readQueryOptions(search: string, table: Table): QueryOptions {
  const given = readSearch(search);
  for (const name of given.keys()) if (!KNOWN.has(name) && !name.startsWith('@')) throw badQuery(`The query parameter ${name} is not supported.`);
  const top = given.get('$top');
  if (top !== undefined && !/^[1-9]\d*$/.test(top)) throw badQuery(`Invalid value '${top}' for $top query option found.`);
  return {
    ...readShape(given, table),
    filter: given.get('$filter'),
    orderBy: readOrder(given.get('$orderby'), table),
    top: top === undefined ? undefined : Number(top),
    count: given.get('$count') === 'true',
    skipToken: given.get('$skiptoken'),
    tag: given.get('tag'),
  };
}

/** In a query `+` is a blank; `%2B` is the plus. */
export function readSearch(search: string): Map<string, string> {
  const pairs = search.replace(/^\?/, '').split('&').filter((pair) => pair !== '');
  return new Map(pairs.map((pair) => {
    const [name = '', ...value] = pair.replaceAll('+', ' ').split('=');
    return [decodeURIComponent(name), decodeURIComponent(value.join('='))];
  }));
}

function readShape(given: ReadonlyMap<string, string>, table: Table): Shape {
  const select = given.get('$select');
  return {
    select: select ? select.split(',').map((name) => selectable(name.trim(), table)) : undefined,
    expand: splitOutside(given.get('$expand') ?? '', ',').map((part) => readExpansion(part.trim(), table)),
  };
}

function selectable(name: string, table: Table): string {
  const lookupName = /^_(.+)_value$/.exec(name)?.[1];
  const column = table.columns.get(lookupName ?? name);
  if (!column || column.hidden || (column.type === 'lookup') !== (lookupName !== undefined)) throw badQuery(`Could not find a property named '${name}' on type 'Microsoft.Dynamics.CRM.${table.name}'.`);
  return column.name;
}

function readExpansion(part: string, table: Table): Expansion {
  const hit = /^(?<name>\w+)(?:\((?<options>.*)\))?$/s.exec(part);
  const navigation = table.navigations.get(hit?.groups?.name ?? '');
  if (!hit || !navigation) throw badQuery(`Could not find a property named '${hit?.groups?.name ?? part}' on type 'Microsoft.Dynamics.CRM.${table.name}'.`);
  const inner = splitOutside(hit.groups?.options ?? '', ';').map((option) => {
    const at = option.indexOf('=');
    return [option.slice(0, at).trim(), option.slice(at + 1)] as const;
  });
  for (const [name] of inner) if (name !== '$select' && name !== '$expand') throw badQuery(`The query option ${name} is not supported inside the $expand of '${hit.groups?.name}'.`);
  const target = tableNamed(navigation.table);
  return { navigation: hit.groups?.name ?? '', column: navigation.column, table: target, options: readShape(new Map(inner), target) };
}

/** Splits at a separator that stands outside all parentheses. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (text[at] === separator && depth === 0) {
      parts.push(text.slice(from, at));
      from = at + 1;
    }
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part.trim() !== '');
}

function readOrder(text: string | undefined, table: Table): { column: string; descending: boolean }[] {
  return (text ?? '').split(',').filter((part) => part.trim() !== '').map((part) => {
    const [name = '', direction = 'asc', more] = part.trim().split(/\s+/);
    if (more !== undefined || (direction !== 'asc' && direction !== 'desc')) throw badQuery(`Syntax error in the $orderby expression '${part}'.`);
    return { column: selectable(name, table), descending: direction === 'desc' };
  });
}

export interface Preferences {
  readonly representation: boolean;
  readonly annotations: boolean;
  readonly maxPageSize?: number;
  /** What an answer repeats as `Preference-Applied`. */
  readonly applied: string;
}

export function readPreferences(header: string | undefined): Preferences {
  const parts = (header ?? '').split(/[,;](?=(?:[^"]*"[^"]*")*[^"]*$)/).map((part) => part.trim()).filter((part) => part !== '');
  const annotations = parts.find((part) => part.startsWith('odata.include-annotations='));
  const page = parts.map((part) => /^odata\.maxpagesize="?(\d+)"?$/.exec(part)?.[1]).find((size) => size !== undefined);
  const wanted = parts.filter((part) => part === 'return=representation' || part.startsWith('odata.'));
  return { representation: parts.includes('return=representation'), annotations: annotations !== undefined && /\*|FormattedValue|lookuplogicalname/.test(annotations), maxPageSize: page === undefined ? undefined : Number(page), applied: wanted.join(', ') };
}
