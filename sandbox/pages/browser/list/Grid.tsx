// Opportunity list: the grid itself. A column with an icon function shows what that function of the package answers.
import type { TableModel } from '../../dynamics/tableModel';
import type { ViewColumn, ViewModel } from '../../shipped/viewModel';
import { formAddress } from '../form/openForm';
import type { GridRow } from './readView';
import { IconCell } from './IconCell';

export function Grid({ view, table, rows }: { readonly view: ViewModel; readonly table: TableModel; readonly rows: readonly GridRow[] }): JSX.Element {
  const columns = view.columns.filter(({ isHidden }) => !isHidden);
  return (
    <table className="grid">
      <caption className="hidden">{view.name}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.name} scope="col" className={classOf(column, table)} style={{ width: widthOf(column, table, columns) }}>
              {column.icon ? <span className="hidden">{table.columns[column.name]?.label}</span> : table.columns[column.name]?.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.id} data-row={row.id}>
            {columns.map((column) => (
              <td key={column.name} className={classOf(column, table)} title={isText(column, table) ? row.text[column.name] : undefined}>
                <CellContent column={column} view={view} row={row} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CellContent({ column, view, row }: { readonly column: ViewColumn; readonly view: ViewModel; readonly row: GridRow }): JSX.Element {
  const text = row.text[column.name] ?? '';
  if (column.icon) return <IconCell icon={column.icon} data={row.data} text={text} />;
  if (column.name === view.jump) return <a href={formAddress(view.table, row.id)}>{text || '---'}</a>;
  return <>{text}</>;
}

/** Text gives way to amounts and dates, in the shares of the view; what does not fit ends in an ellipsis, as in the platform's grid. */
function widthOf(column: ViewColumn, table: TableModel, all: readonly ViewColumn[]): number | string | undefined {
  if (column.icon) return column.width;
  return isText(column, table) ? `${Math.round((100 * column.width) / all.reduce((sum, { width }) => sum + width, 0))}%` : undefined;
}

const isText = (column: ViewColumn, table: TableModel): boolean => !column.icon && !/^(money|date|datetime|integer|decimal|double)$/.test(table.columns[column.name]?.type ?? 'string');

function classOf(column: ViewColumn, table: TableModel): string | undefined {
  if (column.icon) return 'icon-cell';
  return table.columns[column.name]?.type === 'money' ? 'number-cell' : isText(column, table) ? 'text-cell' : undefined;
}
