// What rings: the fields whose change the triggers tell the service, taken from the field mapping, as records of custom metadata.

/** As much of `mapping/salesforce.json` as decides what rings. */
export interface RingingMapping {
  readonly tables: Readonly<Record<string, RingingTable>>;
}

interface RingingTable {
  readonly set: string;
  readonly id: string;
  readonly parties: Readonly<Record<string, { readonly table: string; readonly through: readonly { readonly lookup: string; readonly attribute?: string; readonly child?: string; readonly only?: string }[] }>>;
  readonly rows: readonly { readonly party?: string; readonly columns: Readonly<Record<string, string>> }[];
}

export interface SharedField {
  readonly object: string;
  readonly field: string;
}

/** What a seller asks for, beside what is mapped (contract, "Steps"). A lead has no conflicts. */
const asked: Readonly<Record<string, readonly string[]>> = {
  Opportunity: ['Sync_with_Partner_Center__c', 'Conflict_Choices__c', 'Requested_Action__c', 'Requested_Reason__c'],
  Lead: ['Sync_with_Partner_Center__c', 'Requested_Action__c', 'Requested_Reason__c'],
};

/** Objects beside the deal whose saves a trigger sees. Users are not among them: a seller's own name seldom changes, and reconcile finds it. */
const watched = ['Account', 'Contact'];

/** Every shared field once, sorted by object and field. */
export function sharedFields({ tables }: RingingMapping): SharedField[] {
  const all = Object.values(tables).flatMap((table) => [...own(table), ...lookups(table), ...(asked[table.set] ?? []).map(on(table.set)), ...beside(table)]);
  const once = new Map(all.map((each) => [`${each.object}.${each.field}`, each]));
  return [...once].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

const on = (object: string) => (field: string): SharedField => ({ object, field });

const own = (table: RingingTable): SharedField[] =>
  table.rows.filter((row) => row.party === undefined).flatMap((row) => Object.values(row.columns)).filter((field) => field !== table.id).map(on(table.set));

/** Lookups to the parties, on the deal itself or on the records between. */
const lookups = (table: RingingTable): SharedField[] =>
  Object.values(table.parties).flatMap((party) => party.through.flatMap(({ lookup, attribute, child, only }) => (child ? [lookup, ...(only ? [only] : [])].map(on(child)) : [on(table.set)(attribute ?? lookup)])));

const beside = (table: RingingTable): SharedField[] =>
  table.rows.flatMap((row) => {
    const object = row.party === undefined ? undefined : table.parties[row.party]?.table;
    return object !== undefined && watched.includes(object) ? Object.values(row.columns).map(on(object)) : [];
  });

/** Path and text of the record of a shared field, in the source format. */
export function sharedFieldRecord({ object, field }: SharedField): readonly [string, string] {
  const plain = field.replace(/__c$/, '');
  const value = (name: string, text: string) => `    <values>\n        <field>${name}</field>\n        <value xsi:type="xsd:string">${text}</value>\n    </values>\n`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<CustomMetadata xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
    <label>${object}: ${plain}</label>
    <protected>false</protected>
${value('Field__c', field)}${value('Object__c', object)}</CustomMetadata>
`;
  return [`${sharedFieldFolder}Cosell_Shared_Field.${object}_${plain}.md-meta.xml`, text];
}

export const sharedFieldFolder = 'force-app/main/default/customMetadata/';
