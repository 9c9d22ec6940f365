// npm start, npm run proxy, npm run trip, npm run bench: builds what is missing, then runs it in this very process, so that
// signals and standard output are the program's own. What the build has to say goes to standard error.
import { existsSync } from 'node:fs';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { bundles, needs } from './bundles.mjs';
import { checkNode } from './checkNode.mjs';

checkNode();
const [name = '', ...rest] = process.argv.slice(2);
if (!(name in needs)) stop(`There is no program "${name}". There are: ${Object.keys(needs).join(', ')}.`, 2);
const { buildMissing, buildProblem } = await import('./build.mjs');
const fromRoot = (path) => new URL(`../${path}`, import.meta.url);
if (!existsSync(fromRoot(bundles[name].source))) stop(`${bundles[name].source} is missing. Take a whole copy of the project.`, 1);
try {
  await buildMissing(needs[name], console.error);
  // The pages of the try-out show the very package that a customer installs.
  if (name === 'sandbox') await (await import('./buildSolution.mjs')).buildSolution(console.error);
} catch (error) {
  stop(`The build failed:\n${buildProblem(error)}`, 1);
}
if (process.env.npm_lifecycle_event !== undefined) stopWithNpm();
const program = fromRoot(bundles[name].file);
process.argv = [process.argv[0], fileURLToPath(program), ...rest];
await import(program.href);

/**
 * npm passes SIGTERM on to a shell, which ends without telling us, and kill -9 of npm is told to nobody: a parent that is gone means that
 * nobody waits for this program any more.
 */
function stopWithNpm() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 250);
  watch.unref();
}

function stop(words, code) {
  console.error(words);
  process.exit(code);
}
