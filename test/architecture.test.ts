// The house's borders: who may import whom, no cycles, exact versions, a core without surroundings, and a journey that is told step by step.
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import ts from 'typescript';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const notOurs = new Set(['node_modules', 'dist', 'data', 'coverage']);

type Sources = ReadonlyMap<string, string>;

const service = ['doors', 'schedule', 'journey', 'ports', 'adapters', 'store', 'database', 'settings', 'walks', 'doctor', 'api', 'cli', 'timings', 'startupProblem', 'composition'];

/**
 * Part by part, what its files may import besides files of their own part (docs of the project, "Who may import whom").
 * `timings`: the waits that tests shorten; `startupProblem`: the error that start-up knows how to tell; `composition`: the files at the service's
 * top that put it together (main, service, connections).
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  mapping: [],
  wording: [],
  webresources: ['core/browser', 'mapping', 'wording'],
  controls: ['core/browser', 'wording'],
  salesforce: ['core/browser', 'mapping', 'wording'],
  console: ['core/browser', 'wording'],
  solution: ['core/browser', 'mapping', 'wording'],
  scripts: ['solution', 'salesforce'],
  timings: [],
  startupProblem: [],
  ports: ['core'],
  store: ['ports', 'core', 'mapping', 'timings', 'startupProblem'],
  schedule: ['ports', 'store', 'core', 'timings'],
  walks: ['schedule', 'ports', 'store', 'core', 'timings'],
  doors: ['schedule', 'ports', 'core'],
  journey: ['core', 'ports', 'timings'],
  adapters: ['ports', 'core', 'mapping', 'timings'],
  database: ['timings', 'startupProblem'],
  settings: ['doors/doorKey', 'startupProblem'],
  doctor: service.concat('core', 'mapping'),
  api: service.concat('core', 'mapping'),
  cli: service.concat('core', 'mapping'),
  composition: service.concat('core', 'mapping'),
  sandbox: [],
  bench: service.concat('core', 'mapping', 'sandbox'),
  test: service.concat('core', 'mapping', 'wording', 'sandbox', 'bench', 'scripts', 'controls', 'webresources', 'solution', 'salesforce'),
};

/** The part of the house that a file belongs to. */
function partOf(path: string): string {
  const [first = '', second = '', third] = path.split('/');
  if (first !== 'plugins-proxy') return first;
  if (path === 'plugins-proxy/database/startupProblem.ts') return 'startupProblem';
  if (third !== undefined) return second;
  return second === 'timings.ts' ? 'timings' : second === 'settings.ts' ? 'settings' : 'composition';
}

/** Names under which a file may be allowed: its part, and single doors of a part. */
const namesOf = (path: string): readonly string[] => [partOf(path), path.replace(/^plugins-proxy\//, '').replace(/\.ts$/, '')];

/** Relative and workspace imports of a file, as paths from the root; packages are left out. */
function importsOf(path: string, source: string): string[] {
  const names = ts.preProcessFile(source, true, true).importedFiles.map((each) => each.fileName);
  return names.flatMap((name) => {
    if (name.startsWith('.')) return [withExtension(posix.join(posix.dirname(path), name))];
    return name.startsWith('@cosell/') ? [withExtension(name.slice('@cosell/'.length).replace(/^core$/, 'core/index'))] : [];
  });
}

const withExtension = (path: string): string => (/\.(ts|tsx|json|mjs|js)$/.test(path) ? path : `${path}.ts`);

/** Every import that crosses a border, as a sentence. */
function breaches(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) => importsOf(path, source).filter((target) => !isAllowed(path, target)).map((target) => `${path} may not import ${target}`));
}

function isAllowed(path: string, target: string): boolean {
  const [from, to] = [partOf(path), partOf(target)];
  // Controls stand alone but for what they share.
  if (from === 'controls' && to === 'controls') return target.startsWith('controls/shared/') || path.split('/')[1] === target.split('/')[1];
  if (from === to) return true;
  return (mayImport[from] ?? []).some((each) => namesOf(target).includes(each));
}

/** Files that need each other while they load; imports of types are gone by then. */
function cycles(sources: Sources): string[] {
  const edges = new Map([...sources].map(([path, source]) => [path, loadedBy(path, source)]));
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) found.add([...trail.slice(at), path].join(' → '));
    if (at >= 0 || done.has(path)) return;
    for (const target of edges.get(path) ?? []) visit(target, [...trail, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return [...found];
}

function loadedBy(path: string, source: string): string[] {
  const parsed = ts.createSourceFile(path, source, ts.ScriptTarget.ES2022, false);
  const specifiers = parsed.statements.flatMap((each) => {
    if (ts.isExportDeclaration(each) && each.moduleSpecifier && !each.isTypeOnly) return [each.moduleSpecifier];
    return ts.isImportDeclaration(each) && !isTypesOnly(each) ? [each.moduleSpecifier] : [];
  });
  return specifiers.flatMap((each) => (ts.isStringLiteral(each) && each.text.startsWith('.') ? [withExtension(posix.join(posix.dirname(path), each.text))] : []));
}

function isTypesOnly(statement: ts.ImportDeclaration): boolean {
  const clause = statement.importClause;
  if (!clause) return false;
  const named = clause.namedBindings;
  return clause.isTypeOnly || (!clause.name && named !== undefined && ts.isNamedImports(named) && named.elements.length > 0 && named.elements.every((each) => each.isTypeOnly));
}

/** Names of a CRM in what the compiler sees: identifiers and texts, not comments. */
function crmNames(sources: Sources): string[] {
  return [...sources].flatMap(([path, source]) => {
    const parsed = ts.createSourceFile(path, source, ts.ScriptTarget.ES2022, false);
    const found: string[] = /dataverse|dynamics|salesforce/i.test(path) ? [path] : [];
    const visit = (node: ts.Node): void => {
      const isNamed = ts.isIdentifier(node) || ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node) || ts.isPrivateIdentifier(node);
      if (isNamed && /dataverse|dynamics|salesforce/i.test(node.text)) found.push(`${path}: ${node.text}`);
      ts.forEachChild(node, visit);
    };
    visit(parsed);
    return found;
  });
}

/** Lines of a file of this content in which lint finds a CRM named. */
async function linesRefused(path: string, content: string): Promise<number[]> {
  const eslint = execFile(process.execPath, [join(root, 'node_modules/eslint/bin/eslint.js'), '--stdin', '--stdin-filename', path, '--format', 'json'], { cwd: root });
  eslint.stdin!.end(content);
  let output = '';
  for await (const chunk of eslint.stdout!) output += String(chunk);
  const [found] = JSON.parse(output) as { messages: { line: number; message: string }[] }[];
  return [...new Set(found!.messages.filter(({ message }) => message === 'core and journey know no CRM by name').map(({ line }) => line))];
}

/** Stand in this checkout for a package that cannot be had and that no code of ours reaches. */
const ownStubs = new Set(['file:./webresources/stubs/fs']);

/** Versions that are not exact, as `package: version`. */
function looseVersions(packages: Sources): string[] {
  return [...packages].flatMap(([path, text]) => {
    const read = JSON.parse(text) as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
    const all = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) => Object.entries(read[kind] ?? {}));
    const replaced = Object.entries(read.overrides ?? {}).flatMap(([name, version]): [string, unknown][] => (typeof version === 'object' && version !== null ? Object.entries(version) : [[name, version]]));
    return [...all, ...replaced.filter(([, version]) => !ownStubs.has(String(version)))].filter(([, version]) => typeof version !== 'string' || !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)).map(([name, version]) => `${path}: ${name} ${String(version)}`);
  });
}

function find(matches: (path: string) => boolean, folder = root): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !notOurs.has(entry.name) && !entry.name.startsWith('.')) for (const [each, text] of find(matches, path)) found.set(each, text);
    const name = relative(root, path).split('\\').join('/');
    if (entry.isFile() && matches(name)) found.set(name, readFileSync(path, 'utf8'));
  }
  return found;
}

const sources = find((path) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts'));
const only = (...folders: readonly string[]): Sources => new Map([...sources].filter(([path]) => folders.some((folder) => path.startsWith(`${folder}/`))));
const one = (path: string, source: string): Sources => new Map([[path, source]]);

describe('imports', () => {
  test('are read at all', () => {
    expect(only('core').size).toBeGreaterThan(15);
    expect(importsOf('plugins-proxy/journey/a.ts', "import type { A } from '../../core/index'; export * from './b'; const c = await import('../ports/crm'); import 'pg';")).toEqual(['core/index.ts', 'plugins-proxy/journey/b.ts', 'plugins-proxy/ports/crm.ts']);
  });

  test('cross no border', () => {
    expect(breaches(sources)).toEqual([]);
  });

  test('stay in parts that the table knows', () => {
    expect([...new Set([...sources.keys()].map(partOf))].filter((part) => !(part in mayImport))).toEqual([]);
  });

  test('go round in no circle', () => {
    expect(cycles(sources)).toEqual([]);
  });

  test.each([
    ['core/plan.ts', "import type { CrmPort } from '../plugins-proxy/ports/crm';"], ['core/plan.ts', "import data from '../mapping/dynamics.json';"], ['core/browser.ts', "export * from '../sandbox/kit/faults';"],
    ['plugins-proxy/journey/run.ts', "import { createPool } from '../database/createPool';"], ['plugins-proxy/journey/run.ts', "import { ring } from '../schedule/ring';"], ['plugins-proxy/journey/run.ts', "const adapter = await import('../adapters/country');"],
    ['plugins-proxy/journey/run.ts', "import { createStore } from '../store/createStore';"], ['plugins-proxy/doors/bell.ts', "import { planUpdate } from '../journey/updateBoth';"], ['plugins-proxy/doors/bell.ts', "import { createStore } from '../store/createStore';"],
    ['plugins-proxy/adapters/country.ts', "export { a } from '../journey/run';"], ['plugins-proxy/store/migrate.ts', "import { a } from '../schedule/claim';"], ['plugins-proxy/ports/crm.ts', "import type { Timings } from '../timings';"], ['plugins-proxy/timings.ts', "import './settings';"],
    ['sandbox/kit/faults.ts', "import { isTerminal } from '../../core/index';"], ['sandbox/kit/faults.ts', "import { isTerminal } from '@cosell/core';"], ['sandbox/start.ts', "import '../plugins-proxy/main';"],
    ['plugins-proxy/cli/main.ts', "import { a } from '../../test/kit/seller';"], ['core/plan.ts', "import { a } from '../test/core/sides';"], ['bench/accept.ts', "import { a } from '../test/kit/world';"],
    ['webresources/form.ts', "import { planUpdate } from '../core/index';"], ['controls/SyncStatus/index.ts', "import { a } from '../MicrosoftHelp/index';"], ['controls/SyncStatus/index.ts', "import { a } from '@cosell/core';"], ['salesforce/lwc/panel.ts', "import { a } from '../../controls/shared/wording';"],
  ])('of %s are refused: %s', (path, source) => {
    expect(breaches(one(path, source))).toHaveLength(1);
  });

  test.each([
    ['core/plan.ts', "import { a } from './canonical/cell'; import { b } from 'big.js';"], ['plugins-proxy/doors/bell.ts', "import type { Store } from '../ports/store';"], ['plugins-proxy/adapters/dataverse/loadMapping.ts', "import mapping from '../../../mapping/dynamics.json';"],
    ['controls/SyncStatus/index.ts', "import { a } from '../../core/browser'; import { b } from '../shared/wording'; import { c } from './row';"], ['webresources/form.ts', "import { a } from '@cosell/core/browser';"], ['test/core/a.test.ts', "import { a } from './sides'; import { b } from '../../sandbox/start';"],
  ])('of %s are allowed: %s', (path, source) => {
    expect(breaches(one(path, source))).toEqual([]);
  });

  test('in a circle are found, and types alone make none', () => {
    const circle = new Map([['core/a.ts', "import { b } from './b';"], ['core/b.ts', "export * from './c';"], ['core/c.ts', "import { a } from './a';"]]);
    expect(cycles(circle)).toEqual(['core/a.ts → core/b.ts → core/c.ts → core/a.ts']);
    expect(cycles(new Map([...circle, ['core/c.ts', "import type { A } from './a'; import { type B } from './b';"]]))).toEqual([]);
    expect(cycles(new Map([['core/a.ts', "import './a';"]]))).toEqual(['core/a.ts → core/a.ts']);
  });
});

describe('packages', () => {
  const packages = find((path) => /(^|\/)package\.json$/.test(path));
  test('are asked for by exact version everywhere', () => {
    expect(packages.size).toBeGreaterThan(3);
    expect(looseVersions(packages)).toEqual([]);
  });

  test.each(['^1.0.0', '~1.0.0', '1.x', '*', 'latest', '>=1.0.0', '1.0', 'file:../a'])('with version %s are refused', (version) => {
    expect(looseVersions(one('package.json', JSON.stringify({ devDependencies: { a: version, b: '1.2.3', c: '18.4.0-beta.17' } })))).toEqual([`package.json: a ${version}`]);
  });
});

describe('core', () => {
  test('is compiled without clock, network or Node: ES2022 and no types', () => {
    const { config, error } = ts.parseConfigFileTextToJson('core/tsconfig.json', readFileSync(join(root, 'core/tsconfig.json'), 'utf8')) as { config: { compilerOptions: { lib: unknown; types: unknown } }; error?: unknown };
    expect(error).toBeUndefined();
    expect([config.compilerOptions.lib, config.compilerOptions.types]).toEqual([['ES2022'], []]);
  });

  test('and journey know no CRM by name', () => {
    expect(crmNames(only('core', 'plugins-proxy/journey'))).toEqual([]);
  });

  test.each(["const isDataverse = true;", "throw new Error('Dynamics 365 refused');", 'const text = `to ${system} and Salesforce`;', "import { a } from './salesforceThings';", 'const a = { dynamicsId: 1 };'])('would be caught naming one: %s', (source) => {
    expect(crmNames(one('core/a.ts', source)).length).toBeGreaterThan(0);
  });

  test.each(['core/planted.ts', 'plugins-proxy/journey/planted.ts'])('is refused by lint, too, when %s names one, in whatever form', async (path) => {
    const planted = ["export const a = 'Salesforce';", 'export const b = `to Dynamics 365: ${a}`;', 'export const isDataverse = true;', "export const d = { 'salesforce-id': 1 };", '// Dataverse keeps whole seconds', 'export const e = 1;'].join('\n');
    expect(await linesRefused(path, planted)).toEqual([1, 2, 3, 4]);
    expect(await linesRefused('plugins-proxy/adapters/planted.ts', planted)).toEqual([]);
  });

  test('may name one in a comment, where a source is given', () => {
    expect(crmNames(one('core/a.ts', '// Dataverse keeps whole seconds\nconst a = 1;'))).toEqual([]);
  });
});

describe('the journey as it is told', () => {
  /** A step is what a heading, a list item or a table's row begins with in code style, or a path: `## \`readSides\``, `- \`readSides\`: ...`, `journey/readSides.ts`. */
  const named = (text: string): string[] => {
    const hits = [...text.matchAll(/^\s*(?:#+|[-*|]|\d+\.)\s+(?:\d+\.\s+)?(?:\*\*)?`([a-z][A-Za-z]+)(?:\.ts)?`/gm), ...text.matchAll(/journey\/([a-z][A-Za-z]+)\.ts/g)];
    return [...new Set(hits.map((hit) => hit[1]!))];
  };
  const files = new Set([...only('plugins-proxy/journey').keys()].map((path) => posix.basename(path, '.ts')));
  const untold = (text: string): string[] => named(text).filter((name) => !files.has(name));

  test('in docs/journey.md has a file for each step, and leaves out none of the trip', () => {
    const text = readFileSync(join(root, 'docs/journey.md'), 'utf8');
    expect(untold(text)).toEqual([]);
    for (const step of ['resolveLink', 'readSides', 'createReferral', 'createOpportunity', 'updateBoth', 'present', 'syncRecord']) expect(named(text)).toContain(step);
  });

  test('would be caught naming a step that is no file', () => {
    expect(untold('## `resolveLink`\n- **`flyAway`** keeps `agreed`\n| `readSides` | `nothing` |\n1. `syncRecord`, see journey/swim.ts')).toEqual(['flyAway', 'swim']);
    expect(named('## 2. `readSides`')).toEqual(['readSides']);
  });
});

test('nobody’s own words hide in names: no utils, helpers, common or manager', () => {
  expect([...sources.keys()].filter((path) => /(^|\/|[a-z])(utils?|helpers?|common|managers?)(\.|\/|$)/i.test(path))).toEqual([]);
});
