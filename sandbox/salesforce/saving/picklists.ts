// The values of a picklist; those of stages and currencies are rows of their own.
import type { Org } from '../org';
import { isDeleted, type Row } from '../rowStore';
import type { Field, PicklistValue, SObject } from '../schema/field';

export function picklistOf(org: Org, object: SObject, field: Field): readonly PicklistValue[] {
  if (object.name === 'Opportunity' && field.name === 'StageName') return stages(org).map(({ cells }) => ({ value: String(cells.ApiName), label: String(cells.MasterLabel), active: cells.IsActive === true, isDefault: false }));
  if (field.name === 'CurrencyIsoCode') return org.store.list('CurrencyType').map(({ cells }) => ({ value: String(cells.IsoCode), label: String(cells.IsoCode), active: cells.IsActive === true, isDefault: cells.IsCorporate === true }));
  if (field.name.endsWith('CountryCode')) return [...countries].map(([code, name]) => ({ value: code, label: name, active: true, isDefault: false }));
  return field.picklist ?? [];
}

/** In their sort order, inactive ones among them. */
export const stages = (org: Org): readonly Row[] => org.store.list('OpportunityStage').filter((row) => !isDeleted(row)).sort((one, other) => Number(one.cells.SortOrder) - Number(other.cells.SortOrder));

export const stageNamed = (org: Org, name: unknown): Row | undefined => stages(org).find((row) => row.cells.ApiName === name);

/** ISO codes with the English names of State and Country/Territory Picklists, which follow ISO 3166. */
export const countries: ReadonlyMap<string, string> = readCountries();

function readCountries(): ReadonlyMap<string, string> {
  const names = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
  // Regions that are no countries: groupings, reserved and withdrawn codes.
  const not = new Set(['EU', 'EZ', 'UN', 'ZZ', 'QO', 'XA', 'XB', 'AC', 'CP', 'CQ', 'DG', 'EA', 'IC', 'TA', 'AN', 'BU', 'CS', 'DD', 'FX', 'NT', 'SU', 'TP', 'YD', 'YU', 'ZR', 'UK', 'DY', 'HV', 'NH', 'RH', 'VD']);
  return new Map(letters.flatMap((one) => letters.map((other) => one + other)).flatMap((code) => {
    const name = not.has(code) ? undefined : names.of(code);
    return name === undefined ? [] : [[code, name] as const];
  }));
}
