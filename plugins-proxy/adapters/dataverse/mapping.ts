// The field mapping as the adapter uses it: rows of columns by field, and what follows from them.
import type { FieldKey } from '../../../core/index';
import { serviceInputs } from './serviceColumns';

export const mappingTypes = [
  'text', 'number', 'money', 'currency', 'date', 'state', 'choice', 'solutions', 'team', 'address', 'country', 'contact', 'recordId',
] as const;
export type MappingType = (typeof mappingTypes)[number];

export const partyNames = ['customer', 'contact', 'owner', 'currency'] as const;
export type PartyName = (typeof partyNames)[number];

export interface MappingRow {
  readonly field: FieldKey;
  readonly type: MappingType;
  readonly direction: 'both' | 'toPartner' | 'toCrm';
  /** The record beside the deal that holds the columns; without it the deal itself does. */
  readonly party?: PartyName;
  /** Logical names by their role for the type: `value`, or `line1`, `city` and so on. */
  readonly columns: Readonly<Record<string, string>>;
  /** Choice numbers by our word. */
  readonly choices?: Readonly<Record<string, number>>;
}

export interface PartyPath {
  readonly expand: string;
  readonly lookup: string;
  /** The column that a seller changes, where it is not the lookup itself. */
  readonly attribute?: string;
}

export interface MappingParty {
  readonly table: string;
  readonly through: readonly PartyPath[];
}

export interface MappingTable {
  readonly set: string;
  readonly id: string;
  readonly parties: Readonly<Partial<Record<PartyName, MappingParty>>>;
  readonly rows: readonly MappingRow[];
}

export type MappedKind = 'opportunity' | 'lead';

export interface Mapping {
  /** Changes with the content and with nothing else. */
  readonly version: string;
  readonly tables: { readonly opportunity: MappingTable; readonly lead?: MappingTable };
}

const unique = (names: readonly string[]): string[] => [...new Set(names)];

/** Columns of the deal's own table that its rows live in, the primary key included. */
export const ownColumns = (table: MappingTable): string[] => unique(table.rows.filter((row) => !row.party).flatMap((row) => Object.values(row.columns)));

/** Columns that a party's rows live in. */
export const partyColumns = (table: MappingTable, party: PartyName): string[] =>
  unique(table.rows.filter((row) => row.party === party).flatMap((row) => Object.values(row.columns)));

/** Columns whose change in the deal's own table means work: the mapped ones and the lookups of the parties; never one that only the service writes. */
export function inputColumns(mapping: Mapping, kind: MappedKind): string[] {
  const table = mapping.tables[kind];
  if (!table) return [];
  const lookups = Object.values(table.parties).flatMap((party) => party.through.map((path) => path.attribute ?? path.lookup));
  return unique([...ownColumns(table).filter((column) => column !== table.id), ...lookups]);
}

/** Filtering attributes of an Update step, sorted: what the seller fills in and asks for (contract, "Steps"). */
export function filteringAttributes(mapping: Mapping, table: string): string[] {
  if (table === 'opportunity' || table === 'lead') return unique([...inputColumns(mapping, table), ...serviceInputs(table)]).sort();
  const tables = [mapping.tables.opportunity, mapping.tables.lead].filter((each) => each !== undefined);
  const parties = tables.flatMap((each) => partyNames.filter((name) => each.parties[name]?.table === table).flatMap((name) => partyColumns(each, name)));
  return unique(parties).sort();
}
