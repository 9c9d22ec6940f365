// Where a seller mends a field: a column of the form to go to, or another record to open.
import type { StandardFieldKey } from '../../core/browser';
import { columns } from '../columns';
import { lookupsOf, mappedRows, tableOf, type MappedRow } from './mappedRows';

export interface FieldPlace {
  /** Columns of the opportunity, the first that stands on the form. */
  readonly columns: readonly string[];
  /** The columns are lookups, and it stands on the record of this table behind them. */
  readonly opens?: string;
  /** A column whose control shows the field, too: its own may stand in a hidden section, only to be loaded. */
  readonly shownBy?: string;
}

/** Which record is the customer, who the contact and the owner are: chosen on the opportunity itself. */
const chosenHere: readonly StandardFieldKey[] = ['customer.name', 'customer.contact', 'team', 'currency'];

const placeOf = (row: MappedRow): FieldPlace => {
  if (!row.party) return { columns: Object.values(row.columns), ...(row.field === 'notesToMicrosoft' ? { shownBy: columns.help } : {}) };
  return { columns: lookupsOf(row.party), ...(chosenHere.includes(row.field) ? {} : { opens: tableOf(row.party) }) };
};

export const fieldPlaces: Readonly<Record<string, FieldPlace>> = Object.fromEntries(mappedRows.filter((row) => row.type !== 'recordId').map((row) => [row.field, placeOf(row)]));
