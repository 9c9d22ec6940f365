// The records of shared fields are those that follow from the mapping, and the fields that they name exist.
import { sharedFieldFolder, sharedFieldRecord, sharedFields, type RingingMapping } from '../pack/sharedFields';
import type { Finding } from './finding';
import type { Objects } from './objects';
import { child, childrenOf, textOf } from './parseXml';
import { fromRoot, lineOf, metadataFiles, type Project } from './project';

const remedy = 'Run npm run shared-fields.';

export function checkSharedFields(project: Project, objects: Objects): Finding[] {
  const wanted = new Map(sharedFields(JSON.parse(project.mapping) as RingingMapping).map(sharedFieldRecord));
  const there = [...project.source].filter(([path]) => path.startsWith(`${sharedFieldFolder}Cosell_Shared_Field.`));
  const changed = there.filter(([path, text]) => wanted.has(path) && wanted.get(path) !== text);
  return [
    ...[...wanted.keys()].filter((path) => !project.source.has(path)).map((path) => missing(path, project)),
    ...there.filter(([path]) => !wanted.has(path)).map(([path]) => ({ file: fromRoot(path), line: 1, what: `The mapping has no such field. ${remedy}` })),
    ...changed.map(([path, text]) => ({ file: fromRoot(path), line: firstDifference(text, wanted.get(path)!), what: `The record does not say what the mapping says. ${remedy}` })),
    ...unknownFields(project, objects),
  ];
}

/** Named where the mapping names the field, as that is where somebody has just been. */
function missing(path: string, project: Project): Finding {
  const record = /Cosell_Shared_Field\.([A-Za-z]+)_(.+)\.md-meta\.xml$/.exec(path)!;
  const field = [`${record[2]}__c`, record[2]!].find((name) => project.mapping.includes(`"${name}"`)) ?? record[2]!;
  return { file: 'mapping/salesforce.json', line: lineOf(project.mapping, `"${field}"`), what: `${record[1]}.${field} has no record among the shared fields, so its changes would not ring. ${remedy}` };
}

function firstDifference(text: string, wanted: string): number {
  const lines = wanted.split('\n');
  return Math.max(0, text.split('\n').findIndex((line, index) => line !== lines[index])) + 1;
}

function unknownFields(project: Project, objects: Objects): Finding[] {
  return metadataFiles(project, 'customMetadata/', 'md').flatMap(({ file, name, root }) => {
    const type = `${name.split('.')[0]}__mdt`;
    const values = new Map(childrenOf(root, 'values').map((each) => [textOf(each, 'field'), each]));
    const strange = [...values].filter(([field]) => !objects.field(type, field)).map(([field, node]) => ({ file, line: child(node, 'field')!.line, what: `${type} has no field ${field}.` }));
    const [object, field] = ['Object__c', 'Field__c'].map((each) => textOf(values.get(each) ?? root, 'value'));
    const known = objects.field(object ?? '', field ?? '');
    return [...strange, ...(known ? [] : [{ file, line: child(values.get('Field__c') ?? root, 'value')?.line ?? 1, what: `There is no field ${object}.${field}.` }])];
  });
}
