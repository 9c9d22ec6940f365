// All checks that need no Java, one after another.
import { parseApex } from './apexTree';
import { checkApexFields } from './checkApexFields';
import { checkApexTests } from './checkApexTests';
import { checkFields } from './checkFields';
import { checkMapping } from './checkMapping';
import { checkMetadata } from './checkMetadata';
import { checkPermissions } from './checkPermissions';
import { checkReferences } from './checkReferences';
import { checkSharedFields } from './checkSharedFields';
import { checkTranslations } from './checkTranslations';
import { inOrder, type Finding } from './finding';
import { readObjects } from './objects';
import type { Project } from './project';

/**
 * @param root the repository's root
 * @param tools folder of the checks' tools
 * @returns what is wrong, in reading order; empty when nothing is
 */
export function checkProject(project: Project, root: string, tools: string): Finding[] {
  const objects = readObjects(project, tools);
  const apex = parseApex(project, root, tools);
  return inOrder([
    ...checkMetadata(project, tools),
    ...checkFields(project),
    ...checkTranslations(project),
    ...checkPermissions(project, objects),
    ...checkReferences(project, objects),
    ...checkMapping(project, objects),
    ...checkSharedFields(project, objects),
    ...checkApexFields(apex, objects),
    ...checkApexTests(project, apex),
  ]);
}
