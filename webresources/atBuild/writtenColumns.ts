// Columns of the seller that the service writes when Partner Center changed: what an open form may show stale.
import { fieldRules } from '../../core/browser';
import { lookupsOf, mappedRows, type MappedRow } from './mappedRows';

const travelsBack = (row: MappedRow): boolean => row.direction !== 'toPartner' && fieldRules[row.field].toCrm === 'update';
const columnsOf = (row: MappedRow): string[] => (row.party ? lookupsOf(row.party) : Object.entries(row.columns).filter(([role]) => role !== 'computed').map(([, column]) => column));

export const writtenColumns: readonly string[] = mappedRows.filter(travelsBack).flatMap(columnsOf).sort();
