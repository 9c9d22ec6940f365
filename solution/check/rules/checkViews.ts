// Checker: a view shows only what it fetches, and fetches only what there is.
import { allNamed, type ReadElement } from '../../xml/readXml';
import type { Finding } from '../finding';
import { rootsBelow, type Sources } from '../sources';
import { tableOf, tablesOf } from '../tables';

export function checkViews(sources: Sources): Finding[] {
  const tables = tablesOf(sources);
  return rootsBelow(sources, 'Entities/').filter(([path]) => path.includes('/SavedQueries/')).flatMap(([file, root]) => view(file, root, tables.get(tableOf(file)) ?? new Map()));
}

function view(file: string, root: ReadElement, columns: ReadonlyMap<string, unknown>): Finding[] {
  const fetched = new Set(allNamed(root, 'attribute').map((each) => each.attributes.name));
  const grid = allNamed(root, 'grid')[0];
  const named = [...allNamed(root, 'attribute').map((each) => [each, each.attributes.name] as const), ...[...allNamed(root, 'condition'), ...allNamed(root, 'order')].map((each) => [each, each.attributes.attribute] as const)];
  return [
    ...allNamed(root, 'cell').filter((cell) => !fetched.has(cell.attributes.name)).map((cell) => ({ file, line: cell.line, message: `The view shows ${cell.attributes.name} and does not fetch it, so the cell stays empty. Add <attribute name="${cell.attributes.name}" />.` })),
    ...named.filter(([, column]) => !columns.has(column ?? '')).map(([element, column]) => ({ file, line: element.line, message: `There is no column "${column}" on this table. Correct the name, or add the column to solution/model/columns.ts (a column of Dynamics 365 to solution/check/tables.ts).` })),
    ...(grid && !fetched.has(grid.attributes.jump) ? [{ file, line: grid.line, message: `The column that opens a record, ${grid.attributes.jump}, is not fetched.` }] : []),
  ];
}
