// The rows of the field mapping for opportunities, as the modules of this folder read them. The build evaluates those; only their values reach the bundle.
import mapping from '../../mapping/dynamics.json' with { type: 'json' };
import type { StandardFieldKey } from '../../core/browser';

export type PartyName = 'customer' | 'contact' | 'owner' | 'currency';

export interface MappedRow {
  readonly field: StandardFieldKey;
  readonly type: string;
  readonly direction: string;
  readonly party?: PartyName;
  readonly columns: Readonly<Record<string, string>>;
}

interface Party {
  readonly table: string;
  readonly through: readonly { readonly lookup: string; readonly attribute?: string }[];
}

const { id, rows, parties } = mapping.tables.opportunity;

export const primaryKey = id;
export const mappedRows = rows as unknown as readonly MappedRow[];

const party = (name: PartyName): Party => (parties as Readonly<Record<PartyName, Party>>)[name];

export const tableOf = (name: PartyName): string => party(name).table;

/** Columns of the opportunity that a party is found by, in the order in which they are asked. */
export const lookupsOf = (name: PartyName): string[] => party(name).through.map((path) => path.attribute ?? path.lookup);

export const partyNames = Object.keys(parties) as PartyName[];
