// The shipped fields and objects, read from their metadata files and given the namespace they would have once installed.
import { all, childOf, isTrue, metadataFiles, objectOf, textOf, type MetadataFile, type Xml } from './metadataFiles';
import { createSObject, text, type Field, type FieldType, type PicklistValue, type SObject } from './field';

export interface ShippedPackage {
  /** Fields for standard objects, by object. */
  readonly fields: ReadonlyMap<string, readonly Field[]>;
  readonly objects: readonly SObject[];
}

/** Key prefixes of custom objects are given by the org in order of creation, the first is mostly a00 (SOAP guide, "ID Field Type"). */
const CUSTOM_PREFIXES = ['a00', 'a01', 'a02', 'a03', 'a04', 'a05'];

/**
 * @param folder `salesforce/` of the project or any folder with `objects/<Object>/fields/*.field-meta.xml`
 * @param namespace put before every name of the package, as a managed package is seen from outside (salesforce.md section 1, "Namespacing")
 * @throws Error naming the file that holds something the stand-in does not know
 */
export function readPackage(folder: string, namespace: string | undefined): ShippedPackage {
  const named = (name: string): string => (namespace && /__[cr]$/.test(name) ? `${namespace}__${name}` : name);
  const valueSets = new Map(metadataFiles(folder, 'globalValueSet').map((file) => [file.name, all(file.root, 'customValue')]));
  const byObject = new Map<string, Field[]>();
  for (const file of metadataFiles(folder, 'field')) {
    const object = objectOf(file);
    if (object.endsWith('__mdt')) continue;
    byObject.set(object, [...(byObject.get(object) ?? []), readField(file, named, valueSets)]);
  }
  if (byObject.size === 0) throw new Error(`${folder} holds no *.field-meta.xml. The stand-in for Salesforce reads the package's fields there; give the folder of the Salesforce package.`);
  const customObjects = metadataFiles(folder, 'object').filter(({ name }) => name.endsWith('__c'));
  return {
    fields: new Map([...byObject].filter(([name]) => !name.endsWith('__c'))),
    objects: customObjects.map((file, at) => readObject(file, named, byObject.get(file.name) ?? [], CUSTOM_PREFIXES[at])),
  };
}

function readObject(file: MetadataFile, named: (name: string) => string, fields: readonly Field[], keyPrefix: string | undefined): SObject {
  const nameField = childOf(file.root, 'nameField');
  if (!keyPrefix || textOf(nameField ?? {}, 'type') !== 'Text') throw new Error(`${file.path}: the stand-in knows up to ${CUSTOM_PREFIXES.length} custom objects, each with a name of type Text.`);
  const label = textOf(file.root, 'label') ?? file.name;
  return createSObject({
    name: named(file.name), label, plural: textOf(file.root, 'pluralLabel') ?? `${label}s`, keyPrefix, owned: true, custom: true,
    fields: [text('Name', textOf(nameField ?? {}, 'label') ?? 'Name', 80, { permission: undefined, required: true }), ...fields],
  });
}

type Reader = (file: MetadataFile, valueSets: ReadonlyMap<string, readonly Xml[]>) => Partial<Field>;

const length = (fallback: number): Reader => (file) => ({ length: Number(textOf(file.root, 'length') ?? fallback) });
const digits: Reader = ({ root }) => ({ precision: Number(textOf(root, 'precision')), scale: Number(textOf(root, 'scale') ?? 0) });

/** Metadata types and the API types they become (SOAP guide, "Field Types"; Metadata API guide, "FieldType"). */
const TYPES: Readonly<Record<string, readonly [FieldType, Reader]>> = {
  Text: ['string', length(255)], TextArea: ['textarea', length(255)], LongTextArea: ['textarea', (file) => ({ ...length(32_768)(file, new Map()), long: true })],
  Checkbox: ['boolean', ({ root }) => ({ defaultValue: isTrue(root, 'defaultValue') })],
  Url: ['url', () => ({ length: 255 })], Email: ['email', () => ({ length: 80 })], Phone: ['phone', () => ({ length: 40 })], Date: ['date', () => ({})], DateTime: ['datetime', () => ({})],
  Number: ['double', digits], Currency: ['currency', digits], Percent: ['percent', digits],
  Picklist: ['picklist', picklist], MultiselectPicklist: ['multipicklist', picklist],
  Lookup: ['reference', reference], MasterDetail: ['reference', reference],
};

function readField(file: MetadataFile, named: (name: string) => string, valueSets: ReadonlyMap<string, readonly Xml[]>): Field {
  const { root } = file;
  const known = TYPES[textOf(root, 'type') ?? ''];
  if (!known) throw new Error(`${file.path}: the stand-in does not know fields of type ${String(root.type)}.`);
  const [type, read] = known;
  const calculated = textOf(root, 'formula') !== undefined;
  const more = calculated ? {} : read(file, valueSets);
  const name = named(textOf(root, 'fullName') ?? file.name);
  const required = isTrue(root, 'required');
  return {
    name, type, label: textOf(root, 'label') ?? file.name, createable: !calculated, updateable: !calculated, required, custom: true,
    ...(calculated ? { calculated: true as const } : {}), ...(isTrue(root, 'externalId') ? { externalId: true as const } : {}), ...(isTrue(root, 'unique') ? { unique: true as const } : {}), ...(isTrue(root, 'caseSensitive') ? { caseSensitive: true as const } : {}),
    // Required fields take no field permission (salesforce.md section 1).
    ...(required ? {} : { permission: name }), ...more, ...(more.referenceTo ? { referenceTo: named(more.referenceTo), relationship: named(more.relationship ?? '') } : {}),
  };
}

function picklist(file: MetadataFile, valueSets: ReadonlyMap<string, readonly Xml[]>): Partial<Field> {
  const set = childOf(file.root, 'valueSet') ?? {};
  const shared = textOf(set, 'valueSetName');
  const entries = shared === undefined ? all(childOf(set, 'valueSetDefinition') ?? {}, 'value') : valueSets.get(shared);
  if (!entries || entries.length === 0) throw new Error(`${file.path}: its picklist has no values${shared ? `; there is no global value set ${shared}` : ''}.`);
  const values: PicklistValue[] = entries.map((one) => ({ value: textOf(one, 'fullName') ?? '', label: textOf(one, 'label') ?? textOf(one, 'fullName') ?? '', active: textOf(one, 'isActive') !== 'false', isDefault: isTrue(one, 'default') }));
  const preset = values.find((one) => one.isDefault)?.value;
  return { length: 255, picklist: values, ...(shared !== undefined || isTrue(set, 'restricted') ? { restricted: true } : {}), ...(preset === undefined ? {} : { defaultValue: preset }) };
}

function reference(file: MetadataFile): Partial<Field> {
  const referenceTo = textOf(file.root, 'referenceTo');
  if (referenceTo === undefined) throw new Error(`${file.path}: a lookup names the object it leads to (referenceTo).`);
  return { length: 18, referenceTo, relationship: file.name.replace(/__c$/, '__r') };
}
