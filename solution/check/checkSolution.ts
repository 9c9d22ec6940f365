// Checker: all rules over the solution's files. What a schema can see, Microsoft's schemas say; the rest are rules of our own.
import { controlsFolder, pathsBelow, type Files } from '../files';
import { assembleCustomizations } from '../pack/assembleCustomizations';
import { PackProblem } from '../pack/packProblem';
import { checkSchema, type Schemas } from './checkSchema';
import type { Finding } from './finding';
import { checkChoiceNumbers } from './rules/checkChoiceNumbers';
import { checkContract } from './rules/checkContract';
import { checkForms } from './rules/checkForms';
import { checkIds } from './rules/checkIds';
import { checkInStep } from './rules/checkInStep';
import { checkLabels } from './rules/checkLabels';
import { checkPackage } from './rules/checkPackage';
import { checkScripts } from './rules/checkScripts';
import { checkViews } from './rules/checkViews';
import { readSources } from './sources';

const rules = [checkContract, checkIds, checkLabels, checkChoiceNumbers, checkForms, checkViews, checkScripts, checkInStep];

/** Findings by our own rules, in the order of files and lines. */
export function checkRules(files: Files): Finding[] {
  const { sources, findings } = readSources(files, pathsBelow(files, controlsFolder, '/ControlManifest.xml'));
  // A file that is no XML makes every other rule stumble over the same place.
  if (findings.length > 0) return [...findings];
  return sorted([...rules.flatMap((rule) => rule(sources)), ...checkPackage(files)]);
}

/** The same, and what the schemas find. */
export async function checkSolution(files: Files, schemas: Schemas): Promise<Finding[]> {
  const own = checkRules(files);
  try {
    return sorted([...own, ...(await checkSchema(assembleCustomizations(files), schemas))]);
  } catch (error) {
    // What cannot be put together is among the findings already.
    if (error instanceof PackProblem) return own;
    throw error;
  }
}

const sorted = (findings: readonly Finding[]): Finding[] => [...findings].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
