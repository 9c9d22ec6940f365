// What this environment can hold, for readiness and for doctor: lengths, currencies, columns that are missing.
import type { CrmDescription } from '../../ports/crm';
import { ownColumns, partyColumns, partyNames, type Mapping, type MappingTable } from './mapping';
import { auditColumn, serviceColumns } from './serviceColumns';
import type { Facts, TableFacts } from './tableFacts';

interface Told {
  readonly from: readonly unknown[];
  readonly description: CrmDescription;
}

/** Facts are kept ten minutes, and every run asks. */
const told = new WeakMap<Facts, Told>();

/** `missing` as `table.column`. @throws RemoteFailure */
export async function describe(facts: Facts, mapping: Mapping): Promise<CrmDescription> {
  const table = mapping.tables.opportunity;
  const parties = partyNames.flatMap((name) => (name === 'customer' || name === 'contact' ? (table.parties[name]?.table ?? []) : []));
  const names = [...new Set(['opportunity', ...parties])];
  const [currencies, ...tables] = await Promise.all([facts.currencies(), ...names.map((name) => facts.table(name))]);
  const from = [currencies, ...tables];
  const last = told.get(facts);
  if (last && last.from.every((each, at) => each === from[at])) return last.description;
  const byName = new Map(names.map((name, at) => [name, tables[at] ?? (new Map() as TableFacts)]));
  const description: CrmDescription = {
    maxLengths: maxLengths(table, byName),
    currencies: Object.fromEntries(currencies.map((currency) => [currency.code, currency.scale])),
    missing: missing(table, byName),
  };
  told.set(facts, { from, description });
  return description;
}

const tableOfRow = (table: MappingTable, party: MappingTable['rows'][number]['party']): string => (party ? (table.parties[party]?.table ?? '') : 'opportunity');

function maxLengths(table: MappingTable, facts: ReadonlyMap<string, TableFacts>): Record<string, number> {
  const lengths = table.rows.map((row) => [row.field, facts.get(tableOfRow(table, row.party))?.get(row.columns.value ?? '')?.maxLength] as const);
  return Object.fromEntries(lengths.filter((entry): entry is readonly [typeof entry[0], number] => entry[1] !== undefined));
}

function missing(table: MappingTable, facts: ReadonlyMap<string, TableFacts>): string[] {
  const own = [...ownColumns(table), ...Object.values(serviceColumns('opportunity')), auditColumn].map((column) => ['opportunity', column] as const);
  const others = (['customer', 'contact'] as const).flatMap((name) => partyColumns(table, name).map((column) => [table.parties[name]?.table ?? '', column] as const));
  return [...own, ...others].filter(([name, column]) => !facts.get(name)?.has(column)).map(([name, column]) => `${name}.${column}`);
}
