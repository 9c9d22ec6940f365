// What a customer installs, read back: a view as a list shows it, and the question it asks the Web API.
import { bare } from './formModel';
import { labelIn, labelsOf } from './labels';
import { allBelow, below, childOf, childrenOf, textOf, type Element } from './xml';

export interface ViewModel {
  readonly id: string;
  readonly name: string;
  readonly table: string;
  readonly isDefault: boolean;
  /** The column that opens the record. */
  readonly jump: string;
  readonly columns: readonly ViewColumn[];
  /** `$select=...&$filter=...&$orderby=...` for the Web API. */
  readonly query: string;
}

export interface ViewColumn {
  readonly name: string;
  /** Pixels. */
  readonly width: number;
  /** Fetched for scripts, not shown. */
  readonly isHidden: boolean;
  readonly icon?: { readonly library: string; readonly functionName: string };
}

type TypeOf = (column: string) => string | undefined;

/** 0 a list that people choose, other types are lookups, quick find and the like (savedquery.querytype). */
const PUBLIC_LIST = '0';

export function readViews(savedqueries: readonly Element[], table: string, typeOf: TypeOf, language: number): readonly ViewModel[] {
  return savedqueries
    .filter((query) => textOf(query, 'querytype') === PUBLIC_LIST)
    .map((query) => ({
      id: bare(textOf(query, 'savedqueryid')).toLowerCase(), name: labelIn(labelsOf(childOf(query, 'LocalizedNames'), 'LocalizedName'), language), table, isDefault: textOf(query, 'isdefault') === '1',
      jump: below(query, 'layoutxml', 'grid')?.attributes.jump ?? '',
      columns: childrenOf(below(query, 'layoutxml', 'grid', 'row'), 'cell').map(readColumn),
      query: fetchToQuery(below(query, 'fetchxml', 'fetch'), typeOf),
    }));
}

function readColumn({ attributes }: Element): ViewColumn {
  const library = attributes.imageproviderwebresource?.replace(/^\$webresource:/, '');
  const functionName = attributes.imageproviderfunctionname;
  return { name: attributes.name ?? '', width: Number(attributes.width ?? 100), isHidden: attributes.ishidden === '1', ...(library && functionName ? { icon: { library, functionName } } : {}) };
}

/**
 * Asks by OData what a view asks by FetchXML; the part of it that views of this product use.
 * @throws Error for anything else, so that a view is never shown with rows that it does not ask for
 */
export function fetchToQuery(fetch: Element | undefined, typeOf: TypeOf): string {
  const entity = childOf(fetch, 'entity');
  if (!entity) throw new Error('The view has no fetchxml.');
  const foreign = entity.children.find(({ name }) => !['attribute', 'order', 'filter'].includes(name));
  if (foreign) throw new Error(`The view’s fetchxml has <${foreign.name}>, which the try-out cannot ask yet.`);
  const property = (column: string): string => (typeOf(column) === 'lookup' ? `_${column}_value` : column);
  const filter = childrenOf(entity, 'filter').map((each) => toFilter(each, property, typeOf)).filter((each) => each !== '').join(' and ');
  const order = childrenOf(entity, 'order').map(({ attributes }) => `${property(attributes.attribute ?? '')}${attributes.descending === 'true' ? ' desc' : ''}`).join(',');
  const options = { $select: childrenOf(entity, 'attribute').map(({ attributes }) => property(attributes.name ?? '')).join(','), $filter: filter, $orderby: order };
  return Object.entries(options).filter(([, value]) => value !== '').map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

function toFilter(filter: Element, property: (column: string) => string, typeOf: TypeOf): string {
  const parts = filter.children.map((each) => (each.name === 'filter' ? `(${toFilter(each, property, typeOf)})` : toCondition(each, property, typeOf)));
  return parts.join(filter.attributes.type === 'or' ? ' or ' : ' and ');
}

function toCondition({ name, attributes, children }: Element, property: (column: string) => string, typeOf: TypeOf): string {
  const { operator, value = '' } = attributes;
  const column = property(attributes.attribute ?? '');
  if (name !== 'condition' || children.length > 0) throw new Error(`The view’s fetchxml has a <${name}> with values inside, which the try-out cannot ask yet.`);
  if (operator === 'null' || operator === 'not-null') return `${column} ${operator === 'null' ? 'eq' : 'ne'} null`;
  // "Equal to me" is the seller that the pages sign in as; the server puts the id in.
  if (operator === 'eq-userid') return `${column} eq {userid}`;
  const word = ({ eq: 'eq', ne: 'ne', gt: 'gt', ge: 'ge', lt: 'lt', le: 'le' } as Readonly<Record<string, string>>)[operator ?? ''];
  if (!word) throw new Error(`The view’s fetchxml compares by "${operator}", which the try-out cannot ask yet.`);
  return `${column} ${word} ${literal(typeOf(attributes.attribute ?? ''), value)}`;
}

/** FetchXML writes yes as 1; OData wants true. */
function literal(type: string | undefined, value: string): string {
  if (type === 'boolean') return value === '1' || value === 'true' ? 'true' : 'false';
  return /^-?\d+(\.\d+)?$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`;
}

export const savedQueriesOf = (entity: Element): readonly Element[] => allBelow(childOf(entity, 'SavedQueries') ?? entity, 'savedquery');
