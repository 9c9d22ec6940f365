// The part of $filter that clients of this product use, read strictly: anything else is refused, never guessed.
import type { Column, Table } from './metadata/table';
import { isReference, readGuid, tableNamed, type Cell } from './model';
import { badQuery } from './problem';
import { cellOf, referenceId, type Row } from './rowStore';

export type Test = (row: Row) => boolean;
type Find = (table: string, id: string) => Row | undefined;
type Value = string | number | boolean | null;
type Kind = 'text' | 'number' | 'boolean' | 'guid' | 'time';
interface Operand {
  readonly kind: Kind;
  read(row: Row): Value;
}
interface Literal {
  readonly kind: Kind | 'null';
  readonly value: Value;
}

const TOKEN = /\s*(?:(?<text>'(?:[^']|'')*')|(?<punct>[(),])|(?<word>[^\s(),']+))/y;

/** @throws Problem 400 when the expression is not understood or compares unlike things (a quoted GUID or date, as the platform refuses them). */
export function readFilter(expression: string, table: Table, find: Find): Test {
  const tokens = tokenize(expression);
  let at = 0;
  const peek = (): string | undefined => tokens[at];
  const take = (): string => {
    const token = tokens[at];
    at += 1;
    if (token === undefined) throw syntax(expression);
    return token;
  };
  const expect = (token: string): void => {
    if (take() !== token) throw syntax(expression);
  };
  const isWord = (word: string): boolean => peek() === word;

  const or = (): Test => {
    let left = and();
    while (isWord('or')) left = either(left, (take(), and()));
    return left;
  };
  const and = (): Test => {
    let left = not();
    while (isWord('and')) left = both(left, (take(), not()));
    return left;
  };
  const not = (): Test => {
    if (!isWord('not')) return primary();
    take();
    const inner = primary();
    return (row) => !inner(row);
  };
  const primary = (): Test => {
    const token = take();
    if (token === '(') {
      const inner = or();
      expect(')');
      return inner;
    }
    if (isWord('(')) return call(token);
    return comparison(readPath(token, table, find), take(), readLiteral(take(), expression), expression);
  };
  const call = (name: string): Test => {
    expect('(');
    const operand = readPath(take(), table, find);
    expect(',');
    const literal = readLiteral(take(), expression);
    expect(')');
    return textFunction(name, operand, literal, expression);
  };
  const test = or();
  if (peek() !== undefined) throw syntax(expression);
  return test;
}

function tokenize(expression: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  const end = expression.trimEnd().length;
  let at = 0;
  while (at < end) {
    TOKEN.lastIndex = at;
    const hit = TOKEN.exec(expression);
    if (!hit) throw syntax(expression);
    tokens.push(hit[0].trim());
    at = TOKEN.lastIndex;
  }
  return tokens;
}

const either = (one: Test, other: Test): Test => (row) => one(row) || other(row);
const both = (one: Test, other: Test): Test => (row) => one(row) && other(row);

/** `name`, `_parentaccountid_value`, or through one lookup: `sdkmessageid/name`. */
function readPath(path: string, table: Table, find: Find): Operand {
  const [first = '', rest, more] = path.split('/');
  if (more !== undefined) throw badQuery(`The path '${path}' is too long.`);
  if (rest !== undefined) return readThrough(first, rest, table, find);
  const lookupName = /^_(.+)_value$/.exec(first)?.[1];
  const column = table.columns.get(lookupName ?? first);
  if (!column || column.hidden || (column.type === 'lookup') !== (lookupName !== undefined)) throw badQuery(`Could not find a property named '${first}' on type 'Microsoft.Dynamics.CRM.${table.name}'.`);
  return { kind: kindOf(column), read: (row) => flat(cellOf(row, column)) };
}

function readThrough(navigation: string, rest: string, table: Table, find: Find): Operand {
  const target = table.navigations.get(navigation);
  if (!target) throw badQuery(`Could not find a property named '${navigation}' on type 'Microsoft.Dynamics.CRM.${table.name}'.`);
  const inner = readPath(rest, tableNamed(target.table), find);
  return {
    kind: inner.kind,
    read(row) {
      const id = referenceId(row.cells[target.column]);
      const other = id === undefined ? undefined : find(target.table, id);
      return other ? inner.read(other) : null;
    },
  };
}

const flat = (cell: Cell): Value => (isReference(cell) ? cell.id : cell);

function kindOf(column: Column): Kind {
  if (column.type === 'lookup' || column.type === 'uniqueidentifier') return 'guid';
  if (column.type === 'string' || column.type === 'memo') return 'text';
  if (column.type === 'date' || column.type === 'datetime') return 'time';
  return column.type === 'boolean' ? 'boolean' : 'number';
}

function readLiteral(token: string, expression: string): Literal {
  if (token.startsWith("'")) return { kind: 'text', value: token.slice(1, -1).replaceAll("''", "'") };
  if (token === 'null') return { kind: 'null', value: null };
  if (token === 'true' || token === 'false') return { kind: 'boolean', value: token === 'true' };
  const id = readGuid(token);
  if (id) return { kind: 'guid', value: id };
  if (/^\d{4}-\d{2}-\d{2}(?:T.+(?:Z|[+-]\d{2}:\d{2}))?$/.test(token) && !Number.isNaN(Date.parse(token))) return { kind: 'time', value: Date.parse(token) };
  if (/^-?\d+(?:\.\d+)?$/.test(token)) return { kind: 'number', value: Number(token) };
  throw syntax(expression);
}

const COMPARE: Readonly<Record<string, (sign: number) => boolean>> = { eq: (sign) => sign === 0, ne: (sign) => sign !== 0, gt: (sign) => sign > 0, ge: (sign) => sign >= 0, lt: (sign) => sign < 0, le: (sign) => sign <= 0 };

function comparison(operand: Operand, operator: string, literal: Literal, expression: string): Test {
  const holds = COMPARE[operator];
  if (!holds) throw syntax(expression);
  if (literal.kind === 'null') {
    if (operator !== 'eq' && operator !== 'ne') throw syntax(expression);
    return (row) => (operand.read(row) === null) === (operator === 'eq');
  }
  if (literal.kind !== operand.kind) throw badQuery(`A binary operator with incompatible types was detected. Found operand types '${operand.kind}' and '${literal.kind}' for operator kind '${operator}' in '${expression}'.`);
  const wanted = normalize(literal.value, literal.kind) as string | number | boolean;
  return (row) => {
    const value = operand.read(row);
    // SQL: an empty cell is neither less nor more; `ne` holds for it on the platform.
    if (value === null) return operator === 'ne';
    return holds(order(normalize(value, operand.kind) as string | number | boolean, wanted));
  };
}

/** Text compares without case on the platform (its default collation). */
function normalize(value: Value, kind: Kind | 'null'): Value {
  if (kind === 'text' && typeof value === 'string') return value.toLowerCase();
  if (kind === 'time' && typeof value === 'string') return Date.parse(value);
  return value;
}

export const order = (one: string | number | boolean, other: string | number | boolean): number => (one < other ? -1 : one > other ? 1 : 0);

function textFunction(name: string, operand: Operand, literal: Literal, expression: string): Test {
  if (operand.kind !== 'text' || typeof literal.value !== 'string') throw badQuery(`'${name}' takes a text column and a text in '${expression}'.`);
  const wanted = literal.value.toLowerCase();
  const holds = { contains: (value: string) => value.includes(wanted), startswith: (value: string) => value.startsWith(wanted), endswith: (value: string) => value.endsWith(wanted) }[name];
  if (!holds) throw badQuery(`An unknown function with name '${name}' was found in '${expression}'.`);
  return (row) => {
    const value = operand.read(row);
    return typeof value === 'string' && holds(value.toLowerCase());
  };
}

const syntax = (expression: string): ReturnType<typeof badQuery> => badQuery(`Syntax error in the $filter expression '${expression}'.`);
