// A row of Dataverse to a snapshot: cells by field, what the seller asks for, what the service shows.
import { toDecimalText, type Cell, type Cells, type CrmSnapshot, type FieldKey, type Json, type MoneyScale, type PartyRef } from '../../../core/index';
import { isNothing, readPerson, readSolutions, somethingIn, textOf } from '../cellValues';
import { countryCode } from '../country';
import type { Row } from './dataverseClient';
import { canonicalId } from './ids';
import { partyNames, type MappedKind, type MappingRow, type MappingTable, type PartyName } from './mapping';
import { partyNameColumn } from './rowQuery';
import { requestedActions, serviceColumns, statusWords, wordOf, type ServiceColumn } from './serviceColumns';
import type { Currency, TableFacts } from './tableFacts';

export interface RowContext {
  readonly kind: MappedKind;
  readonly table: MappingTable;
  /** Facts of the row's own table and of its parties' tables, by table name. */
  readonly facts: ReadonlyMap<string, TableFacts>;
  readonly currencies: readonly Currency[];
}

/**
 * @param row with `$expand`, or without (what a write answers): then the parties' cells are taken from `base`
 * @returns `undefined` when the row points at other parties than `base` did, so that it must be read whole
 */
export function rowToSnapshot(row: Row, context: RowContext, base?: CrmSnapshot): CrmSnapshot | undefined {
  const parties = findParties(row, context, base);
  if (!parties) return undefined;
  return {
    version: String(row['@odata.etag']),
    cells: Object.fromEntries(context.table.rows.map((rule) => [rule.field, readCell(rule, row, parties, context, base)])) as Cells,
    moneyScale: moneyScale(context, parties.currency),
    createdOn: textOf(row.createdon) ?? '',
    modifiedOn: textOf(row.modifiedon) ?? '',
    control: readControl(row, context.kind),
    shown: readShown(row, context.kind),
    refs: { customer: parties.refs.customer, contact: parties.refs.contact, owner: parties.refs.owner },
    secured: context.table.rows.filter((rule) => Object.values(rule.columns).some((column) => columnFacts(rule, column, context)?.secured)).map((rule) => rule.field),
  };
}

interface Parties {
  /** The expanded rows; a party whose lookup is filled but whose row was withheld is `unreadable`. */
  readonly rows: Readonly<Partial<Record<PartyName, Row | 'unreadable' | 'kept'>>>;
  readonly refs: Readonly<Record<'customer' | 'contact' | 'owner', PartyRef | null>>;
  readonly currency: Currency | undefined;
}

const kindOfParty = { customer: 'account', contact: 'contact', owner: 'user' } as const;

function findParties(row: Row, context: RowContext, base: CrmSnapshot | undefined): Parties | undefined {
  const currency = currencyOf(row, context);
  if (base) {
    if (currency === undefined && lookupOf(row, 'transactioncurrencyid')) return undefined;
    const isSame = (['customer', 'contact', 'owner'] as const).every((name) => pointsAt(row, context.table, name, base.refs[name]));
    return isSame ? { rows: { customer: 'kept', contact: 'kept', owner: 'kept' }, refs: base.refs, currency } : undefined;
  }
  const rows = Object.fromEntries(partyNames.map((name) => [name, expandedOf(row, context.table, name)])) as Parties['rows'];
  const refOf = (name: 'customer' | 'contact' | 'owner'): PartyRef | null => {
    const party = rows[name];
    const id = typeof party === 'object' ? canonicalId(String(party[`${context.table.parties[name]?.table ?? ''}id`])) : null;
    return id && typeof party === 'object' ? { kind: kindOfParty[name], id, name: textOf(party[partyNameColumn[name]]) } : null;
  };
  return { rows, refs: { customer: refOf('customer'), contact: refOf('contact'), owner: refOf('owner') }, currency };
}

function expandedOf(row: Row, table: MappingTable, name: PartyName): Row | 'unreadable' | undefined {
  const paths = table.parties[name]?.through ?? [];
  const found = paths.map((path) => row[path.expand]).find((each) => typeof each === 'object' && each !== null);
  if (found) return found as Row;
  const everyPath = Object.values(table.parties).flatMap((party) => party.through);
  // A filled lookup none of whose rows came back (customerid has two) is a row that we may not read.
  const isWithheld = paths.some((path) => lookupOf(row, path.lookup) && everyPath.every((other) => other.lookup !== path.lookup || !row[other.expand]));
  return isWithheld ? 'unreadable' : undefined;
}

/** Whether the lookups of a party still hold what the reference says; the first filled one may be of another kind (a customer may be a contact). */
function pointsAt(row: Row, table: MappingTable, name: PartyName, ref: PartyRef | null): boolean {
  const ids = (table.parties[name]?.through ?? []).map((path) => lookupOf(row, path.lookup));
  if (ref) return ids[0] ? ids[0] === ref.id : ids.includes(ref.id);
  return !ids[0];
}

const lookupOf = (row: Row, lookup: string): string | null => {
  const id = row[`_${lookup}_value`];
  return typeof id === 'string' ? canonicalId(id) : null;
};

function currencyOf(row: Row, context: RowContext): Currency | undefined {
  const path = context.table.parties.currency?.through[0];
  if (!path) return undefined;
  const id = lookupOf(row, path.lookup);
  const expanded = row[path.expand] as Row | null | undefined;
  const known = context.currencies.find((each) => canonicalId(each.id) === id);
  if (known || !expanded || !id) return known;
  return { id, code: String(expanded.isocurrencycode), scale: typeof expanded.currencyprecision === 'number' ? expanded.currencyprecision : 2 };
}

/** Where the currency decides, the digits of all of them: the other side may name another one than the row has. */
function moneyScale(context: RowContext, currency: Currency | undefined): MoneyScale {
  const money = context.table.rows.find((rule) => rule.type === 'money');
  const scale = money ? columnFacts(money, money.columns.value ?? '', context)?.scale : undefined;
  if (typeof scale === 'number') return scale;
  return Object.fromEntries([...context.currencies, ...(currency ? [currency] : [])].map((each) => [each.code, each.scale]));
}

const columnFacts = (rule: MappingRow, column: string, context: RowContext): ReturnType<TableFacts['get']> =>
  context.facts.get(rule.party ? (context.table.parties[rule.party]?.table ?? '') : context.kind)?.get(column);

function readCell(rule: MappingRow, row: Row, parties: Parties, context: RowContext, base: CrmSnapshot | undefined): Cell {
  if (rule.type === 'currency') return parties.currency ? { kind: 'value', value: parties.currency.code } : { kind: lookupOf(row, 'transactioncurrencyid') ? 'unreadable' : 'empty' };
  const source = rule.party ? parties.rows[rule.party] : row;
  if (source === 'kept') return base?.cells[rule.field] ?? { kind: 'empty' };
  if (source === 'unreadable') return { kind: 'unreadable' };
  if (!source) return { kind: 'empty' };
  const isWithheld = (column: string): boolean => isNothing(source[column]) && columnFacts(rule, column, context)?.readable === false;
  if (Object.values(rule.columns).some(isWithheld)) return { kind: 'unreadable' };
  const value = valueOf(rule, source);
  if (rule.columns.computed && source[rule.columns.computed] === true) return { kind: 'computed', value: value ?? null };
  if (value === undefined) return { kind: 'unreadable' };
  return value === null ? { kind: 'empty' } : { kind: 'value', value };
}

/** `null` is empty, `undefined` a choice that the mapping does not know. */
function valueOf(rule: MappingRow, source: Row): Json | undefined {
  const raw = source[rule.columns.value ?? ''];
  switch (rule.type) {
    case 'money':
    case 'number':
      return typeof raw === 'number' || typeof raw === 'string' ? (toDecimalText(raw) ?? null) : null;
    case 'date':
      // A date-only column may read back as an instant at midnight; its day is meant, and no zone shifts it (contract, "Default columns").
      return /^\d{4}-\d{2}-\d{2}/.exec(textOf(raw) ?? '')?.[0] ?? null;
    case 'state':
    case 'choice':
      return isNothing(raw) ? null : Object.entries(rule.choices ?? {}).find(([, number]) => number === raw)?.[0];
    case 'solutions':
      return readSolutions(textOf(raw));
    case 'country': {
      const text = textOf(raw);
      return text === null ? null : { code: countryCode(text), text };
    }
    case 'address':
      return somethingIn(Object.fromEntries(['line1', 'line2', 'city', 'state', 'postalCode'].map((role) => [role, columnText(source, rule.columns[role])])));
    case 'contact':
      return somethingIn(readPerson((role) => columnText(source, rule.columns[role])));
    case 'team': {
      const person = readPerson((role) => columnText(source, rule.columns[role]));
      return person.email === null ? null : [person];
    }
    case 'recordId':
      return canonicalId(String(raw));
    default:
      return textOf(raw);
  }
}

const columnText = (source: Row, column: string | undefined): string | null => (column === undefined ? null : textOf(source[column]));

function readControl(row: Row, kind: MappedKind): CrmSnapshot['control'] {
  const at = serviceCell(row, kind);
  return {
    sync: at('sync') === true,
    requestedAction: wordOf(requestedActions, at('requestedAction')),
    requestedReason: textOf(at('requestedReason')),
    choices: textOf(at('choices')),
  };
}

function readShown(row: Row, kind: MappedKind): CrmSnapshot['shown'] {
  const at = serviceCell(row, kind);
  return {
    identifier: textOf(at('identifier')),
    link: textOf(at('link')),
    status: wordOf(statusWords, at('status')),
    details: textOf(at('details')),
    microsoftStatus: textOf(at('microsoftStatus')),
    microsoftCrmId: textOf(at('microsoftCrmId')),
    lastSyncedOn: textOf(at('lastSyncedOn')),
  };
}

function serviceCell(row: Row, kind: MappedKind): (name: ServiceColumn) => unknown {
  const columns = serviceColumns(kind);
  return (name) => row[columns[name] ?? ''];
}

/** The columns of a row, as reasons and refusals find the field behind a column. */
export const fieldOfColumn = (table: MappingTable, column: string): FieldKey | undefined =>
  table.rows.find((rule) => (rule.party === undefined || rule.type === 'currency') && (Object.values(rule.columns).includes(column) || (rule.type === 'currency' && column === 'transactioncurrencyid')))?.field;
