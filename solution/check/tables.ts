// Checker: which columns there are, of which kind: those that the sources make, and those of Dynamics 365 that forms and views of ours use.
import { allNamed, childOf, textOf, type ReadElement } from '../xml/readXml';
import { rootsBelow, type Sources } from './sources';

export type Kind = 'text' | 'url' | 'memo' | 'choice' | 'yesNo' | 'dateTime' | 'date' | 'money' | 'lookup' | 'whole' | 'key' | 'state';

/** Columns that Dynamics 365 Sales brings (Microsoft Learn, table references). Only those that we use. */
const platform: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  opportunity: {
    opportunityid: 'key', name: 'text', estimatedvalue: 'money', estimatedclosedate: 'date', parentaccountid: 'lookup', parentcontactid: 'lookup', ownerid: 'lookup', statecode: 'state',
  },
  lead: { leadid: 'key', ownerid: 'lookup', statecode: 'state' },
};

/** Kinds by column of each table, by logical name. */
export type Tables = ReadonlyMap<string, ReadonlyMap<string, Kind>>;

export function tablesOf(sources: Sources): Tables {
  const own = rootsBelow(sources, 'Entities/').filter(([path]) => path.endsWith('/Entity.xml'));
  return new Map(own.map(([path, root]) => {
    const table = tableOf(path);
    const columns = allNamed(root, 'attribute').map((attribute): [string, Kind] => [textOf(attribute, 'LogicalName'), kindOf(attribute)]);
    return [table, new Map<string, Kind>([...Object.entries(platform[table] ?? {}), ...columns])];
  }));
}

/** Logical name of the table whose folder a path stands in. */
export const tableOf = (path: string): string => /Entities\/([^/]+)\//.exec(path)?.[1]?.toLowerCase() ?? '';

export function kindOf(attribute: ReadElement): Kind {
  const [type, format] = [textOf(attribute, 'Type'), textOf(attribute, 'Format')];
  switch (type) {
    case 'nvarchar':
      return format === 'url' ? 'url' : 'text';
    case 'ntext':
      return 'memo';
    case 'picklist':
      return 'choice';
    case 'bit':
      return 'yesNo';
    case 'datetime':
      return format === 'date' ? 'date' : 'dateTime';
    case 'money':
      return 'money';
    case 'int':
      return 'whole';
    case 'primarykey':
      return 'key';
    case 'state':
    case 'status':
      return 'state';
    default:
      return 'lookup';
  }
}

/** The column's element in a table's file. */
export const attributeOf = (root: ReadElement | undefined, column: string): ReadElement | undefined => allNamed(root, 'attribute').find((each) => childOf(each, 'LogicalName')?.text === column);
