// All fields that exist once the package is deployed: Salesforce's own and ours.
import { childrenOf, textOf, child } from './parseXml';
import { metadataFiles, type Project } from './project';
import { readStandardObjects } from './standardObjects';

export interface OwnField {
  readonly object: string;
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly length?: number;
  readonly isRequired: boolean;
  readonly isUniqueExternalId: boolean;
  readonly values: readonly { readonly value: string; readonly label: string; readonly line: number }[];
  readonly help: string;
  readonly file: string;
  /** Line of an element of the field's file, or 1. */
  lineOf(element: string): number;
}

/** What a name means on an object. */
export type FieldMeaning = { readonly parent?: string; readonly children?: string; readonly own?: OwnField };

export interface Objects {
  readonly own: readonly OwnField[];
  has(object: string): boolean;
  field(object: string, name: string): FieldMeaning | undefined;
}

/** Every custom object and custom metadata type has these. */
const systemFields = ['Id', 'Name', 'OwnerId', 'CreatedById', 'CreatedDate', 'LastModifiedById', 'LastModifiedDate', 'SystemModstamp', 'IsDeleted', 'DeveloperName', 'MasterLabel', 'Label', 'QualifiedApiName'];

/** Objects of Salesforce that the package and its mapping touch. */
const standard = new Set([
  'Opportunity', 'OpportunityContactRole', 'OpportunityTeamMember', 'OpportunityStage', 'OpportunityLineItem', 'Lead', 'Account', 'Contact', 'User', 'Name', 'Organization', 'AsyncApexJob', 'ApexClass',
]);

/** @param tools folder of the checks' tools */
export function readObjects(project: Project, tools: string): Objects {
  const own = readOwnFields(project);
  const ownObjects = new Set(metadataFiles(project, 'objects/', 'object').map(({ name }) => name));
  const standardObjects = readStandardObjects(tools, standard);
  const byName = new Map(own.map((field) => [`${field.object}.${field.name}`.toLowerCase(), field]));
  return {
    own,
    has: (object) => ownObjects.has(object) || standardObjects.has(object),
    field: (object, name) => {
      const ours = byName.get(`${object}.${name}`.toLowerCase());
      if (ours) return { own: ours };
      if (ownObjects.has(object)) return systemFields.some((each) => each.toLowerCase() === name.toLowerCase()) ? {} : undefined;
      return standardObjects.get(object)?.get(name.toLowerCase());
    },
  };
}

/** The fields of the package. */
export const readOwnFields = (project: Project): OwnField[] =>
  metadataFiles(project, 'objects/', 'field').map(({ file, root }) => ({
    object: file.split('/objects/')[1]!.split('/')[0]!,
    name: textOf(root, 'fullName'),
    label: textOf(root, 'label'),
    type: textOf(root, 'type'),
    length: child(root, 'length') && Number(textOf(root, 'length')),
    isRequired: textOf(root, 'required') === 'true',
    isUniqueExternalId: textOf(root, 'unique') === 'true' && textOf(root, 'externalId') === 'true',
    values: childrenOf(root, 'valueSet').flatMap((set) => childrenOf(set, 'valueSetDefinition')).flatMap((set) => childrenOf(set, 'value'))
      .map((value) => ({ value: textOf(value, 'fullName'), label: textOf(value, 'label'), line: child(value, 'fullName')?.line ?? value.line })),
    help: textOf(root, 'inlineHelpText'),
    file,
    lineOf: (element: string) => child(root, element)?.line ?? 1,
  }));
