// A seller's Dynamics 365: the list that a seller knows, in the XML of a view. This customer's admin has added the ✔ column to it, as the guide tells.

const labels = (en: string, zh: string): string => `<LocalizedNames><LocalizedName description="${en}" languagecode="1033"/><LocalizedName description="${zh}" languagecode="2052"/></LocalizedNames>`;
const attributes = (names: readonly string[]): string => names.map((name) => `<attribute name="${name}"/>`).join('');
const cells = (columns: readonly (readonly [string, number])[]): string => columns.map(([name, width]) => `<cell name="${name}" width="${width}"/>`).join('');
const mark = '<cell name="cosell_syncstatus" width="60" imageproviderfunctionname="CoSell.Grid.syncStatusIcon" imageproviderwebresource="$webresource:cosell_/CoSell.js"/>';

const COLUMNS = [['name', 300], ['parentaccountid', 200], ['estimatedvalue', 130], ['estimatedclosedate', 130], ['cosell_microsoftreferralstatus', 150], ['ownerid', 150]] as const;

/** `<savedquery>` elements by table; here one, "Open Opportunities". */
export const ownViews: Readonly<Record<string, readonly string[]>> = {
  opportunity: [
    `<savedquery><savedqueryid>{00000000-0000-0000-00aa-000010003006}</savedqueryid><querytype>0</querytype><isdefault>1</isdefault>
      <layoutxml><grid name="resultset" jump="name"><row name="result" id="opportunityid">${mark}${cells(COLUMNS)}<cell name="cosell_syncdetails" ishidden="1"/><cell name="cosell_lastsyncedon" ishidden="1"/></row></grid></layoutxml>
      <fetchxml><fetch version="1.0" mapping="logical"><entity name="opportunity">${attributes(['opportunityid', 'transactioncurrencyid', 'cosell_syncstatus', 'cosell_syncdetails', 'cosell_lastsyncedon', ...COLUMNS.map(([name]) => name)])}<order attribute="name" descending="false"/><filter type="and"><condition attribute="statecode" operator="eq" value="0"/></filter></entity></fetch></fetchxml>
      ${labels('Open opportunities', '未结束的商机')}</savedquery>`,
  ],
};
