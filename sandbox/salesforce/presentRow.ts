// A record as the API answers it: attributes, then fields; compound addresses put together from their parts.
import type { Caller } from './access';
import type { Row } from './rowStore';
import type { Cell, Field, SObject } from './schema/field';

export type Presented = Readonly<Record<string, unknown>>;

export const API = '/services/data/v66.0';

export const attributesOf = (row: Row): Presented => ({ type: row.object, url: `${API}/sobjects/${row.object}/${row.id}` });

/** A field of the row; ids and compound addresses are not among its cells. */
export function cellOf(row: Row, field: Field): Cell {
  if (field.name === 'Id') return row.id;
  if (field.type === 'address') return addressOf(row, field) as unknown as Cell;
  return row.cells[field.name] ?? null;
}

/** Street, city and so on as one value; null when all parts are empty (SOAP guide, "Address Compound Fields"). */
function addressOf(row: Row, field: Field): Presented | null {
  const prefix = field.name.replace(/Address$/, '');
  const part = (name: string): Cell => row.cells[`${prefix}${name}`] ?? null;
  const address = {
    city: part('City'), country: part('Country'), ...(`${prefix}CountryCode` in row.cells ? { countryCode: part('CountryCode'), stateCode: part('StateCode') } : {}), geocodeAccuracy: null, latitude: null, longitude: null,
    postalCode: part('PostalCode'), state: part('State'), street: part('Street'),
  };
  return Object.values(address).every((value) => value === null) ? null : address;
}

/** Every field the caller may see: what a GET without `fields` answers. Formulas are left out, because this stand-in does not compute them. */
export function presentAll(caller: Caller, object: SObject, row: Row): Presented {
  return presentFields(caller, [...object.fields.values()].filter((field) => !field.calculated && caller.sees(object, field)), row);
}

export function presentFields(caller: Caller, fields: readonly Field[], row: Row): Presented {
  return { attributes: attributesOf(row), ...Object.fromEntries(fields.map((field) => [caller.naming.shown(field.name), cellOf(row, field)])) };
}
