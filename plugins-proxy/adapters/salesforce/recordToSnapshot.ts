// A record of Salesforce to a snapshot: cells by field, what the seller asks for, what the service shows.
import { minorUnits, toDecimalText, type Cell, type Cells, type CrmSnapshot, type Json, type MoneyScale, type PartyRef } from '../../../core/index';
import { isNothing, readPerson, readSolutions, somethingIn, textOf } from '../cellValues';
import { countryCode } from '../country';
import { toLongId } from './ids';
import type { MappedKind, MappingRow, MappingTable, PartyName } from './mapping';
import type { OrgFacts } from './orgFacts';
import { actionValues, statusValues, wordOf, type PackageFields, type ServiceField } from './packageFields';
import { relationshipOf } from './readQuery';
import type { Row } from './salesforceClient';

export interface RecordContext {
  readonly kind: MappedKind;
  readonly table: MappingTable;
  readonly facts: OrgFacts;
  readonly fields: PackageFields;
  /** ISO code of an org that has one currency only; it cannot be asked. */
  readonly currency: string | null;
}

/** @param notBefore when it was read, at the earliest, by Salesforce's clock in milliseconds */
export function recordToSnapshot(row: Row, context: RecordContext, notBefore: number): CrmSnapshot {
  const { table, kind } = context;
  const modified = Date.parse(toIso(row.LastModifiedDate));
  const parties = { customer: partyOf(row, table, 'customer', context), contact: partyOf(row, table, 'contact', context), owner: partyOf(row, table, 'owner', context) };
  const at = serviceValue(row, context);
  return {
    version: String(row.SystemModstamp),
    // Within the second of a change a further one leaves the same stamp (algorithm, "Salesforce's one-second window").
    ...(notBefore >= modified + 1_000 ? {} : { unsettled: true as const }),
    cells: Object.fromEntries(table.rows.map((rule) => [rule.field, readCell(rule, row, parties, context)])) as Cells,
    moneyScale: moneyScale(context),
    createdOn: toIso(row.CreatedDate),
    modifiedOn: toIso(row.LastModifiedDate),
    control: {
      sync: at('sync') === true,
      requestedAction: wordOf(actionValues, at('requestedAction')),
      requestedReason: textOf(at('requestedReason')),
      choices: kind === 'opportunity' ? textOf(at('choices')) : null,
    },
    shown: {
      identifier: textOf(at('identifier')), link: textOf(at('link')), status: wordOf(statusValues, at('status')), details: textOf(at('details')), microsoftStatus: textOf(at('microsoftStatus')),
      microsoftCrmId: textOf(at('microsoftCrmId')), lastSyncedOn: isNothing(at('lastSyncedOn')) ? null : toIso(at('lastSyncedOn')),
    },
    refs: { customer: refOf(parties.customer, 'account'), contact: refOf(parties.contact, 'contact'), owner: refOf(parties.owner, 'user') },
    secured: [],
  };
}

/** `2026-11-24T10:00:00.000+0000` as everybody else writes it, in whole seconds. */
export const toIso = (moment: unknown): string => {
  const at = Date.parse(String(moment).replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(at) ? '' : `${new Date(at).toISOString().slice(0, 19)}Z`;
};

interface Party {
  readonly id: string;
  /** `null`: it is there, and we may not read it. */
  readonly row: Row | null;
}

/** Fields that were not asked for, because we may not see them, are not in the record at all. */
function partyOf(row: Row, table: MappingTable, name: PartyName, { facts }: RecordContext): Party | 'unreadable' | undefined {
  const party = table.parties[name];
  for (const path of party?.through ?? []) {
    if (!facts.object(party!.table) || (path.child !== undefined && !facts.object(path.child))) return path.child !== undefined || !isNothing(row[path.lookup]) ? 'unreadable' : undefined;
    const holder = path.child === undefined ? row : childrenOf(row, path.expand)[0];
    const id = toLongId(String(holder?.[path.lookup] ?? ''));
    if (id !== null) return { id, row: (holder?.[path.child === undefined ? path.expand : relationshipOf(path)] as Row | null | undefined) ?? null };
  }
  return undefined;
}

const childrenOf = (row: Row, relationship: string): readonly Row[] => ((row[relationship] as { readonly records?: readonly Row[] } | null | undefined)?.records ?? []);

const refOf = (party: Party | 'unreadable' | undefined, kind: PartyRef['kind']): PartyRef | null => (typeof party === 'object' ? { kind, id: party.id, name: textOf(party.row?.Name) } : null);

type Parties = Readonly<Record<PartyName, Party | 'unreadable' | undefined>>;

function readCell(rule: MappingRow, row: Row, parties: Parties, context: RecordContext): Cell {
  if (rule.type === 'currency') return readCurrency(rule, row, context);
  const party = rule.party && parties[rule.party];
  if (party === 'unreadable' || (typeof party === 'object' && party.row === null)) return { kind: 'unreadable' };
  const source = rule.party ? (party?.row ?? undefined) : row;
  if (!source) return { kind: 'empty' };
  const object = context.facts.object(rule.party ? (context.table.parties[rule.party]?.table ?? '') : context.table.set);
  // A field that is not there for us is never taken for an empty one; what only tells a value computed may be missing.
  const isHidden = Object.entries(rule.columns).some(([role, column]) => role !== 'computed' && !object?.has(column));
  if (isHidden) return { kind: 'unreadable' };
  const value = valueOf(rule, source, row);
  if (rule.columns.computed && source[rule.columns.computed] === true) return { kind: 'computed', value: value ?? null };
  if (value === undefined) return { kind: 'unreadable' };
  return value === null ? { kind: 'empty' } : { kind: 'value', value };
}

/** Without several currencies the org's own is meant; which that is, only the settings tell. */
function readCurrency(rule: MappingRow, row: Row, { currency, facts, table }: RecordContext): Cell {
  const column = rule.columns.value ?? '';
  if (facts.object(table.set)?.has(column)) {
    const code = textOf(row[column]);
    return code === null ? { kind: 'empty' } : { kind: 'value', value: code };
  }
  return currency === null ? { kind: 'unreadable' } : { kind: 'value', value: currency };
}

/** `null` is empty, `undefined` a value of a picklist that the mapping does not know. */
function valueOf(rule: MappingRow, source: Row, row: Row): Json | undefined {
  const raw = source[rule.columns.value ?? ''];
  const text = (role: string): string | null => textOf(source[rule.columns[role] ?? '']);
  switch (rule.type) {
    case 'money':
    case 'number':
      return typeof raw === 'number' || typeof raw === 'string' ? (toDecimalText(raw) ?? null) : null;
    case 'date':
      return /^\d{4}-\d{2}-\d{2}/.exec(textOf(raw) ?? '')?.[0] ?? null;
    case 'state':
      return source[rule.columns.closed ?? ''] !== true ? 'Active' : source[rule.columns.won ?? ''] === true ? 'Won' : 'Lost';
    case 'choice':
      return isNothing(raw) ? null : Object.entries(rule.choices ?? {}).find(([, value]) => value === raw)?.[0];
    case 'solutions':
      return readSolutions(textOf(raw));
    case 'country': {
      const [name, code] = [textOf(raw), textOf(source[`${rule.columns.value}Code`])];
      return name === null && code === null ? null : { code: code ?? countryCode(name!), text: name ?? code };
    }
    case 'address':
      return somethingIn(readAddress(text));
    case 'contact':
      return somethingIn(readPerson(text));
    case 'team':
      return readTeam(rule, text, row);
    case 'recordId':
      return toLongId(String(raw));
    default:
      return textOf(raw);
  }
}

/** A street has several lines in one field. */
function readAddress(text: (role: string) => string | null): Readonly<Record<'line1' | 'line2' | 'city' | 'state' | 'postalCode', string | null>> {
  const [line1 = null, ...rest] = (text('line1') ?? '').split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
  return { line1, line2: text('line2') ?? textOf(rest.join(', ')), city: text('city'), state: text('state'), postalCode: text('postalCode') };
}

/** The owner, then the team; nobody twice, nobody without an address. */
function readTeam(rule: MappingRow, owner: (role: string) => string | null, row: Row): Json {
  const members = rule.members ? childrenOf(row, rule.members.expand).map((each) => (each[rule.members!.through] ?? {}) as Row) : [];
  const people = [readPerson(owner), ...members.map((member) => readPerson((role) => textOf(member[rule.columns[role] ?? ''])))].filter((person) => person.email !== null);
  const known = people.filter((person, at) => people.findIndex((other) => other.email!.toLowerCase() === person.email!.toLowerCase()) === at);
  return known.length > 0 ? known : null;
}

/** The amount field keeps more digits than it shows; people see, and rules round to, the fewer of its own and the currency's (Salesforce Help 000387302). */
function moneyScale({ table, facts, currency }: RecordContext): MoneyScale {
  const money = table.rows.find((rule) => rule.type === 'money');
  const own = facts.object(table.set)?.get(money?.columns.value ?? '')?.scale ?? 2;
  if (facts.currencies) return Object.fromEntries(facts.currencies.map(({ code, digits }) => [code, Math.min(own, digits)]));
  return currency === null ? own : { [currency]: Math.min(own, minorUnits(currency)) };
}

function serviceValue(row: Row, { fields, kind }: RecordContext): (name: ServiceField) => unknown {
  const names = fields.service(kind);
  return (name) => row[names[name] ?? ''];
}
