// Solution sources: a view, what it fetches and how its columns stand.
import type { ViewModel } from '../model/views';
import { handlers, scriptLibrary } from '../model/webResources';
import { el, texts, xsi, type Element } from '../xml/element';
import { descriptions, localizedNames } from './labels';
import { introduced } from './version';

const flag = (value: unknown): number => (value ? 1 : 0);
const isShared = (view: ViewModel): boolean => view.type === 2 || view.type === 64;

export const viewXml = (view: ViewModel, id: string): Element => el('savedqueries', xsi, [
  el('savedquery', {}, [
    ...texts({ IsCustomizable: 1, CanBeDeleted: flag(view.table === 'opportunity'), isquickfindquery: flag(view.searched), isprivate: 0, isdefault: flag(view.isDefault), savedqueryid: id }),
    el('layoutxml', {}, [layout(view)]),
    ...texts({ querytype: view.type }),
    el('fetchxml', {}, [fetchXml(view)]),
    ...texts({ IntroducedVersion: introduced }),
    localizedNames(view.label),
    ...(view.about ? [descriptions(view.about)] : []),
  ]),
]);

/** Names of grid and row as exports have them: the table's own for associated and lookup views. */
function layout(view: ViewModel): Element {
  const [grid, row] = isShared(view) ? [`${view.table}s`, view.table] : ['resultset', 'result'];
  const cells = view.cells.map((cell) => el('cell', {
    name: cell.column, width: cell.width, ishidden: cell.hidden ? 1 : undefined,
    imageproviderfunctionname: cell.icon ? handlers.icon : undefined, imageproviderwebresource: cell.icon ? `$webresource:${scriptLibrary}` : undefined,
  }));
  return el('grid', { name: grid, jump: view.jump, select: 1, icon: 1, preview: 1 }, [el('row', { name: row, id: view.rowId }, cells)]);
}

function fetchXml(view: ViewModel): Element {
  const fetched = [...new Set([view.rowId, ...view.cells.map((cell) => cell.column)])];
  return el('fetch', { version: '1.0', mapping: 'logical', 'output-format': 'xml-platform' }, [
    el('entity', { name: view.table }, [
      ...fetched.map((name) => el('attribute', { name })),
      ...(view.order ? [el('order', { attribute: view.order.column, descending: String(view.order.descending) })] : []),
      ...(view.conditions.length > 0 ? [el('filter', { type: view.anyOf ? 'or' : 'and' }, view.conditions.map(({ column, operator, value }) => el('condition', { attribute: column, operator, value })))] : []),
      ...(view.searched ? [el('filter', { type: 'or', isquickfindfields: 1 }, view.searched.map((column) => el('condition', { attribute: column, operator: 'like', value: '{0}' })))] : []),
    ]),
  ]);
}
