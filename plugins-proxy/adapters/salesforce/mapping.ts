// The field mapping as the adapter uses it: rows of fields by ours, and what follows from them.
import type { FieldKey } from '../../../core/index';

export const mappingTypes = [
  'text', 'number', 'money', 'currency', 'date', 'state', 'choice', 'solutions', 'team', 'address', 'country', 'contact', 'recordId',
] as const;
export type MappingType = (typeof mappingTypes)[number];

export const partyNames = ['customer', 'contact', 'owner'] as const;
export type PartyName = (typeof partyNames)[number];

export interface MappingRow {
  readonly field: FieldKey;
  readonly type: MappingType;
  readonly direction: 'both' | 'toPartner' | 'toCrm';
  /** The record beside the deal that holds the fields; without it the deal itself does. */
  readonly party?: PartyName;
  /** API names by their role for the type: `value`, or `line1`, `city` and so on. */
  readonly columns: Readonly<Record<string, string>>;
  /** Values of a picklist by our word; for a state the stage to write. */
  readonly choices?: Readonly<Record<string, string>>;
  /** An org may lack these fields; the row then counts for nothing. */
  readonly optional?: true;
  /** Further people: child records that an org may lack. */
  readonly members?: { readonly expand: string; readonly child: string; readonly lookup: string; readonly through: string };
}

export interface PartyPath {
  /** Relationship by which a query goes there. */
  readonly expand: string;
  readonly lookup: string;
  /** The object between, whose records the relationship lists, and its yes/no field that marks the one which counts. */
  readonly child?: string;
  readonly only?: string;
}

export interface MappingParty {
  readonly table: string;
  readonly through: readonly PartyPath[];
}

export interface MappingTable {
  /** The object. */
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

/** Fields of the deal itself that its rows live in. */
export const ownFields = (table: MappingTable): string[] => unique(table.rows.filter((row) => !row.party).flatMap((row) => Object.values(row.columns)));

/** Fields that a party's rows live in. */
export const partyFields = (table: MappingTable, party: PartyName): string[] => unique(table.rows.filter((row) => row.party === party).flatMap((row) => Object.values(row.columns)));
