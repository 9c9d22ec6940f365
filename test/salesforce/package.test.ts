// The Salesforce package is what an org would take: shapes, names, rights, words and code are checked by tools that know the platform, and
// each check is shown to fail on an error that is planted.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strFromU8, unzipSync } from 'fflate';
import { checkApexTypes, javaVersion } from '../../salesforce/checks/checkApexTypes';
import { checkProject } from '../../salesforce/checks/checkProject';
import { toLine } from '../../salesforce/checks/finding';
import { readProject, type Project } from '../../salesforce/checks/project';
import { checkTools, runTool } from '../../salesforce/checks/tools';
import { zipped } from '../../salesforce/pack/packSalesforce';
import { sourceToMetadata, sourceToRemoval } from '../../salesforce/pack/sourceToMetadata';
import { lineIn, plant, shown, textOf, type Planted } from './plant';
import { plantedErrors, plantedTypeErrors } from './plantedErrors';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = mkdtempSync(join(tmpdir(), 'cosell-salesforce-'));
let tools: string;
let project: Project;

beforeAll(() => {
  tools = checkTools(root);
  project = readProject(root);
}, 180_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** What the checks must say of a planted error, as `file:line: words`. */
const expected = (spoilt: Project, { file, to, says }: Planted): { readonly at: string; readonly words: string }[] =>
  says.map((each) => ({ at: `${shown(each.file ?? file)}:${lineIn(textOf(spoilt, each.file ?? file), each.at ?? to!)}`, words: each.words }));

/** Lines that were expected and not said, and said and not expected. */
function differences(lines: readonly string[], wanted: readonly { readonly at: string; readonly words: string }[]): { readonly unsaid: unknown[]; readonly unexpected: string[] } {
  const says = (line: string, { at, words }: (typeof wanted)[number]): boolean => line.startsWith(`${at}: `) && line.includes(words);
  return { unsaid: wanted.filter((each) => !lines.some((line) => says(line, each))), unexpected: lines.filter((line) => !wanted.some((each) => says(line, each))) };
}

describe('the Salesforce package', () => {
  test('has nothing that the platform, the contract, core or the wording would refuse', () => {
    expect(checkProject(project, root, tools).map(toLine)).toEqual([]);
  });

  describe('with errors planted', () => {
    let spoilt: Project;
    let lines: string[];
    beforeAll(() => {
      spoilt = plant(project, plantedErrors);
      lines = checkProject(spoilt, root, tools).map(toLine);
    });

    test.each(plantedErrors.map((error) => [error.mistake, error] as const))('is refused for %s, with file and line', (_, error) => {
      expect(differences(lines, expected(spoilt, error)).unsaid).toEqual([]);
    });

    test('is refused for nothing else', () => {
      expect(differences(lines, plantedErrors.flatMap((error) => expected(spoilt, error))).unexpected).toEqual([]);
    });
  });

  test('is refused when a file is of no kind that can be packed', () => {
    const source = new Map(project.source).set('force-app/main/default/pages/Hello.page', '');
    expect(() => sourceToMetadata(source, '66.0')).toThrow('pages/Hello.page is of no kind that the packer knows');
  });
});

describe('its Apex', () => {
  const hasJava = javaVersion() !== undefined;

  test(hasJava ? 'compiles, and what does not is named with file and line' : 'was NOT type-checked: there is no Java 17 or later', () => {
    if (!hasJava && process.env.CI !== undefined) throw new Error('Apex cannot be type-checked: there is no Java 17 or later here, and CI demands it.');
    if (!hasJava) return void process.stderr.write('Apex was NOT type-checked: there is no Java 17 or later here. CI demands it.\n');
    expect(checkApexTypes(join(root, 'salesforce'), tools).map(toLine)).toEqual([]);
    const spoilt = plant(project, plantedTypeErrors);
    const wanted = plantedTypeErrors.flatMap((error) => expected(spoilt, error));
    expect(differences(checkApexTypes(written(spoilt, 'types'), tools).map(toLine), wanted)).toEqual({ unsaid: [], unexpected: [] });
  });

  test('is demanded in CI: without Java the run there fails', () => {
    const ci = readFileSync(join(root, '.ci/run'), 'utf8');
    expect(ci).toMatch(/^export CI=true$/m);
  });
});

describe('the file that an admin deploys', () => {
  const packed = (): Uint8Array => zipped(sourceToMetadata(project.source, '66.0'));

  test('is what Salesforce\'s own library makes of the sources, file by file', () => {
    const output = join(folder, 'converted');
    runTool(root, 'convertSource.mjs', [tools, join(root, 'salesforce'), output, '66.0']);
    const ours = Object.entries(unzipSync(packed())).map(([path, bytes]) => [path, strFromU8(bytes)]);
    const theirs = readdirSync(output, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(output, path)).isFile()).map((path) => [path.replaceAll('\\', '/'), readFileSync(join(output, path), 'utf8')]);
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(theirs));
  });

  test('can be taken away again: each part is named, but for what goes with its object or cannot be deleted', () => {
    const removal = sourceToRemoval(project.source, '66.0');
    const names = (text: string): string[] => [...text.matchAll(/<members>(.+)<\/members>/g)].map((match) => match[1]!);
    const all = names(sourceToMetadata(project.source, '66.0').get('package.xml')!);
    const stays = all.filter((name) => !names(removal.get('destructiveChanges.xml')!).includes(name));
    expect(names(removal.get('package.xml')!)).toEqual([]);
    expect(stays.filter((name) => !/^Cosell_(Solution__c|Shared_Field__mdt)[.-]|-zh_CN$/.test(name))).toEqual([]);
    expect(removal.get('destructiveChanges.xml')).toContain('<members>Opportunity.Sync_Status__c</members>');
  });

  test('has the same bytes from every build, and on every Node and in every time zone', () => {
    execFileSync(process.execPath, ['--input-type=module', '-e', build], { cwd: root });
    const built = (kind: string): Uint8Array => readFileSync(join(root, 'dist', `${kind}cosell-salesforce-${project.version}.zip`));
    const bytes = sha(built(''));
    expect(bytes).toBe(sha(packed()));
    const [all, english, uninstall] = ['', 'english-', 'uninstall-'].map((kind) => Object.keys(unzipSync(built(kind))));
    expect(all!.filter((path) => !english!.includes(path)).every((path) => path.startsWith('objectTranslations/'))).toBe(true);
    expect([english!.length > 90, uninstall]).toEqual([true, ['package.xml', 'destructiveChanges.xml']]);
    for (const node of otherNodes()) expect([node, execFileSync(node, ['--input-type=module', '-e', pack], { cwd: root, encoding: 'utf8', env: { ...process.env, TZ: 'Asia/Shanghai' } })]).toEqual([node, bytes]);
  });
});

const sha = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** As `npm run build` does it. */
const build = "const { buildSalesforce } = await import('./scripts/buildSalesforce.mjs'); await buildSalesforce(() => undefined);";

/** The same code on another Node. */
const pack = `
  const { loadTypeScript } = await import('./scripts/loadTypeScript.mjs');
  const { packedAgain } = await loadTypeScript('test/salesforce/packAgain.ts');
  process.stdout.write(packedAgain('salesforce'));`;

/** This Node, and the system's own where it is another one. */
function otherNodes(): string[] {
  const found = spawnSync('which', ['-a', 'node'], { encoding: 'utf8' }).stdout?.split('\n').filter(Boolean) ?? [];
  return [...new Set([process.execPath, ...found])];
}

/** A spoilt project on disk, for a tool that reads files. */
function written(spoilt: Project, name: string): string {
  const target = join(folder, name);
  for (const [path, text] of spoilt.source) {
    mkdirSync(dirname(join(target, path)), { recursive: true });
    writeFileSync(join(target, path), text);
  }
  writeFileSync(join(target, 'sfdx-project.json'), spoilt.sfdxProject);
  return target;
}
