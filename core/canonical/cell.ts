// One canonical form for each kind of value: what is compared, remembered as halves, and sent.
import { ruleOf, type FieldKey } from '../fields';
import type { Cell, Cells, Json } from '../snapshot';
import { canonicalDate } from './date';
import { canonicalMoney, type MoneyScale } from './money';
import { canonicalSet } from './set';
import { canonicalText } from './text';

export interface CanonicalContext {
  /** Fraction digits of the CRM's amount column; Partner Center is compared at no finer grain. */
  readonly moneyScale: MoneyScale | undefined;
}

interface Known {
  readonly moneyScale: MoneyScale | undefined;
  readonly values: Map<FieldKey, Json>;
}

/** A run asks for the values of one snapshot some ten times; cells never change. */
const known = new WeakMap<Cells, Known>();

/** The canonical value of a field on one side; `null` when empty, `undefined` when it may not be read or was not read. */
export function canonical(field: FieldKey, cells: Cells, context: CanonicalContext): Json | undefined {
  const cell = cells[field];
  if (!cell || cell.kind === 'unreadable') return undefined;
  if (cell.kind === 'empty') return null;
  const { values } = knownOf(cells, context.moneyScale);
  const found = values.get(field);
  if (found !== undefined) return found;
  const value = byKind(field, cell.value, cells, context);
  values.set(field, value);
  return value;
}

function knownOf(cells: Cells, moneyScale: MoneyScale | undefined): Known {
  const found = known.get(cells);
  if (found && found.moneyScale === moneyScale) return found;
  const fresh: Known = { moneyScale, values: new Map() };
  known.set(cells, fresh);
  return fresh;
}

function byKind(field: FieldKey, value: Json, cells: Cells, context: CanonicalContext): Json {
  switch (ruleOf(field).kind) {
    case 'text':
      return canonicalText(value);
    case 'money':
      return canonicalMoney(value, currencyOf(cells), context.moneyScale);
    case 'currency':
      return canonicalText(value)?.toUpperCase() ?? null;
    case 'date':
      return canonicalDate(value);
    case 'word':
      return canonicalText(value);
    case 'solutions':
      return filled(canonicalSet(strings(value)));
    case 'team':
      return filled(canonicalSet(emails(value)));
    case 'country':
      return member(value, 'code') ?? canonicalText(member(value, 'text'));
    case 'address':
      return tidyObject(value, ['line1', 'line2', 'city', 'state', 'postalCode']);
    case 'contact':
      return tidyObject(value, ['firstName', 'lastName', 'email', 'phone']);
  }
}

export const currencyOf = (cells: Cells): string | null => {
  const value = valueOf(cells.currency);
  return typeof value === 'string' ? value.toUpperCase() : null;
};

/** The raw value of a cell, `null` when empty or unreadable. */
export const valueOf = (cell: Cell | undefined): Json => (cell && (cell.kind === 'value' || cell.kind === 'computed') ? cell.value : null);

/** An empty set is as empty as an empty column. */
const filled = (set: readonly string[]): Json => (set.length > 0 ? set : null);

const strings = (value: Json): string[] => (Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : []);

const emails = (value: Json): string[] =>
  (Array.isArray(value) ? value : []).map((each) => (typeof each === 'string' ? each : member(each as Json, 'email'))).filter((each): each is string => typeof each === 'string').map((each) => each.toLowerCase());

/** A member of an object value, `null` when it is not there. */
export const member = (value: Json, name: string): Json => (value !== null && typeof value === 'object' && !Array.isArray(value) ? ((value as Record<string, Json>)[name] ?? null) : null);

/** An object of texts with fixed members; `null` when all are empty. */
function tidyObject(value: Json, names: readonly string[]): Json {
  const texts = names.map((name) => [name, canonicalText(member(value, name))] as const);
  return texts.some(([, text]) => text !== null) ? Object.fromEntries(texts) : null;
}

/** Deep equality of canonical values. */
export const sameValue = (a: Json | undefined, b: Json | undefined): boolean => a === b || (isComposed(a) && isComposed(b) && stable(a) === stable(b));

const isComposed = (value: Json | undefined): boolean => typeof value === 'object' && value !== null;

/** Text of a value that does not depend on the order of members. */
export function stable(value: Json | undefined): string {
  if (value === undefined) return 'undefined';
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((each: Json) => stable(each)).join(',')}]`;
  const object = value as Readonly<Record<string, Json>>;
  return `{${Object.keys(object).sort().map((key) => `${JSON.stringify(key)}:${stable(object[key])}`).join(',')}}`;
}
