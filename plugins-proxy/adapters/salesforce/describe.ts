// What this org can hold, for readiness and for doctor: lengths, currencies, fields that are missing.
import { minorUnits } from '../../../core/index';
import type { CrmDescription } from '../../ports/crm';
import { partyFields, partyNames, ownFields, type MappingTable } from './mapping';
import type { OrgFacts } from './orgFacts';
import type { PackageFields } from './packageFields';

const told = new WeakMap<OrgFacts, CrmDescription>();

/** `missing` as `Object.Field`. */
export function describeOrg(facts: OrgFacts, table: MappingTable, fields: PackageFields, currency: string | null): CrmDescription {
  const known = told.get(facts);
  if (known) return known;
  const description: CrmDescription = { maxLengths: maxLengths(facts, table), currencies: currencies(facts, currency), missing: missing(facts, table, fields) };
  told.set(facts, description);
  return description;
}

function currencies(facts: OrgFacts, currency: string | null): Record<string, number> {
  if (facts.currencies) return Object.fromEntries(facts.currencies.map(({ code, digits }) => [code, digits]));
  return currency === null ? {} : { [currency]: minorUnits(currency) };
}

const TEXTS = new Set(['string', 'textarea', 'url', 'email', 'phone']);

function maxLengths(facts: OrgFacts, table: MappingTable): Record<string, number> {
  const lengths = table.rows.map((row) => {
    const field = facts.object(row.party ? (table.parties[row.party]?.table ?? '') : table.set)?.get(row.columns.value ?? '');
    return [row.field, field && TEXTS.has(field.type) ? field.length : 0] as const;
  });
  return Object.fromEntries(lengths.filter(([, length]) => length > 0));
}

function missing(facts: OrgFacts, table: MappingTable, fields: PackageFields): string[] {
  const optional = new Set(table.rows.filter((row) => row.optional).flatMap((row) => Object.values(row.columns)));
  const own = [...ownFields(table), ...Object.values(fields.service('opportunity')), fields.audit].filter((field) => !optional.has(field)).map((field) => [table.set, field] as const);
  const others = partyNames.flatMap((name) => {
    const object = table.parties[name]?.table ?? '';
    return [...partyFields(table, name), ...(name === 'customer' || name === 'contact' ? [fields.key] : [])].map((field) => [object, field] as const);
  });
  return [...own, ...others].filter(([object, field]) => !facts.object(object)?.has(field)).map(([object, field]) => `${object}.${field}`);
}
