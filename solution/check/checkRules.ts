// Checker: the rules of our own, over all of the solution's files.
import { controlsFolder, pathsBelow, type Files } from '../files';
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

export const sorted = (findings: readonly Finding[]): Finding[] => [...findings].sort((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
