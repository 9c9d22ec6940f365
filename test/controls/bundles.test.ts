// The built controls: small enough, bound as their manifests say, quiet on load, and built by a script that notices when the tool failed.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ESLint } from 'eslint';
import { XMLParser } from 'fast-xml-parser';
import { buildControls } from '../../scripts/buildControls.mjs';
import { contextOf } from '../kit/controls/controlTools';
import { statusSituations as s, type ControlName } from '../kit/controls/situations';

const root = fileURLToPath(new URL('../../', import.meta.url));
const out = join(root, 'controls/out/controls');
const require = createRequire(import.meta.url);
const names: readonly ControlName[] = ['MicrosoftHelp', 'ReferralProducts', 'SyncStatus'];
const LIMIT = 15 * 1024;

interface Control {
  init(context: unknown, notify: () => void, state: object): void;
  updateView(context: unknown): { readonly props: Record<string, (...all: unknown[]) => unknown> };
  getOutputs(): Record<string, unknown>;
  destroy(): void;
}

/** The class that a bundle registers, with React and Fluent as the platform's globals name them. */
function load(name: ControlName): new () => Control {
  const registered: Record<string, new () => Control> = {};
  const page: Record<string, unknown> = { Reactv16: require('react'), FluentUIReactv8290: {}, console, setTimeout, clearTimeout, ComponentFramework: { registerControl: (key: string, control: new () => Control) => (registered[key] = control) } };
  page.window = page;
  vm.runInNewContext(readFileSync(join(out, name, 'bundle.js'), 'utf8'), page);
  expect(Object.keys(registered)).toEqual([`CoSell.${name}`]);
  return registered[`CoSell.${name}`]!;
}

type Attributes = Readonly<Record<string, string>>;
interface Manifest {
  readonly control: Attributes & { readonly property: readonly Attributes[]; readonly event?: readonly Attributes[]; readonly resources: Readonly<Record<'css' | 'resx' | 'platform-library', readonly Attributes[]>> };
}

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', isArray: (tag) => ['property', 'css', 'resx', 'platform-library', 'event'].includes(tag) });
const manifestOf = (name: ControlName): Manifest['control'] => (parser.parse(readFileSync(join(out, name, 'ControlManifest.xml'), 'utf8')) as { manifest: Manifest }).manifest.control;

beforeAll(() => buildControls(() => undefined), 120_000);

describe('the bundles', () => {
  test('are no larger than 15 KB', () => {
    const sizes = names.map((name) => ({ control: name, bytes: readFileSync(join(out, name, 'bundle.js')).length, limit: LIMIT }));
    process.stdout.write(`${['control            bytes  of', ...sizes.map(({ control, bytes, limit }) => `${control.padEnd(17)} ${String(bytes).padStart(6)}  ${limit}`)].join('\n')}\n`);
    expect(sizes.filter(({ bytes, limit }) => bytes > limit)).toEqual([]);
  });

  test.each(names)('%s takes React and Fluent from the platform, and asks for no address', (name) => {
    const files = readdirSync(join(out, name), { recursive: true, withFileTypes: true }).filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
    const texts = files.filter((path) => /\.(js|css)$/.test(path)).map((path) => readFileSync(path, 'utf8')).join('\n');
    expect(texts).toContain('Reactv16');
    expect([...texts.matchAll(/https?:\/\/[\w.]+/g)].map(([hit]) => hit).filter((hit) => hit !== 'http://www.w3.org')).toEqual([]);
    expect(texts).not.toMatch(/\bfetch\(|XMLHttpRequest|eval\(|new Function/);
  });
});

describe('a manifest', () => {
  test.each(names)('of %s names the very properties that its control reads', (name) => {
    const source = readFileSync(join(root, 'controls', name, 'inputs.ts'), 'utf8');
    const inputs = /export interface Inputs \{([\s\S]*?)\n\}/.exec(source)![1]!;
    const read = [...inputs.matchAll(/readonly (\w+)(\?)?:/g)].map(([, property, optional]) => [property, !optional]);
    expect(manifestOf(name).property.map((each) => [each['@name'], each['@required'] === 'true'])).toEqual(read);
    expect(manifestOf(name).property.every((each) => each['@usage'] === 'bound')).toBe(true);
  });

  test.each(names)('of %s names files that are there, and libraries that every environment takes', (name) => {
    const { resources, ...control } = manifestOf(name);
    expect([control['@namespace'], control['@constructor'], control['@control-type']]).toEqual(['CoSell', name, 'virtual']);
    // An import replaces a control only by a newer version.
    expect(control['@version']).toBe((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }).version);
    expect([...resources.css, ...resources.resx].filter((each) => !existsSync(join(out, name, each['@path']!)))).toEqual([]);
    expect(resources.resx.map((each) => each['@path'])).toEqual([1033, 2052].map((language) => `strings/${name}.${language}.resx`));
    expect(resources['platform-library'].map((each) => `${each['@name']} ${each['@version']}`)).toEqual(['React 16.14.0', 'Fluent 8.29.0']);
  });

  test('of SyncStatus promises the events that lead to a field and put its value back, and no other control any', () => {
    expect(names.map((name) => manifestOf(name).event?.map((each) => each['@name']))).toEqual([undefined, undefined, ['onGoTo', 'onPutBack']]);
  });
});

describe('the life of a control', () => {
  test.each(names)('%s asks for nothing and changes nothing by being shown, and ends quietly', (name) => {
    const control = new (load(name))();
    let notified = 0;
    const values = { status: 481_200_002, help: 481_200_001, notes: 'x', products: 'SOL-1' };
    const context = contextOf(name, values, { retrieveMultipleRecords: () => { throw new Error('a call on load'); } });
    control.init(context, () => (notified += 1), {});
    for (let round = 0; round < 3; round += 1) control.updateView(context);
    expect([control.getOutputs(), notified]).toEqual([{}, 0]);
    control.destroy();
    expect(control.getOutputs()).toEqual({});
  });

  test.each(names)('%s is shown by a host whose design has no tokens', (name) => {
    const control = new (load(name))();
    control.init({}, () => undefined, {});
    for (const fluentDesignLanguage of [undefined, {}]) expect(() => control.updateView({ ...(contextOf(name, { status: 481_200_002, help: null, products: null }) as object), fluentDesignLanguage })).not.toThrow();
  });

  test('hands over each wish once: a later one does not repeat it', () => {
    const control = new (load('SyncStatus'))();
    let notified = 0;
    const context = contextOf('SyncStatus', s.waitingIn.values);
    control.init(context, () => (notified += 1), {});
    const { props } = control.updateView(context);
    props.ask!({ requestedReason: 'Other', requestedAction: 481_200_002 });
    expect([notified, control.getOutputs(), control.getOutputs()]).toEqual([1, { requestedReason: 'Other', requestedAction: 481_200_002 }, {}]);
    props.ask!({ conflictChoices: '{}' });
    expect([notified, control.getOutputs()]).toEqual([2, { conflictChoices: '{}' }]);
  });

  test('gathers changes of help and notes until the form takes them', () => {
    const control = new (load('MicrosoftHelp'))();
    control.init({}, () => undefined, {});
    const { props } = control.updateView(contextOf('MicrosoftHelp', { help: null, notes: null }));
    props.chooseHelp!(481_200_002);
    props.writeNotes!('Please call');
    expect(control.getOutputs()).toEqual({ help: 481_200_002, notes: 'Please call' });
    props.chooseHelp!(null);
    props.writeNotes!('');
    expect(control.getOutputs()).toEqual({ help: null, notes: null });
  });

  test('leads to a field by its key, has its value put back, and minds no host without events', () => {
    const events: unknown[] = [];
    const control = new (load('SyncStatus'))();
    control.init({}, () => undefined, {});
    control.updateView(contextOf('SyncStatus', s.attention.values, { onEvent: (name, payload) => events.push([name, payload]) })).props.lead!('solutions', false);
    control.updateView(contextOf('SyncStatus', s.attention.values, { onEvent: (name, payload) => events.push([name, payload]) })).props.lead!('name', true);
    expect(events).toEqual([['onGoTo', 'solutions'], ['onPutBack', 'name']]);
    const bare = { ...(contextOf('SyncStatus', s.attention.values) as object), events: {} };
    expect(() => control.updateView(bare).props.lead!('solutions')).not.toThrow();
  });

  test.each([`2026 | x ${'→ '.repeat(49_000)}`, `2026-11-23T10:00:00Z | A → B | ${': x'.repeat(33_000)}`])('reads an audit as long as its column in a moment, whoever wrote it: %#', (audit) => {
    const page = { Control: load('SyncStatus'), context: contextOf('SyncStatus', { ...s.accepted.values, audit }) };
    expect(() => vm.runInNewContext('new Control().updateView(context)', page, { timeout: 800 })).not.toThrow();
  });

  test('knows a save only when it saw it: the status turns to Pending while the form is open', () => {
    const first = (positions: readonly number[]): string => {
      const control = new (load('SyncStatus'))();
      control.init({}, () => undefined, {});
      const shown = positions.map((position) => control.updateView(contextOf('SyncStatus', { status: 481_200_000 + position })).props.view as unknown as { line: readonly string[] });
      return shown.at(-1)!.line[0]!;
    };
    expect(first([1])).toBe('saved');
    expect(first([2, 1])).toMatch(/^saved \d/);
    expect(first([2, 1, 3])).toMatch(/^saved \d/);
  });
});

describe('the build', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cosell-controls-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('fails when the tool failed, although that exits 0, and leaves no old control behind', () => {
    for (const path of ['controls', 'scripts', 'wording', 'core', 'tsconfig.base.json', 'package.json', 'package-lock.json']) cpSync(join(root, path), join(folder, path), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    mkdirSync(join(folder, 'controls/out/controls/SyncStatus'), { recursive: true });
    const manifest = join(folder, 'controls/SyncStatus/ControlManifest.Input.xml');
    writeFileSync(manifest, readFileSync(manifest, 'utf8').replace('of-type="Currency"', 'of-type="Curency"'));
    const { status, stderr } = spawnSync(process.execPath, ['scripts/buildControls.mjs'], { cwd: folder, encoding: 'utf8', timeout: 60_000 });
    expect(status).toBe(1);
    expect(stderr).toMatch(/pcf-scripts could not build the controls:\n.*of-type/s);
    expect(existsSync(join(folder, 'controls/out/controls'))).toBe(false);
  });
});

test('all 26 rules of Microsoft’s checker are errors for controls and web resources, and none is switched off', async () => {
  const rules = Object.keys((require('@microsoft/eslint-plugin-power-apps') as { rules: object }).rules);
  expect(rules).toHaveLength(26);
  for (const path of ['controls/SyncStatus/index.ts', 'controls/SyncStatus/History.tsx', 'webresources/form.ts']) {
    const config = (await new ESLint({ cwd: root }).calculateConfigForFile(path)) as { rules: Record<string, unknown[]> };
    expect(rules.filter((rule) => config.rules[`@microsoft/power-apps/${rule}`]?.[0] !== 2)).toEqual([]);
  }
  const sources = ['controls', 'webresources'].flatMap((part) => readdirSync(join(root, part), { recursive: true, encoding: 'utf8' }).filter((path) => /\.tsx?$/.test(path) && !path.startsWith('out')).map((path) => join(root, part, path)));
  expect(sources.length).toBeGreaterThan(20);
  expect(sources.filter((path) => readFileSync(path, 'utf8').includes('eslint-disable'))).toEqual([]);
});
