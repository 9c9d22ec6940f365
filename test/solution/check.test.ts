// The Dataverse solution as it would be installed: nothing is wrong with it, and whatever is made wrong is found with file, line and remedy.
import { runInNewContext } from 'node:vm';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { checkRules } from '../../solution/check/checkRules';
import { checkSchema, laterElements } from '../../solution/check/checkSchema';
import { checkSolution } from '../../solution/check/checkSolution';
import { findingLine, type Finding } from '../../solution/check/finding';
import { checkContentTypes } from '../../solution/check/rules/checkPackage';
import type { Files } from '../../solution/files';
import { choices, choiceValue } from '../../solution/model/choices';
import { views } from '../../solution/model/views';
import { webResources } from '../../solution/model/webResources';
import { assembleCustomizations } from '../../solution/pack/assembleCustomizations';
import { lineOf, schemas, solutionFiles, withText } from '../kit/solutionFiles';

const opportunity = 'solution/src/Entities/Opportunity/Entity.xml';
const form = 'solution/src/Entities/Opportunity/FormXml/main/{a837e4a7-01b8-4f82-a475-be9abd67e667}.xml';
const status = 'solution/src/OptionSets/cosell_syncstatus.xml';
const script = 'solution/src/WebResources/cosell_/CoSell.js.data.xml';
const ids = 'solution/ids.json';

let files: Files;
let view: string;
beforeAll(async () => {
  files = await solutionFiles();
  view = [...files.keys()].find((path) => path.startsWith('solution/src/Entities/Opportunity/SavedQueries/')) ?? '';
}, 120_000);

const told = (findings: readonly Finding[]): string => findings.map(findingLine).join('\n');
/** Findings of one file; that a source is not what the model makes is true of every change here. */
const findingsIn = (changed: Files, file: string): Finding[] => checkRules(changed).filter((each) => each.file === file && !each.message.startsWith('This is not what the model makes'));

test('The solution has no findings', () => {
  expect(told(checkRules(files))).toBe('');
});

describe("Microsoft's schemas", () => {
  const given = schemas();
  const required = process.env.COSELL_SCHEMAS === 'required';

  test('find nothing', async () => {
    if (!given) {
      const said = "Microsoft's schemas are not beside this checkout (../shared/schemas/dataverse), so the solution was checked by our own rules only.";
      // A run that decides about a release asks for them; a checkout without the workspace's test data may go on.
      if (required) throw new Error(said);
      process.stderr.write(`Skipped: ${said}\n`);
      return;
    }
    expect(told(await checkSolution(files, given))).toBe('');
  });

  const planted: readonly (readonly [string, string, string | RegExp, string])[] = [
    ['an element that nobody knows', opportunity, '<ImeMode>auto</ImeMode>', '<Imemode>auto</Imemode>'],
    ['a number that is none', form, 'labelwidth="115"', 'labelwidth="wide"'],
    ['a privilege of no level', 'solution/src/Roles/Co-sell Seller.xml', 'level="Global"', 'level="Everywhere"'],
    ['a solution action that there is not', form, 'solutionaction="Added"', 'solutionaction="Inserted"'],
  ];
  for (const [what, file, from, to] of given ? planted : []) {
    test(`find ${what}, and name the line of the source`, async () => {
      const findings = await checkSchema(assembleCustomizations(withText(files, file, from, to)), given ?? {});
      expect(findings).toHaveLength(1);
      expect(findings[0]).toMatchObject({ file, line: lineOf(files, file, from instanceof RegExp ? from.source : from) });
    });
  }

  if (given) {
    test('are told of what the platform added since, and of nothing else', async () => {
      const later = withText(files, opportunity, '<ImeMode>auto</ImeMode>', `<ImeMode>auto</ImeMode>${laterElements.slice(0, 4).map((name) => `<${name}>0</${name}>`).join('')}`);
      expect(await checkSchema(assembleCustomizations(later), given)).toEqual([]);
    });
  }
});

describe('A planted error is found with file, line and remedy:', () => {
  const cases: readonly (readonly [what: string, file: string, from: string | RegExp, to: string, at: string, message: RegExp])[] = [
    ['a column of another type', opportunity, '<Type>ntext</Type>', '<Type>nvarchar</Type>', '<Type>ntext</Type>', /cosell_notestomicrosoft is of the type nvarchar \(text\); the contract says memo\..*put it back/],
    ['a cell whose column there is not', form, 'datafieldname="cosell_referralvisibility"', 'datafieldname="cosell_visibility"', 'datafieldname="cosell_referralvisibility"', /There is no column "cosell_visibility" on this table\. Correct the name, or add/],
    ['a property bound to a column that there is not', form, '<audit type="Multiple">cosell_audit<', '<audit type="Multiple">cosell_history<', '<audit type', /There is no column "cosell_history" on this table\. Correct the name, or add/],
    ['a handler that the bundle lacks', form, 'CoSell.Form.onSave', 'CoSell.Form.onSaved', 'CoSell.Form.onSave', /cosell_\/CoSell\.js has no function CoSell\.Form\.onSaved\. Correct the name, or export/],
    ['a missing Chinese text', status, /<label description="已同步" languagecode="2052" \/>/, '', '<label description="Synced"', /The Chinese text \(2052\) of "Synced" is missing\. Add it/],
    ['a class id for another kind of column', form, '{67FAC785-CD58-4F9F-ABB3-4B7DDC6ED5ED}', '{4273EDBD-AC1D-40D3-9FB2-095C621B552D}', '{67FAC785', /does not show a yesNo column such as cosell_syncwithpartnercenter\. Take \{67FAC785/],
    ['a control property that its manifest lacks', form, '<topic type="SingleLine.Text">name</topic>', '<title type="SingleLine.Text">name</title>', '<topic', /cosell_CoSell\.SyncStatus has no property "title" in its manifest\. Take it out, or add it/],
    ['a choice number outside of the prefix', status, 'value="481200005"', 'value="100000005"', 'value="481200005"', /The number 100000005 is outside of the publisher's 481200000 to 481209999\. Take the next free one/],
  ];

  test.each(cases)('%s', (_, file, from, to, at, message) => {
    const found = findingsIn(withText(files, file, from, to), file);
    // A label's finding stands at what holds the labels, one line above the first of them.
    const line = lineOf(files, file, at) - (at.startsWith('<label') ? 1 : 0);
    const lines = found.map((each) => `${each.line}: ${each.message}`);
    expect(found.some((each) => each.line === line && message.test(each.message)) ? [] : [line, ...lines]).toEqual([]);
  });

  test('a bound column that is missing', () => {
    const changed = withText(files, opportunity, /<attribute PhysicalName="cosell_audit">[\s\S]*?<\/attribute>/, '');
    const lines = [lineOf(files, form, 'id="cosell_audit"'), lineOf(files, form, '<audit ')];
    expect(findingsIn(changed, form)).toEqual(expect.arrayContaining(lines.map((line) => ({ file: form, line, message: expect.stringMatching(/^There is no column "cosell_audit" on this table\. Correct the name, or add/) }))));
    expect(findingsIn(changed, opportunity)).toEqual([{ file: opportunity, line: lineOf(files, opportunity, '<attributes>'), message: expect.stringContaining('The column cosell_audit of opportunity is missing.') }]);
  });

  test('an id that is there twice', () => {
    const [, first = '', second = ''] = /<cell id="(\{[^"]+\})"[\s\S]*?<cell id="(\{[^"]+\})"/.exec(new TextDecoder().decode(files.get(form))) ?? [];
    const found = findingsIn(withText(files, form, second, first), form);
    expect(found).toContainEqual({ file: form, line: lineOf(files, form, second), message: expect.stringMatching(new RegExp(`^The id \\${first} is there already, at .*:${lineOf(files, form, first)}\\. Give this component its own`)) });
  });

  test('a view cell that is not fetched', () => {
    const found = findingsIn(withText(files, view, '<attribute name="cosell_lastsyncedon" />', ''), view);
    expect(found).toEqual([{ file: view, line: lineOf(files, view, '<cell name="cosell_lastsyncedon"'), message: 'The view shows cosell_lastsyncedon and does not fetch it, so the cell stays empty. Add <attribute name="cosell_lastsyncedon" />.' }]);
  });

  test('the id of a shipped component, changed', () => {
    const shipped = /<WebResourceId>(\{[^<]+\})/.exec(new TextDecoder().decode(files.get(script)))?.[1] ?? '';
    const other = '{11111111-2222-4333-8444-555555555555}';
    const changed = withText(files, script, shipped, other);
    expect(findingsIn(changed, script)).toContainEqual({ file: script, line: lineOf(files, script, shipped), message: `The id ${other} is not in solution/ids.json. An id never changes once it was shipped: put back the old one, ${shipped} of "web resource cosell_/CoSell.js", or run npm run solution make for a new component.` });
    expect(findingsIn(changed, ids)).toEqual([{ file: ids, line: lineOf(files, ids, shipped.slice(1, -1)), message: expect.stringContaining('is in no source any more. Put the component back') }]);
  });

  test('the id of a shipped component, changed in both places', () => {
    const shipped = /<WebResourceId>\{([^<]+)\}/.exec(new TextDecoder().decode(files.get(script)))?.[1] ?? '';
    const other = '11111111-2222-4333-8444-555555555555';
    const changed = withText(withText(files, script, shipped, other), ids, shipped, other);
    expect(findingsIn(changed, ids)).toContainEqual({ file: ids, line: lineOf(files, ids, '"version"'), message: expect.stringMatching(/^The first \d+ ids are not those that 0\.1\.0\.0 shipped\. Put them back/) });
  });
});

describe('Found as well:', () => {
  const cases: readonly (readonly [what: string, file: string, from: string | RegExp, to: string, message: RegExp])[] = [
    ['a length that the contract does not know', opportunity, '<MaxLength>20000</MaxLength>', '<MaxLength>2000</MaxLength>', /cosell_syncdetails holds 2000 characters; the contract says 20000/],
    ['a column that the contract does not know', opportunity, '<LogicalName>cosell_products</LogicalName>', '<LogicalName>cosell_product</LogicalName>', /The column cosell_product is not in the contract/],
    ['a choice under another number', status, 'value="481200002"', 'value="481200009"', /481200002 must be "Synced"/],
    ['a key on another column', opportunity, '<AttributeName>cosell_referralidentifier</AttributeName>', '<AttributeName>cosell_referrallink</AttributeName>', /The alternate key cosell_referralidentifier_key on cosell_referralidentifier/],
    ['a Custom API that sellers may not call', 'solution/src/customapis/cosell_SyncReferral/customapi.xml', '<executeprivilegename>prvWriteOpportunity<', '<executeprivilegename>prvDeleteOpportunity<', /executeprivilegename of the Custom API must be prvWriteOpportunity/],
    ['a tab of another name', form, 'name="cosell_partnercenter"', 'name="cosell_partner"', /The tab cosell_partnercenter is missing/],
    ['another publisher', 'solution/src/Other/Solution.xml', '<CustomizationPrefix>cosell<', '<CustomizationPrefix>new<', /CustomizationPrefix must be cosell/],
    ['a component that would not be installed', 'solution/src/Other/Solution.xml', /<RootComponent type="66"[^>]*SyncStatus[^>]*>/, '', /66 cosell_CoSell\.SyncStatus.*would not be installed/],
    ['a form that does not load its script', form, /<Library [^>]*>/, '', /The form does not load cosell_\/CoSell\.js/],
    ['a control without a description', form, /forControl="\{[^"]+\}"/, 'forControl="{00000000-0000-4000-8000-000000000000}"', /No controlDescription is for the control/],
    ['a control left out on phones', form, 'formFactor="0"', 'formFactor="2"', /for phone, tablet and web/],
    ['a required property that is not bound', form, /<products type="Multiple">cosell_products<\/products>/, '', /cosell_CoSell\.ReferralProducts needs its property "products" bound/],
    ['a property bound to a column of another kind', form, '>cosell_lastsyncedon</lastSyncedOn>', '>cosell_syncdetails</lastSyncedOn>', /"lastSyncedOn" takes DateAndTime\.DateAndTime; the column cosell_syncdetails is memo/],
    ['a control that is not shipped', form, 'name="cosell_CoSell.SyncStatus"', 'name="cosell_CoSell.Status"', /There is no control cosell_CoSell\.Status in the solution/],
    ['a file name that nobody finds', script, '/WebResources/cosell_CoSelljs', '/WebResources/CoSell', /FileName must be \/WebResources\/cosell_CoSelljs/],
    ['a picture that is not shipped', 'solution/src/Entities/cosell_solution/Entity.xml', '<IconVectorName />', '<IconVectorName>$webresource:cosell_/icons/table.svg</IconVectorName>', /There is no web resource cosell_\/icons\/table\.svg/],
    ['a file that is no XML', form, '</forms>', '', /This is no XML/],
  ];

  test.each(cases)('%s', (_, file, from, to, message) => {
    const found = findingsIn(withText(files, file, from, to), file);
    expect(found.map((each) => each.message)).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
    expect(found.every((each) => each.line > 0)).toBe(true);
  });

  test('an icon whose function or library is not shipped', () => {
    const [function1] = findingsIn(withText(files, view, 'CoSell.Grid.syncStatusIcon', 'CoSell.Grid.icon'), view);
    const [library] = findingsIn(withText(files, view, '$webresource:cosell_/CoSell.js', '$webresource:cosell_/Grid.js'), view);
    const line = lineOf(files, view, 'imageproviderfunctionname');
    expect(function1).toMatchObject({ line, message: expect.stringContaining('has no function CoSell.Grid.icon') });
    expect(library).toMatchObject({ line, message: expect.stringContaining('There is no web resource cosell_/Grid.js') });
  });

  test('a build that is missing, and what it is missing for', () => {
    const found = checkRules(new Map([...files].filter(([path]) => path !== 'dist/webresources/CoSell.js')));
    expect(told(found)).toContain('dist/webresources/CoSell.js is missing');
  });

  test('a source that was changed by hand, and at which line', () => {
    const file = 'solution/src/Roles/Co-sell Seller.xml';
    const found = checkRules(withText(files, file, 'prvReadcosell_solution', 'prvReadcosell_Solution'));
    expect(found).toEqual([{ file, line: lineOf(files, file, 'prvRead'), message: 'This is not what the model makes. Change solution/model instead and run npm run solution make.' }]);
  });

  test('an entry of the package without a content type', () => {
    const types = new TextEncoder().encode('<Types><Default Extension="xml" ContentType="a" /><Override PartName="/WebResources/a" ContentType="b" /></Types>');
    const nothing = new Uint8Array();
    const entries = new Map([['[Content_Types].xml', types], ['solution.xml', nothing], ['WebResources/a', nothing], ['WebResources/b', nothing], ['Controls/x/font.woff', nothing]]);
    expect(checkContentTypes(entries).map((each) => each.message.split(' ')[0])).toEqual(['WebResources/b', 'Controls/x/font.woff']);
  });
});

test('The list of co-sell opportunities hands its icon everything that the tooltip says', () => {
  const cells = views[0]?.cells.map((cell) => cell.column) ?? [];
  expect(cells).toEqual(expect.arrayContaining(['cosell_syncstatus', 'cosell_lastsyncedon', 'cosell_syncdetails']));
  expect(new TextDecoder().decode(files.get(view))).toMatch(/<cell name="cosell_syncdetails" [^>]*ishidden="1"/);
});

test('The icons that the list asks for are in the package', () => {
  const script = new TextDecoder().decode(files.get('dist/webresources/CoSell.js'));
  const page = runInNewContext(`${script};CoSell.Grid.syncStatusIcon`) as (row: string, language: number) => readonly string[];
  const asked = choices.find(({ name }) => name === 'cosell_syncstatus')?.options.map((_, at) => page(JSON.stringify({ cosell_syncstatus_Value: choiceValue(at) }), 1033)[0]) ?? [];
  expect([...asked].sort()).toEqual(webResources.map(({ name }) => name).filter((name) => name.endsWith('.png')).sort());
});
