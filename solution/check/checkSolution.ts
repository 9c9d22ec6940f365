// Checker: everything. What a schema can see, Microsoft's schemas say; the rest are rules of our own.
import type { Files } from '../files';
import { assembleCustomizations } from '../pack/assembleCustomizations';
import { PackProblem } from '../pack/packProblem';
import { checkRules, sorted } from './checkRules';
import { checkSchema, type Schemas } from './checkSchema';
import type { Finding } from './finding';

/** Findings of rules and schemas, in the order of files and lines. */
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
