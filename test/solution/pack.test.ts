// The packages: the same bytes from the same sources on every Node, and two that differ in one flag.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { unzipSync } from 'fflate';
import type { Files } from '../../solution/files';
import { entriesOf, packageName, packSolution } from '../../solution/pack/packSolution';
import { solutionFiles, withText } from '../kit/solutionFiles';

const root = process.cwd();
let files: Files;
let folder: string;
beforeAll(async () => {
  files = await solutionFiles();
  folder = mkdtempSync(join(tmpdir(), 'cosell-pack-'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const textOf = (entries: Readonly<Record<string, Uint8Array>>, path: string): string => new TextDecoder().decode(entries[path]);

/** This Node, the one that npm itself runs on, and the system's own. */
function nodes(): string[] {
  const own = join(root, 'node_modules');
  const inPath = (process.env.PATH ?? '').split(delimiter).filter((each) => each !== '' && !each.startsWith(own)).map((each) => join(each, 'node'));
  const all = [process.execPath, process.env.npm_node_execpath ?? '', ...inPath].filter((path) => path !== '');
  const versions = new Map<string, string>();
  for (const path of all) {
    try {
      const version = execFileSync(path, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
      if (!versions.has(version)) versions.set(version, path);
    } catch {
      // No Node there.
    }
  }
  return [...versions.values()];
}

test('The same bytes come out on every Node that is here, in any time zone, twice', () => {
  const packer = pathToFileURL(join(root, '.cache/build/solution.mjs')).href;
  const zones = ['UTC', 'Pacific/Auckland'];
  const seen = nodes().flatMap((node) => zones.map((zone) => {
    const version = execFileSync(node, ['--input-type=module', '-e', `import { relative } from 'node:path'; const { pack } = await import(${JSON.stringify(packer)}); pack(process.cwd(), relative(process.cwd(), ${JSON.stringify(folder)})); process.stdout.write(process.version);`], { encoding: 'utf8', cwd: root, env: { ...process.env, TZ: zone } });
    const zips = [false, true].map((managed) => digest(readFileSync(join(folder, packageName(files, managed)))));
    rmSync(folder, { recursive: true });
    return { version, zips };
  }));
  const here = [false, true].map((managed) => digest(packSolution(files, managed)));
  expect(seen.filter(({ zips }) => zips.join() !== here.join())).toEqual([]);
  process.stdout.write(`packages compared on Node ${[...new Set(seen.map(({ version }) => version))].join(', ')}\n`);
});

test('Managed and unmanaged differ in the flag and in nothing else', () => {
  const [unmanaged, managed] = [unzipSync(packSolution(files, false)), unzipSync(packSolution(files, true))];
  expect(Object.keys(managed)).toEqual(Object.keys(unmanaged));
  expect(Object.keys(managed).filter((path) => digest(managed[path]!) !== digest(unmanaged[path]!))).toEqual(['solution.xml']);
  expect(textOf(managed, 'solution.xml')).toBe(textOf(unmanaged, 'solution.xml').replace('<Managed>0</Managed>', '<Managed>1</Managed>'));
  expect(textOf(managed, 'solution.xml')).toContain('<Managed>1</Managed>');
});

describe('A package', () => {
  test('begins with what says what is in it', () => {
    expect([...entriesOf(files, true).keys()].slice(0, 3)).toEqual(['[Content_Types].xml', 'solution.xml', 'customizations.xml']);
  });

  test('holds script, icons and controls as they were built', () => {
    const zip = unzipSync(packSolution(files, true));
    const named = (start: string): string => Object.keys(zip).find((path) => path.startsWith(start)) ?? '';
    expect(digest(zip[named('WebResources/cosell_CoSelljs')]!)).toBe(digest(files.get('dist/webresources/CoSell.js')!));
    for (const control of ['MicrosoftHelp', 'ReferralProducts', 'SyncStatus']) expect(digest(zip[`Controls/cosell_CoSell.${control}/bundle.js`]!)).toBe(digest(files.get(`controls/out/controls/${control}/bundle.js`)!));
    for (const icon of ['notshared', 'pending', 'synced', 'attention', 'conflict', 'failed']) expect(digest(zip[named(`WebResources/cosell_icons${icon}png`)]!)).toBe(digest(files.get(`webresources/icons/${icon}.png`)!));
  });

  test('takes its version from package.json, in four parts, and its name in three', () => {
    const next = withText(files, 'package.json', /"version": "[^"]+"/, '"version": "2.10.3"');
    expect(textOf(unzipSync(packSolution(next, true)), 'solution.xml')).toContain('<Version>2.10.3.0</Version>');
    expect([packageName(next, false), packageName(next, true)]).toEqual(['CosellReferralSync_2.10.3.zip', 'CosellReferralSync_2.10.3_managed.zip']);
    expect(() => packSolution(withText(files, 'package.json', /"version": "[^"]+"/, '"version": "2.0.0-beta"'), true)).toThrow('"2.0.0-beta" does not fit');
  });

  test('holds the tab as a diff, and the columns as they are in the sources', () => {
    const customizations = textOf(unzipSync(packSolution(files, true)), 'customizations.xml');
    expect(customizations).toContain('<tab name="cosell_partnercenter"');
    expect(customizations.match(/solutionaction="Added"/g)).toHaveLength(7);
    expect(customizations).not.toMatch(/<(tab|section|cell)[^>]*solutionaction="(Removed|Modified)"/);
    expect(customizations.match(/<attribute PhysicalName="cosell_syncstatus">/g)).toHaveLength(2);
  });

  test.each(['dist/webresources/CoSell.js', 'webresources/icons/synced.png', 'controls/out/controls/SyncStatus/bundle.js', 'solution/src/Other/Solution.xml'])('is not made without %s', (path) => {
    expect(() => packSolution(new Map([...files].filter(([each]) => each !== path)), true)).toThrow(`${path} is missing`);
  });
});
