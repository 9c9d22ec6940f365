// Two accounts or contacts become one: what hung on the loser moves to the master, and the loser stays behind inactive, pointing at it.
import type { Environment } from './environment';
import { isReference, tableNamed, tables, type Cells } from './model';
import { rowMissing } from './problem';
import { wholeSeconds } from './readPayload';
import type { Row } from './rowStore';

/**
 * The Merge message (Learn, "Merge records"). Whether the rows that move reach steps of their own is not documented: they do not here, so nobody can rely on it.
 * @throws Problem when one of them is not there
 */
export function mergeRows(env: Environment, tableName: 'account' | 'contact', masterId: string, loserId: string, user: string): void {
  const { store } = env;
  const find = (id: string): Row => {
    const row = store.get(tableName, id);
    if (!row) throw rowMissing(tableName, id);
    return row;
  };
  const change = (row: Row, cells: Cells): void => {
    const stamped: Cells = { ...cells, modifiedon: wholeSeconds(env.now()), modifiedby: { table: 'systemuser', id: user } };
    const oldValues = Object.fromEntries(Object.keys(stamped).map((name) => [name, row.cells[name] ?? null]));
    store.put(row.table, row.id, { ...row.cells, ...stamped });
    store.note({ table: row.table, id: row.id, message: 'Update', user, origin: 'platform', columns: Object.keys(cells), at: new Date(env.now()).toISOString(), oldValues, newValues: stamped });
  };
  const [master, loser] = [find(masterId), find(loserId)];
  for (const table of tables.filter((each) => !each.platform)) {
    const lookups = [...table.columns.values()].filter((column) => column.navigations?.some((one) => one.table === tableName)).map((column) => column.name);
    for (const row of store.list(table.name)) {
      const moving = lookups.filter((name) => isReference(row.cells[name]) && row.cells[name].id === loserId);
      if (moving.length > 0) change(row, Object.fromEntries(moving.map((name) => [name, { table: tableName, id: master.id }])));
    }
  }
  const reason = tableNamed(tableName).columns.get('statuscode')?.choices?.find((one) => one.state === 1)?.value ?? 2;
  change(loser, { statecode: 1, statuscode: reason, merged: true, masterid: { table: tableName, id: master.id } });
}
