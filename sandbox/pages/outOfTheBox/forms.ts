// A seller's Dynamics 365, as it is before anything is installed: small main forms in FormXml, with the ids of the platform's own where a solution names them.
// The ids of the Opportunity form, its tab and its section: dataverse.md 1.7. Everything that no scenario needs is left out.

export interface ShippedForm {
  readonly id: string;
  readonly name: readonly [string, string];
  readonly xml: string;
}

const TEXT = '4273EDBD-AC1D-40D3-9FB2-095C621B552D';
const MEMO = 'E0DECE4B-6FC8-4A8F-A065-082708572369';
const MONEY = '533B9E00-756B-4312-95A0-DC888637AC78';
const DATE = '5B773807-9FB2-42DB-97C3-7A91EFF8ADFF';
const LOOKUP = '270BD3DB-D9AF-4782-9025-509E298DEC0A';
const CHOICE = '3EF39988-22BB-4F0B-BBBE-64B5A3748AEE';
const YES_NO = '67FAC785-CD58-4F9F-ABB3-4B7DDC6ED5ED';
const EMAIL = 'ADA2203E-B4CD-49BE-9DDF-234642B43B52';

const cell = (column: string, classId: string, disabled = false): string => `<row><cell id="{cell-${column}}" showlabel="true"><labels/><control id="${column}" classid="{${classId}}" datafieldname="${column}" disabled="${disabled}"/></cell></row>`;
const labels = (en: string, zh: string): string => `<labels><label description="${en}" languagecode="1033"/><label description="${zh}" languagecode="2052"/></labels>`;
const section = (name: string, id: string, [en, zh]: readonly [string, string], rows: readonly string[]): string => `<section name="${name}" id="{${id}}" showlabel="true" columns="1">${labels(en, zh)}<rows>${rows.join('')}</rows></section>`;
const tab = (name: string, id: string, columns: readonly string[]): string =>
  `<tab name="${name}" id="{${id}}" expanded="true" ordinalvalue="0">${labels('Summary', '摘要')}<columns>${columns.map((each, at) => `<column width="${100 / columns.length}%" id="${at}"><sections>${each}</sections></column>`).join('')}</columns></tab>`;
const form = (header: readonly string[], tabs: string): string => `<form><header><rows>${header.join('')}</rows></header><tabs>${tabs}</tabs></form>`;

/** Main forms by table. */
export const mainForms: Readonly<Record<string, ShippedForm>> = {
  opportunity: {
    id: 'A837E4A7-01B8-4F82-A475-BE9ABD67E667', name: ['Opportunity', '商机'],
    xml: form(
      [cell('estimatedclosedate', DATE), cell('estimatedvalue', MONEY), cell('statuscode', CHOICE), cell('ownerid', LOOKUP)],
      tab('Summary', 'b6a005fd-5964-4427-b39b-6750e1a5fa6f', [
        section('opportunity_information', '5d1cf874-b807-4158-b230-1a13c1db73ad', ['Opportunity information', '商机信息'], [cell('name', TEXT), cell('parentcontactid', LOOKUP), cell('parentaccountid', LOOKUP), cell('estimatedclosedate', DATE), cell('estimatedvalue', MONEY), cell('transactioncurrencyid', LOOKUP), cell('statuscode', CHOICE, true)]),
        section('opportunity_description', 'section-description', ['Description', '描述'], [cell('description', MEMO)]),
      ]),
    ),
  },
  account: {
    id: '8448B78F-8F42-454E-8E2A-F8196B0419AF', name: ['Account', '客户'],
    xml: form(
      [cell('ownerid', LOOKUP)],
      tab('SUMMARY_TAB', 'tab-account', [
        section('ACCOUNT_INFORMATION', 'section-account', ['Account information', '客户信息'], [cell('name', TEXT), cell('telephone1', TEXT), cell('emailaddress1', EMAIL), cell('primarycontactid', LOOKUP)]),
        section('ADDRESS', 'section-address', ['Address', '地址'], [cell('address1_line1', TEXT), cell('address1_line2', TEXT), cell('address1_city', TEXT), cell('address1_stateorprovince', TEXT), cell('address1_postalcode', TEXT), cell('address1_country', TEXT)]),
      ]),
    ),
  },
  contact: {
    id: '1FED44D1-AE68-4A41-BD2B-F13ACAC4ACFA', name: ['Contact', '联系人'],
    xml: form(
      [cell('ownerid', LOOKUP)],
      tab('SUMMARY_TAB', 'tab-contact', [section('CONTACT_INFORMATION', 'section-contact', ['Contact information', '联系人信息'], [cell('firstname', TEXT), cell('lastname', TEXT), cell('jobtitle', TEXT), cell('parentcustomerid', LOOKUP), cell('emailaddress1', EMAIL), cell('telephone1', TEXT), cell('mobilephone', TEXT)])]),
    ),
  },
};

/** Quick create of an opportunity, to which this customer has added the switch and the products, and the product's handlers as its guide tells. */
export const quickCreateForms: Readonly<Record<string, ShippedForm>> = {
  opportunity: {
    id: 'E20D3B32-5A4E-4B7C-9A30-6F3D0C5C3C55', name: ['Quick create: opportunity', '快速创建：商机'],
    xml: `<form><tabs>${tab('tab_1', 'tab-quick', [section('details', 'section-quick', ['Details', '详细信息'], [cell('name', TEXT), cell('parentaccountid', LOOKUP), cell('parentcontactid', LOOKUP), cell('estimatedvalue', MONEY), cell('estimatedclosedate', DATE), cell('cosell_syncwithpartnercenter', YES_NO), cell('cosell_products', MEMO)])])}</tabs>
      <events><event name="onload"><Handlers><Handler functionName="CoSell.Form.onLoad" libraryName="cosell_/CoSell.js" enabled="true" passExecutionContext="true"/></Handlers></event><event name="onsave"><Handlers><Handler functionName="CoSell.Form.onSave" libraryName="cosell_/CoSell.js" enabled="true" passExecutionContext="true"/></Handlers></event></events>
      <formLibraries><Library name="cosell_/CoSell.js"/></formLibraries></form>`,
  },
};
