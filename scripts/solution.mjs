// npm run solution make|pack: the unpacked Dataverse solution from its model, and the packages from it.
import { fileURLToPath } from 'node:url';
import { checkNode } from './checkNode.mjs';

checkNode();
const { buildMissing, buildProblem } = await import('./build.mjs');
const root = fileURLToPath(new URL('../', import.meta.url));
const [verb = ''] = process.argv.slice(2);
try {
  await buildMissing(['solution'], () => undefined);
  const solution = await import('../.cache/build/solution.mjs');
  if (verb === 'make') say(solution.make(root), 'The sources are up to date.');
  else if (verb === 'pack') say(solution.pack(root), '');
  else throw new Error(`There is no verb "${verb}". There are: make, pack.`);
} catch (error) {
  console.error(buildProblem(error));
  process.exitCode = 1;
}

function say(paths, nothing) {
  console.log(paths.length === 0 ? nothing : paths.join('\n'));
}
