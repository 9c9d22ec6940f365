// All objects of one org: the standard ones, what its options add, and the shipped package; found by name as the API finds them.
import { Problem, notFound } from '../problem';
import { always, choice, text, type Field, type SObject } from './field';
import { readPackage } from './readPackage';
import { salesObjects } from './salesObjects';
import { currencyType, opportunityTeamMember, setupObjects } from './setupObjects';

export interface SchemaOptions {
  readonly metadataDir: string;
  readonly namespace?: string;
  readonly multiCurrency: boolean;
  readonly teamSelling: boolean;
  readonly countryPicklists: boolean;
}

export interface Schema {
  readonly objects: readonly SObject[];
  readonly namespace?: string;
  /** By exact name. @throws Problem 404 as a path to an unknown object is answered. */
  object(name: string): SObject;
  find(name: string): SObject | undefined;
  byPrefix(id: string): SObject | undefined;
  /** A name of the package as this org knows it: `Sync_Status__c`, or with the namespace before it. */
  packaged(name: string): string;
}

/** Fields and objects that exist only when the org has the feature. */
export function createSchema(options: SchemaOptions): Schema {
  const shipped = readPackage(options.metadataDir, options.namespace);
  const standard = [...salesObjects, ...setupObjects, ...(options.multiCurrency ? [currencyType] : []), ...(options.teamSelling ? [opportunityTeamMember] : [])];
  for (const name of shipped.fields.keys()) if (!standard.some((object) => object.name === name)) throw new Error(`${options.metadataDir} adds fields to ${name}, which the stand-in does not have.`);
  const objects = [...standard.map((object) => extend(object, [...extras(object, options), ...(shipped.fields.get(object.name) ?? [])])), ...shipped.objects]
    .map((object) => (options.teamSelling ? object : { ...object, children: object.children.filter((child) => child.object !== 'OpportunityTeamMember') }));
  const byName = new Map(objects.map((object) => [object.name, object]));
  return {
    objects, ...(options.namespace ? { namespace: options.namespace } : {}),
    object(name) {
      const found = byName.get(name);
      if (!found) throw notFound();
      return found;
    },
    find: (name) => objects.find((object) => object.name.toLowerCase() === name.toLowerCase()),
    byPrefix: (id) => objects.find((object) => object.keyPrefix === id.slice(0, 3)),
    packaged: (name) => (options.namespace && /__[cr]$/.test(name) ? `${options.namespace}__${name}` : name),
  };
}

function extras(object: SObject, options: SchemaOptions): Field[] {
  const fields: Field[] = [];
  // CurrencyIsoCode exists only in orgs with several currencies (Object Reference, "CurrencyIsoCode").
  const hasCurrency = ['Account', 'Contact', 'Opportunity', 'Lead', 'OpportunityContactRole', 'OpportunityTeamMember'].includes(object.name);
  if (options.multiCurrency && hasCurrency) fields.push(choice('CurrencyIsoCode', 'Currency ISO Code', [], { ...always, length: 3, restricted: true }));
  // State and Country/Territory Picklists add a code beside each name (Object Reference, Account).
  const prefixes: Readonly<Record<string, readonly [string, string]>> = { Account: ['Billing', 'BillingAddress'], Contact: ['Mailing', 'MailingAddress'], Lead: ['', 'Address'] };
  const prefix = prefixes[object.name];
  if (options.countryPicklists && prefix) fields.push(choice(`${prefix[0]}CountryCode`, 'Country Code', [], { permission: prefix[1], length: 10 }), text(`${prefix[0]}StateCode`, 'State/Province Code', 10, { permission: prefix[1] }));
  return fields;
}

const extend = (object: SObject, more: readonly Field[]): SObject => (more.length === 0 ? object : { ...object, fields: new Map([...object.fields, ...more.map((one) => [one.name, one] as const)]) });

/** What a caller may write instead of whole names: `Sforce-Call-Options: defaultNamespace=x` (REST guide, "Call Options Header"). */
export interface Naming {
  /** The field of that name, its case ignored; undefined when there is none. */
  field(object: SObject, name: string): Field | undefined;
  object(name: string): SObject | undefined;
  /** The name as it is answered: without the prefix when it is the default namespace. */
  shown(name: string): string;
}

export function createNaming(schema: Schema, defaultNamespace: string | undefined): Naming {
  const prefix = defaultNamespace !== undefined && defaultNamespace === schema.namespace ? `${defaultNamespace}__` : undefined;
  const candidates = (name: string): string[] => (prefix && /__[cr]$/i.test(name) && !name.toLowerCase().startsWith(prefix.toLowerCase()) ? [prefix + name, name] : [name]);
  const indexes = new Map<SObject, ReadonlyMap<string, Field>>();
  const indexOf = (object: SObject): ReadonlyMap<string, Field> => {
    const known = indexes.get(object) ?? new Map([...object.fields.values()].map((field) => [field.name.toLowerCase(), field]));
    indexes.set(object, known);
    return known;
  };
  return {
    field: (object, name) => candidates(name).map((one) => indexOf(object).get(one.toLowerCase())).find((one) => one !== undefined),
    object: (name) => candidates(name).map((one) => schema.find(one)).find((one) => one !== undefined),
    shown: (name) => (prefix && name.startsWith(prefix) ? name.slice(prefix.length) : name),
  };
}

/** @throws Problem 400 as a query or body with an unknown name is answered; a field that the caller may not see is unknown, too. */
export function noSuchColumn(field: string, object: string, where: 'query' | 'body'): Problem {
  if (where === 'body') return new Problem(400, 'INVALID_FIELD', `No such column '${field}' on sobject of type ${object}`);
  return new Problem(400, 'INVALID_FIELD', `No such column '${field}' on entity '${object}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`);
}
