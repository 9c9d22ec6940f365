// What an sObject of the org is made of: fields with their types and limits. Data only.

export type FieldType =
  | 'id' | 'string' | 'textarea' | 'boolean' | 'picklist' | 'multipicklist' | 'url' | 'email' | 'phone' | 'int' | 'double' | 'currency' | 'percent' | 'date' | 'datetime' | 'reference' | 'address';

/** Dates are `YYYY-MM-DD`, moments `...T10:00:00.000+0000`, lookups 18-character ids. */
export type Cell = string | number | boolean | null;
export type Cells = Readonly<Record<string, Cell>>;

export interface PicklistValue {
  readonly value: string;
  readonly label: string;
  readonly active: boolean;
  readonly isDefault: boolean;
}

export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly label: string;
  readonly createable: boolean;
  readonly updateable: boolean;
  /** May not be empty. */
  readonly required: boolean;
  readonly length?: number;
  readonly precision?: number;
  readonly scale?: number;
  readonly picklist?: readonly PicklistValue[];
  readonly restricted?: true;
  readonly referenceTo?: string;
  /** Name by which queries go through the lookup. */
  readonly relationship?: string;
  readonly defaultValue?: Cell;
  readonly externalId?: true;
  readonly unique?: true;
  readonly caseSensitive?: true;
  readonly custom?: true;
  readonly calculated?: true;
  /** Long text: neither filtered nor sorted by (SOQL guide, "fieldExpression Syntax"). */
  readonly long?: true;
  /** What a permission set calls it: the field itself, a compound one, or nothing because everybody who reads the record sees it. */
  readonly permission?: string;
}

export interface ChildRelationship {
  readonly name: string;
  readonly object: string;
  readonly field: string;
  /** Deleted together with their parent. */
  readonly cascades: boolean;
}

export type Verb = 'read' | 'create' | 'edit' | 'delete';

export interface SObject {
  readonly name: string;
  readonly label: string;
  readonly plural: string;
  readonly keyPrefix: string;
  readonly nameField: string;
  readonly fields: ReadonlyMap<string, Field>;
  readonly children: readonly ChildRelationship[];
  /** What the API can do with it at all. */
  readonly verbs: readonly Verb[];
  /** Whose rights count: its own, its parent's, or nobody's because every user reads it. */
  readonly rights: { readonly of: 'own' } | { readonly of: 'parent'; readonly object: string } | { readonly of: 'everybody' };
  readonly custom: boolean;
}

type More = Partial<Omit<Field, 'name' | 'type'>>;
const field = (type: FieldType, base: More) => (name: string, label: string, more: More = {}): Field => ({ name, type, label, createable: true, updateable: true, required: false, permission: name, ...base, ...more });

export const text = (name: string, label: string, length: number, more: More = {}): Field => field('string', { length })(name, label, more);
export const area = (name: string, label: string, length: number, more: More = {}): Field => field('textarea', { length, ...(length > 255 ? { long: true } : {}) })(name, label, more);
export const flag = field('boolean', { defaultValue: false });
export const url = field('url', { length: 255 });
export const email = field('email', { length: 80 });
export const phone = field('phone', { length: 40 });
export const whole = field('int', { precision: 9, scale: 0 });
export const money = field('currency', { precision: 18, scale: 2 });
export const percent = field('percent', { precision: 3, scale: 0 });
export const decimal = field('double', { precision: 18, scale: 2 });
export const day = field('date', {});
export const moment = field('datetime', {});
export const lookup = (name: string, label: string, referenceTo: string, relationship: string, more: More = {}): Field => field('reference', { length: 18, referenceTo, relationship })(name, label, more);
export const choice = (name: string, label: string, values: readonly string[], more: More = {}): Field =>
  field('picklist', { length: 255, picklist: values.map((value) => ({ value, label: value, active: true, isDefault: more.defaultValue === value })) })(name, label, more);

/** What the platform itself sets; always readable. */
export const byPlatform = { createable: false, updateable: false, permission: undefined } as const;
/** Seen by everybody who reads the record, and not in permission sets: required standard fields and the like. */
export const always = { permission: undefined } as const;

/** One field for each part of an address, and the compound that answers them together. A permission set names the compound only. */
export function address(prefix: string, compound: string, label: string): readonly Field[] {
  const part = { permission: compound };
  return [
    area(`${prefix}Street`, `${label} Street`, 255, part), text(`${prefix}City`, `${label} City`, 40, part), text(`${prefix}State`, `${label} State/Province`, 80, part),
    text(`${prefix}PostalCode`, `${label} Zip/Postal Code`, 20, part), text(`${prefix}Country`, `${label} Country`, 80, part),
    field('address', { createable: false, updateable: false })(compound, `${label} Address`, part),
  ];
}

export interface SObjectInput extends Partial<Omit<SObject, 'fields' | 'name' | 'label' | 'keyPrefix'>> {
  readonly name: string;
  readonly label: string;
  readonly keyPrefix: string;
  readonly fields: readonly (Field | readonly Field[])[];
  readonly owned?: boolean;
}

/** Adds what every sObject has: id, deletion mark, who and when; for some an owner. */
export function createSObject(input: SObjectInput): SObject {
  const fields = [
    field('id', { length: 18, ...byPlatform })('Id', `${input.label} ID`),
    field('boolean', { ...byPlatform, defaultValue: false })('IsDeleted', 'Deleted'),
    ...input.fields.flat(),
    ...(input.owned ? [lookup('OwnerId', 'Owner ID', 'User', 'Owner', always)] : []),
    moment('CreatedDate', 'Created Date', byPlatform), lookup('CreatedById', 'Created By ID', 'User', 'CreatedBy', byPlatform),
    moment('LastModifiedDate', 'Last Modified Date', byPlatform), lookup('LastModifiedById', 'Last Modified By ID', 'User', 'LastModifiedBy', byPlatform),
    moment('SystemModstamp', 'System Modstamp', byPlatform),
  ];
  return {
    name: input.name, label: input.label, plural: input.plural ?? `${input.label}s`, keyPrefix: input.keyPrefix, nameField: input.nameField ?? 'Name', children: input.children ?? [],
    verbs: input.verbs ?? ['read', 'create', 'edit', 'delete'], rights: input.rights ?? { of: 'own' }, custom: input.custom ?? false,
    fields: new Map(fields.map((one) => [one.name, one])),
  };
}
