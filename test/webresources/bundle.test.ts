// The file that is installed: its size, its one name, and what a customer's Solution Checker says of it.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { beforeAll, describe, expect, test } from '@jest/globals';
import powerApps from '@microsoft/eslint-plugin-power-apps';
import { Linter } from 'eslint';
import en from '../../wording/en.json' with { type: 'json' };
import { buildMissing } from '../../scripts/build.mjs';

const LIMIT = 40_000;
const file = join(process.cwd(), 'dist/webresources/CoSell.js');
let script = '';

beforeAll(async () => {
  await buildMissing(['webresources'], () => undefined);
  script = readFileSync(file, 'utf8');
});

/** Loads the file as a page does. */
function load(page: Record<string, unknown> = {}): Record<string, unknown> {
  runInContext(script, createContext(page));
  return page;
}

describe('the script library', () => {
  test('is small', () => {
    const bytes = Buffer.byteLength(script);
    process.stdout.write(`form script: ${bytes.toLocaleString('en-US')} of ${LIMIT.toLocaleString('en-US')} bytes\n`);
    expect(bytes).toBeLessThanOrEqual(LIMIT);
  });

  test('has one name with the handlers that forms and lists call, and needs no Xrm to be loaded', () => {
    const page = load();
    expect(Object.keys(page)).toEqual(['CoSell']);
    const { Form, Grid } = page.CoSell as Record<string, Record<string, unknown>>;
    expect([Object.keys(Form!), Object.keys(Grid!)]).toEqual([['onLoad', 'onSave'], ['syncStatusIcon']]);
    expect([...Object.values(Form!), ...Object.values(Grid!)].every((each) => typeof each === 'function')).toBe(true);
  });

  test('works as built', () => {
    const { CoSell } = load() as { CoSell: { Grid: { syncStatusIcon(row: string, language: number): string[] } } };
    expect([...CoSell.Grid.syncStatusIcon(JSON.stringify({ cosell_syncstatus_Value: 481200003, cosell_syncdetails: '{"reasons":[{"code":"solution-missing"}]}' }), 2052)]).toEqual(['cosell_/icons/attention.png', '需要处理\n尚未选择产品。']);
  });

  test('refers to no other file and says whose work it holds', () => {
    expect(/sourceMappingURL|https?:\/\/(?!github\.com\/scottdurow)/.exec(script)).toBeNull();
    expect(script.split('\n')[0]).toMatch(/^\/\*!.*dataverse-ify, MIT, Copyright \(c\) 2020 Scott Durow/);
  });

  test('holds the words that it says, and no others', () => {
    const held = (keys: readonly (keyof typeof en)[]): string[] => keys.filter((key) => script.includes(en[key]));
    const said = ['share.text', 'off.title', 'bell.missed', 'reason.solution-missing.what'] as const;
    expect(held(said)).toEqual(said);
    expect(held(['help.warn', 'reason.solution-missing.do', 'hist.title', 'help.locked'])).toEqual([]);
  });

  test('has no finding of the Power Apps checker’s rules, each of them on', () => {
    const rules = Object.fromEntries(Object.keys(powerApps.rules).map((name) => [`@microsoft/power-apps/${name}`, 'error' as const]));
    expect(Object.keys(rules)).toHaveLength(26);
    const check = (code: string): string[] => new Linter().verify(code, [{ plugins: { '@microsoft/power-apps': powerApps as never }, rules }]).map(({ message }) => message);
    expect(check(script)).toEqual([]);
    expect(check('Xrm.Page.getAttribute("name"); $(".form").hide();').length).toBeGreaterThan(1);
  });

  test('is the same to the byte when it is built again', async () => {
    rmSync(join(process.cwd(), '.cache/build/webresources.json'));
    await buildMissing(['webresources'], () => undefined);
    expect(readFileSync(file, 'utf8') === script).toBe(true);
  });
});
