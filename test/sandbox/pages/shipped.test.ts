// The form and the list of the try-out are what the package says: merged as the platform merges, and refused where the try-out would have to guess.
import { describe, expect, test } from '@jest/globals';
import { readForm } from '../../../sandbox/pages/shipped/formModel';
import { mergeForm } from '../../../sandbox/pages/shipped/mergeForm';
import { fetchToQuery } from '../../../sandbox/pages/shipped/viewModel';
import { readXml } from '../../../sandbox/pages/shipped/xml';

const base = `<form><tabs><tab name="Summary" id="{1}" ordinalvalue="0"><labels><label description="Summary" languagecode="1033"/><label description="摘要" languagecode="2052"/></labels>
  <columns><column id="0"><sections><section name="s" id="{2}"><labels/><rows><row><cell id="{3}"><control id="name" classid="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}" datafieldname="name"/></cell></row></rows></section></sections></column></columns></tab></tabs></form>`;
const tab = (inside: string, more = ''): string => `<tab name="own" id="{9}" ordinalvalue="48120" solutionaction="Added"><labels><label description="Own" languagecode="1033"/></labels><columns><column id="0" width="100%"><sections><section name="o" id="{8}"><labels/><rows><row><cell id="{7}">${inside}</cell></row></rows></section></sections></column></columns></tab>${more}`;
const component = '<control id="acme_x" classid="{F9A8A302-114E-466A-B582-6771B2AE0D92}" datafieldname="acme_x" uniqueid="{AB}"/>';
const description = (inside: string): string => `<controlDescriptions><controlDescription forControl="{ab}" solutionaction="Added">${inside}</controlDescription></controlDescriptions>`;
const model = (diff: string, language = 1033): ReturnType<typeof readForm> => readForm(mergeForm(readXml(base), readXml(`<form>${diff}</form>`)), { id: 'f', name: 'Form', table: 'opportunity' }, language, (column) => `label of ${column}`);

describe('a diff form', () => {
  test('adds its tab behind the platform’s and leaves that as it is', () => {
    const { tabs } = model(`<tabs>${tab('<control id="acme_x" classid="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}" datafieldname="acme_x" disabled="true"/>')}</tabs>`);
    expect(tabs.map(({ name }) => name)).toEqual(['Summary', 'own']);
    expect(tabs[0]!.columns[0]!.sections[0]!.rows[0]![0]!.control).toMatchObject({ column: 'name', isDisabled: false });
    expect(tabs[1]!.columns[0]!.sections[0]!.rows[0]![0]!).toMatchObject({ label: 'label of acme_x', control: { column: 'acme_x', isDisabled: true } });
  });

  test('shows each label in the reader’s language, else in English', () => {
    expect(model(`<tabs>${tab('')}</tabs>`, 2052).tabs.map(({ label }) => label)).toEqual(['摘要', 'Own']);
  });

  test('adds handlers and libraries that the form had none of', () => {
    const { handlers, libraries } = model('<events><event name="onload" solutionaction="Added"><Handlers><Handler functionName="A.b" libraryName="acme_/a.js" handlerUniqueId="{5}" enabled="true" passExecutionContext="true"/><Handler functionName="A.off" libraryName="acme_/a.js" handlerUniqueId="{6}" enabled="false"/></Handlers></event></events><formLibraries><Library name="acme_/a.js" libraryUniqueId="{4}" solutionaction="Added"/></formLibraries>');
    expect(handlers).toEqual([{ event: 'onload', functionName: 'A.b', library: 'acme_/a.js', passesContext: true }]);
    expect(libraries).toEqual(['acme_/a.js']);
  });

  test('binds a code component for the web, by an id whose case does not matter', () => {
    const inside = '<customControl id="{4273EDBD-AC1D-40D3-9FB2-095C621B552D}"/><customControl formFactor="2" name="acme_Acme.X"><parameters><value type="Multiple">acme_x</value><size static="true" type="Whole.None">8</size></parameters></customControl>';
    expect(model(`<tabs>${tab(component)}</tabs>${description(inside)}`).tabs[1]!.columns[0]!.sections[0]!.rows[0]![0]!.control!.component).toEqual({ name: 'acme_Acme.X', parameters: { value: { type: 'Multiple', column: 'acme_x' }, size: { type: 'Whole.None', value: '8' } } });
  });

  test('is refused where a component is promised and none is named for the web', () => {
    expect(() => model(`<tabs>${tab(component)}</tabs>${description('<customControl formFactor="0" name="acme_Acme.X"/>')}`)).toThrow('acme_x has the class of a code component');
  });

  test('may take away and change what is there, and nothing that it does not know', () => {
    expect(model('<tabs><tab id="{1}" name="Summary" solutionaction="Removed"/></tabs>').tabs).toEqual([]);
    expect(model('<tabs><tab id="{1}" name="Renamed" solutionaction="Modified"/></tabs>').tabs.map(({ name }) => name)).toEqual(['Renamed']);
    expect(() => model('<tabs><tab id="{1}" solutionaction="Turned"/></tabs>')).toThrow('Turned');
  });
});

describe('a view', () => {
  const types: Readonly<Record<string, string>> = { parentaccountid: 'lookup', cosell_sync: 'boolean', statecode: 'state' };
  const query = (inside: string): string => decodeURIComponent(fetchToQuery(readXml(`<fetch><entity name="opportunity">${inside}</entity></fetch>`), (column) => types[column]));

  test('asks the Web API for its columns, rows and order', () => {
    expect(query('<attribute name="name"/><attribute name="parentaccountid"/><order attribute="name" descending="true"/><filter type="and"><condition attribute="cosell_sync" operator="eq" value="1"/><filter type="or"><condition attribute="statecode" operator="ne" value="2"/><condition attribute="parentaccountid" operator="not-null"/></filter></filter>')).toBe(
      '$select=name,_parentaccountid_value&$filter=cosell_sync eq true and (statecode ne 2 or _parentaccountid_value ne null)&$orderby=name desc',
    );
  });

  test.each(['<link-entity name="account"/>', '<filter><condition attribute="name" operator="like" value="a%"/></filter>', '<filter><condition attribute="statecode" operator="in"><value>1</value></condition></filter>'])('with what the try-out cannot ask is refused: %s', (inside) => {
    expect(() => query(`<attribute name="name"/>${inside}`)).toThrow('cannot ask yet');
  });
});
