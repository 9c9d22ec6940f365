// What a read asks for: one $select and $expand that bring everything a snapshot needs in a single GET.
import { partyColumns, partyNames, ownColumns, type MappedKind, type MappingTable, type PartyName } from './mapping';
import { serviceColumns } from './serviceColumns';

/** Columns that name a party's row to people. */
export const partyNameColumn: Readonly<Record<PartyName, string>> = { customer: 'name', contact: 'fullname', owner: 'fullname', currency: 'isocurrencycode' };

const queries = new WeakMap<MappingTable, string>();

/** `$select` and `$expand` of a read, as a query string without its question mark. */
export function readQueryOf(table: MappingTable, kind: MappedKind): string {
  const known = queries.get(table);
  if (known !== undefined) return known;
  const query = `$select=${selectOf(table, kind)}&$expand=${expandOf(table)}`;
  queries.set(table, query);
  return query;
}

/** Columns of the row itself; lookups as `_x_value`. The same for reads and for what a write answers. */
export function selectOf(table: MappingTable, kind: MappedKind): string {
  const lookups = Object.values(table.parties).flatMap((party) => party.through.map((path) => `_${path.lookup}_value`));
  return [...new Set([table.id, 'createdon', 'modifiedon', ...ownColumns(table), ...Object.values(serviceColumns(kind)), ...lookups])].join(',');
}

export function expandOf(table: MappingTable): string {
  return partyNames.flatMap((name) => {
    const party = table.parties[name];
    const columns = [...new Set([partyNameColumn[name], ...partyColumns(table, name), ...(name === 'currency' ? ['currencyprecision'] : [])])];
    return (party?.through ?? []).map((path) => `${path.expand}($select=${columns.join(',')})`);
  }).join(',');
}
