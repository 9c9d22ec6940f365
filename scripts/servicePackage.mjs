// The two files beside the built service: `npm ci` there brings the embedded database and nothing else.
import { readFileSync } from 'node:fs';

const folder = 'plugins-proxy';

/** Texts of package.json and package-lock.json, taken from the project's own, so that versions and checksums are the same. */
export function servicePackage(root) {
  const read = (path) => JSON.parse(readFileSync(new URL(path, root), 'utf8'));
  const { version, license } = read('package.json');
  const { optionalDependencies } = read(`${folder}/package.json`);
  const about = { name: 'co-sell-referral-sync-service', version, license };
  const engines = { node: '>=22.12' };
  const manifest = { ...about, private: true, type: 'module', engines, scripts: { start: 'node main.js' }, optionalDependencies };
  const lock = { name: about.name, version, lockfileVersion: 3, requires: true, packages: { '': { ...about, optionalDependencies, engines }, ...lockedPackages(read('package-lock.json'), Object.keys(optionalDependencies)) } };
  return { 'package.json': toText(manifest), 'package-lock.json': toText(lock) };
}

function lockedPackages(lock, names) {
  return Object.fromEntries(
    names.sort().map((name) => {
      const entry = lock.packages[`node_modules/${name}`];
      if (!entry) throw new Error(`package-lock.json does not hold ${name}. Run npm install and commit the lockfile.`);
      if (entry.dependencies) throw new Error(`${name} now needs packages of its own; let scripts/servicePackage.mjs lock them, too.`);
      return [`node_modules/${name}`, entry];
    }),
  );
}

const toText = (value) => `${JSON.stringify(value, null, 2)}\n`;
