// Packs the Dataverse solution, after the builds that go into it. Both packages are made anew each time, which takes a moment, and written only when they differ.
import { fileURLToPath } from 'node:url';
import { buildMissing } from './build.mjs';
import { buildControls } from './buildControls.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));

/**
 * `dist/CosellReferralSync_<version>.zip` and `..._managed.zip`.
 * @param say told of each file that is written
 * @throws Error that names the file which is wrong or missing
 */
export async function buildSolution(say) {
  await buildParts(say);
  const { pack } = await import('../.cache/build/solution.mjs');
  for (const path of pack(root)) say(`Packed ${path}.`);
}

/** What goes into the packages, and the packer. */
export const buildParts = (say) => Promise.all([buildMissing(['webresources', 'solution'], say), buildControls(say)]);
