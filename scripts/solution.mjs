// npm run solution make|check|pack|ship: the unpacked Dataverse solution from its model, what is wrong with it, the packages, and the seal of a release.
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
  else if (verb === 'pack') say(solution.pack(root), 'The packages are up to date.');
  else if (verb === 'check') tell(solution.check(root));
  else if (verb === 'ship') say(solution.ship(root), 'This version has shipped already. Raise the version in package.json first.');
  else throw new Error(`There is no verb "${verb}". There are: make, check, pack, ship.`);
} catch (error) {
  console.error(buildProblem(error));
  process.exitCode = 1;
}

function say(paths, nothing) {
  console.log(paths.length === 0 ? nothing : paths.join('\n'));
}

function tell(findings) {
  console.log(findings.length === 0 ? 'Nothing is wrong by our own rules. npm test asks the schemas, too.' : findings.join('\n'));
  if (findings.length > 0) process.exitCode = 1;
}
