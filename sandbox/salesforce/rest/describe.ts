// Describe Global, sObject Describe and Basic Information: what the user may see of the objects (REST guide; SOAP guide, "DescribeSObjectResult").
import type { StandInAnswer } from '../../kit/standIn';
import type { Org } from '../org';
import { API, presentFields } from '../presentRow';
import { isDeleted } from '../rowStore';
import type { Field, FieldType, SObject } from '../schema/field';
import { picklistOf } from '../saving/picklists';
import { methodNotAllowed, readParameters, type ApiCall } from './apiCall';
import { refuseConditions } from './preconditions';

type Json = Readonly<Record<string, unknown>>;

/** `defaultNamespace` is ignored here, so that a package's field and a customer's of the same name stay apart (REST guide, "Call Options Header"). */
export function describeGlobal(org: Org, call: ApiCall): StandInAnswer {
  readOnly(call);
  return { status: 200, body: { encoding: 'UTF-8', maxBatchSize: 200, sobjects: org.schema.objects.filter((object) => call.caller.may(object, 'read')).map((object) => summary(call, object)) } };
}

export function describeObject(org: Org, call: ApiCall, object: SObject): StandInAnswer {
  readOnly(call);
  const fields = [...object.fields.values()].filter((field) => call.caller.sees(object, field)).map((field) => describeField(org, call, object, field));
  const childRelationships = object.children.map((child) => ({ cascadeDelete: child.cascades, childSObject: child.object, deprecatedAndHidden: false, field: child.field, junctionIdListNames: [], junctionReferenceTo: [], relationshipName: child.name, restrictedDelete: false }));
  return { status: 200, body: { ...summary(call, object), childRelationships, fields, recordTypeInfos: [], supportedScopes: [{ label: 'All records', name: 'everything' }] } };
}

export function basicInformation(org: Org, call: ApiCall, object: SObject): StandInAnswer {
  readOnly(call);
  const recent = org.store.list(object.name).filter((row) => !isDeleted(row)).slice(-5);
  const named = [...object.fields.values()].filter((field) => field.name === 'Id' || field.name === object.nameField);
  return { status: 200, body: { objectDescribe: summary(call, object), recentItems: recent.map((row) => presentFields(call.caller, named, row)) } };
}

function readOnly(call: ApiCall): void {
  if (call.method !== 'GET') throw methodNotAllowed(call);
  readParameters(call, []);
  // If-Modified-Since exists here, for caching; nobody needs it against a stand-in.
  refuseConditions(call);
}

function summary({ caller }: ApiCall, object: SObject): Json {
  const urls = { sobject: `${API}/sobjects/${object.name}`, describe: `${API}/sobjects/${object.name}/describe`, rowTemplate: `${API}/sobjects/${object.name}/{ID}` };
  const may = (verb: 'create' | 'edit' | 'delete'): boolean => caller.may(object, verb);
  return {
    activateable: false, createable: may('create'), custom: object.custom, customSetting: false, deletable: may('delete'), deprecatedAndHidden: false, feedEnabled: false, hasSubtypes: false, isSubtype: false, keyPrefix: object.keyPrefix, label: object.label,
    labelPlural: object.plural, layoutable: true, mergeable: ['Account', 'Contact', 'Lead'].includes(object.name), mruEnabled: true, name: object.name, queryable: true, replicateable: true, retrieveable: true, searchable: true, triggerable: true,
    undeletable: may('delete'), updateable: may('edit'), urls,
  };
}

const SOAP_TYPES: Readonly<Record<FieldType, string>> = {
  id: 'tns:ID', reference: 'tns:ID', string: 'xsd:string', textarea: 'xsd:string', picklist: 'xsd:string', multipicklist: 'xsd:string', url: 'xsd:string', email: 'xsd:string', phone: 'xsd:string', boolean: 'xsd:boolean', int: 'xsd:int',
  double: 'xsd:double', currency: 'xsd:double', percent: 'xsd:double', date: 'xsd:date', datetime: 'xsd:dateTime', address: 'urn:address',
};

function describeField(org: Org, { caller }: ApiCall, object: SObject, field: Field): Json {
  const edits = caller.edits(object, field);
  const isPlain = !field.long && field.type !== 'address' && !field.calculated;
  const values = field.type === 'picklist' || field.type === 'multipicklist' ? picklistOf(org, object, field) : [];
  return {
    name: field.name, label: field.label, type: field.type, soapType: SOAP_TYPES[field.type], custom: field.custom ?? false,
    createable: field.createable && edits && caller.may(object, 'create'), updateable: field.updateable && edits && caller.may(object, 'edit'), permissionable: field.permission !== undefined,
    nillable: !field.required && field.type !== 'boolean' && field.type !== 'id', defaultedOnCreate: field.defaultValue !== undefined || !field.createable || field.name === 'OwnerId', defaultValue: field.defaultValue ?? null,
    length: field.length ?? 0, byteLength: (field.length ?? 0) * 3, precision: field.precision ?? 0, scale: field.scale ?? 0, digits: field.type === 'int' ? (field.precision ?? 0) : 0,
    calculated: field.calculated ?? field.type === 'address', calculatedFormula: null, externalId: field.externalId ?? false, unique: field.unique ?? false, caseSensitive: field.caseSensitive ?? false, idLookup: field.type === 'id' || field.externalId === true,
    filterable: isPlain, sortable: isPlain && field.type !== 'multipicklist', groupable: isPlain && !['double', 'currency', 'percent', 'datetime', 'multipicklist'].includes(field.type), aggregatable: isPlain,
    nameField: field.name === object.nameField, namePointing: false, htmlFormatted: false, autoNumber: false, encrypted: false, deprecatedAndHidden: false, dependentPicklist: false, restrictedPicklist: field.restricted ?? false,
    picklistValues: values.map((one) => ({ active: one.active, defaultValue: one.isDefault, label: one.label, validFor: null, value: one.value })),
    referenceTo: field.referenceTo ? [field.referenceTo] : [], relationshipName: field.relationship ?? null, relationshipOrder: null, cascadeDelete: false, extraTypeInfo: field.type === 'textarea' ? (field.long ? 'plaintextarea' : null) : null,
  };
}
