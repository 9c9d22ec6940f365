// Compiles the form controls with Microsoft's own build tool for them. What is there and not older than its sources is left alone.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { checkNode } from './checkNode.mjs';
import { wordsOf, writeControlStrings } from './controlStrings.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const at = (path) => join(root, path);
const out = at('controls/out/controls');
const lock = at('.cache/build/controls.lock');
// What decides about every control besides the files that they import.
const always = ['package-lock.json', 'tsconfig.base.json', 'wording/en.json', 'wording/zh.json', 'scripts/buildControls.mjs', 'scripts/controlStrings.mjs', 'core/package.json'];

/**
 * Builds all controls into `controls/out/controls/<Name>/`, unless they are fresh. Several processes may ask at the same time: one builds, the others wait.
 * @param say told when something is built
 * @throws Error with the tool's own words: it exits 0 when it failed, too (seen with pcf-scripts 1.51.1)
 */
export async function buildControls(say) {
  if (!existsSync(at('controls')) || isFresh()) return;
  await alone(async () => {
    if (!isFresh()) await buildAll(say);
  });
}

async function buildAll(say) {
  const began = new Date();
  const draft = at(`.cache/build/controls.${process.pid}`);
  rmSync(out, { recursive: true, force: true });
  rmSync(draft, { recursive: true, force: true });
  try {
    writeControlStrings(root);
    const { code, output } = await runTool(relative(at('controls'), draft));
    const hasSucceeded = code === 0 && /\] Succeeded$/m.test(output);
    const missing = Object.keys(wordsOf).filter((name) => !existsSync(join(draft, name, 'bundle.js')) || !existsSync(join(draft, name, 'ControlManifest.xml')));
    if (!hasSucceeded || missing.length > 0) throw new Error(`pcf-scripts could not build the controls:\n${toolWords(output)}`);
    for (const path of files(draft)) {
      if (path.endsWith('.LICENSE.txt')) {
        rmSync(path);
        continue;
      }
      if (path.endsWith('bundle.js')) withoutLicence(path);
      utimesSync(path, began, began);
    }
    mkdirSync(dirname(out), { recursive: true });
    renameSync(draft, out);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  say(`Built ${relative(root, out)} in ${((Date.now() - began.getTime()) / 1000).toFixed(1)} s.`);
}

/** The file of licences holds only the name of a source file, which the bundler takes for one: it goes, and with it the line that points to it. */
const withoutLicence = (path) => writeFileSync(path, readFileSync(path, 'utf8').replace(/^\/\*! For license information.*\n/, ''));

/** The tool tells its maker about each use and keeps a settings file in the user's home: neither is a build's business. */
function runTool(outDir) {
  const home = at('.cache/build/home');
  mkdirSync(home, { recursive: true });
  const env = { ...process.env, PP_TOOLS_TELEMETRY_OPTOUT: '1', HOME: home, USERPROFILE: home, NODE_COMPILE_CACHE: at('.cache/build/compiled') };
  const tool = at('node_modules/pcf-scripts/bin/pcf-scripts.js');
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [tool, 'build', '--buildMode', 'production', '--outDir', outDir], { cwd: at('controls'), env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.once('error', fail);
    child.once('close', (code) => done({ code, output: stripVTControlCharacters(output).replaceAll(root, '') }));
  });
}

/** The lines that say what is wrong, without the tool's progress and statistics. */
function toolWords(output) {
  const lines = [...new Set(output.trim().split('\n'))];
  const telling = lines.filter((line) => /error|TS\d+|\[pcf-\d+\]/i.test(line));
  return (telling.length > 0 ? telling : lines.slice(-20)).join('\n');
}

function isFresh() {
  try {
    const built = Math.min(...Object.keys(wordsOf).flatMap((name) => [`${name}/bundle.js`, `${name}/ControlManifest.xml`]).map((path) => statSync(join(out, path)).mtimeMs));
    return [...always.map(at), ...sources()].every((path) => statSync(path).mtimeMs < built);
  } catch {
    return false;
  }
}

/** Everything under controls/ that somebody wrote, and what it imports from elsewhere. */
function sources() {
  const own = files(at('controls'), ['out', 'generated', 'strings', 'node_modules']);
  const found = new Set(own);
  for (const path of found) if (/\.tsx?$/.test(path)) for (const target of importsOf(path)) found.add(target);
  return found;
}

function importsOf(path) {
  const names = [...readFileSync(path, 'utf8').matchAll(/from '(\.[^']+)'/g)].map((hit) => resolve(dirname(path), hit[1]));
  return names.flatMap((name) => [name, `${name}.ts`, `${name}.tsx`].filter((each) => /\.\w+$/.test(each) && existsSync(each)));
}

function files(folder, except = []) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return except.includes(entry.name) ? [] : files(join(folder, entry.name), except);
    return [join(folder, entry.name)];
  });
}

/** One process at a time; a lock whose process is gone does not count. */
async function alone(work) {
  mkdirSync(dirname(lock), { recursive: true });
  for (let waited = 0; !take(); waited += 200) {
    if (waited > 180_000) throw new Error(`Another process has been building the controls for three minutes. If there is none, delete ${relative(root, lock)}.`);
    await new Promise((done) => setTimeout(done, 200));
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take() {
  try {
    writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    if (!isHeld()) rmSync(lock, { force: true });
    return false;
  }
}

function isHeld() {
  try {
    const owner = Number(readFileSync(lock, 'utf8'));
    if (owner > 0) process.kill(owner, 0);
    return true; // without a number in it, it is being written this very moment
  } catch (error) {
    return error.code === 'EPERM';
  }
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  checkNode();
  try {
    await buildControls(console.log);
    console.log(`${relative(root, out)} is up to date.`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
