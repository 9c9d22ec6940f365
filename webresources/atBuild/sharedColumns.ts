// Columns whose change means work for the service: the filtering attributes of its Update step (a test compares the two lists).
import { sellersWishes } from '../columns';
import { lookupsOf, mappedRows, partyNames, primaryKey } from './mappedRows';

const own = mappedRows.filter((row) => !row.party).flatMap((row) => Object.values(row.columns));

/** Sorted. A customer's own columns are not among them: they ring by the step only. */
export const sharedColumns: readonly string[] = [...new Set([...own, ...partyNames.flatMap(lookupsOf), ...sellersWishes])].filter((column) => column !== primaryKey).sort();
