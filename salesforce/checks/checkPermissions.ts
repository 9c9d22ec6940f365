// Permission sets: what they grant exists, nobody but the service writes what only the service may, and nothing of the contract is forgotten.
import { contractObjects } from './contractFields';
import type { Finding } from './finding';
import type { Objects } from './objects';
import { child, childrenOf, textOf, type XmlNode } from './parseXml';
import { metadataFiles, type MetadataFile, type Project } from './project';

const service = 'Cosell_Sync_Service';
const names = ['Cosell_Seller', 'Cosell_Administrator', service];
/** Keys of customers and contacts are no seller's business. */
const hiddenFrom: Readonly<Record<string, RegExp>> = { Cosell_Seller: /^(Account|Contact)\./ };
/** Objects of the platform that the jar of standard objects lacks (Salesforce help, "Permission Concepts for User External Credentials"). */
const platformObjects = ['UserExternalCredential'];

export function checkPermissions(project: Project, objects: Objects): Finding[] {
  const sets = metadataFiles(project, 'permissionsets/', 'permissionset');
  const missing = names.filter((name) => !sets.some((set) => set.name === name));
  return [
    ...missing.map((name) => ({ file: 'salesforce/force-app/main/default/permissionsets', line: 1, what: `The permission set ${name} is missing.` })),
    ...sets.flatMap((set) => [...fieldProblems(set, objects), ...forgotten(set, objects), ...objectProblems(set, objects), ...referenceProblems(set, project)]),
  ];
}

function fieldProblems({ file, name, root }: MetadataFile, objects: Objects): Finding[] {
  return childrenOf(root, 'fieldPermissions').flatMap((permission): Finding[] => {
    const full = textOf(permission, 'field');
    const [object = '', field = ''] = full.split('.');
    const at = (element: string, what: string): Finding => ({ file, line: child(permission, element)?.line ?? permission.line, what });
    const meaning = objects.field(object, field);
    if (!meaning) return [at('field', `There is no field ${full}.`)];
    if (meaning.own?.isRequired) return [at('field', `${full} is required; the platform refuses a permission for it.`)];
    const isSellers = contractObjects[object]?.find((each) => each.name === field)?.seller ?? !(field in fixed(object));
    const isEditable = textOf(permission, 'editable') === 'true';
    if (isEditable && !isSellers && name !== service) return [at('editable', `${full} is written by the service alone; ${name} may only read it.`)];
    return isEditable && textOf(permission, 'readable') !== 'true' ? [at('readable', `${full} cannot be edited without being read.`)] : [];
  });
}

/** Fields of an object that the contract fixes, by name. */
const fixed = (object: string): Readonly<Record<string, true>> => Object.fromEntries((contractObjects[object] ?? []).map((field) => [field.name, true]));

function forgotten({ file, name, root }: MetadataFile, objects: Objects): Finding[] {
  const granted = new Set(childrenOf(root, 'fieldPermissions').map((each) => textOf(each, 'field')));
  const wanted = objects.own.filter((field) => !field.isRequired && contractObjects[field.object]?.some((each) => each.name === field.name));
  return wanted.filter((field) => !granted.has(`${field.object}.${field.name}`) && !hiddenFrom[name]?.test(`${field.object}.`))
    .map((field) => ({ file, line: root.line, what: `${name} does not grant ${field.object}.${field.name}.` }));
}

function objectProblems({ file, root }: MetadataFile, objects: Objects): Finding[] {
  return childrenOf(root, 'objectPermissions').flatMap((permission) => {
    const object = textOf(permission, 'object');
    const is = (element: string): boolean => textOf(permission, element) === 'true';
    const at = (element: string, what: string): Finding => ({ file, line: child(permission, element)?.line ?? permission.line, what });
    return [
      ...(objects.has(object) || platformObjects.includes(object) ? [] : [at('object', `There is no object ${object}.`)]),
      ...((is('allowCreate') || is('allowEdit') || is('viewAllRecords')) && !is('allowRead') ? [at('allowRead', `${object}: the platform refuses this without Read.`)] : []),
      ...(is('allowDelete') && !is('allowEdit') ? [at('allowEdit', `${object}: the platform refuses Delete without Edit.`)] : []),
      ...(is('modifyAllRecords') && !(is('allowDelete') && is('viewAllRecords')) ? [at('modifyAllRecords', `${object}: the platform refuses Modify All without Delete and View All.`)] : []),
    ];
  });
}

/** Custom permissions, tabs and principals that a set names are in the package. */
function referenceProblems({ file, name, root }: MetadataFile, project: Project): Finding[] {
  const permissions = metadataFiles(project, 'customPermissions/', 'customPermission').map((each) => each.name);
  const tabs = metadataFiles(project, 'tabs/', 'tab').map((each) => each.name);
  const principals = metadataFiles(project, 'externalCredentials/', 'externalCredential').flatMap((each) => principalsOf(each));
  const check = (element: string, key: string, known: readonly string[], kind: string): Finding[] =>
    childrenOf(root, element).filter((each) => !known.includes(textOf(each, key))).map((each) => ({ file, line: child(each, key)?.line ?? each.line, what: `There is no ${kind} ${textOf(each, key)} in the package.` }));
  const marksPeople = name !== service && childrenOf(root, 'customPermissions').some((each) => textOf(each, 'name') === 'Cosell_Integration');
  return [
    ...check('customPermissions', 'name', permissions, 'custom permission'),
    ...check('tabSettings', 'tab', tabs, 'tab'),
    ...check('externalCredentialPrincipalAccesses', 'externalCredentialPrincipal', principals, 'principal'),
    ...(marksPeople ? [{ file, line: child(root, 'customPermissions')!.line, what: `${name} would silence the saves of people.` }] : []),
  ];
}

/** `<external credential>-<principal>`, as a permission set names it. */
const principalsOf = ({ name, root }: { readonly name: string; readonly root: XmlNode }): string[] =>
  childrenOf(root, 'externalCredentialParameters').filter((each) => textOf(each, 'parameterType') === 'NamedPrincipal').map((each) => `${name}-${textOf(each, 'parameterName')}`);
