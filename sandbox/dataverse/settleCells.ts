// What the platform makes of the values it is given: defaults, names, currency and rounding, states, stamps.
import type { Environment } from './environment';
import type { Table } from './metadata/table';
import { isReference, type Cell, type Cells, type Reference } from './model';
import { Problem } from './problem';
import { wholeSeconds } from './readPayload';
import { businessUnitOf } from './access';
import { referenceId, type Row, type RowStore } from './rowStore';

export interface Settling {
  readonly table: Table;
  readonly before: Row | undefined;
  readonly given: Cells;
  readonly user: string;
  /** Win, Lose and QualifyLead may set the states that a plain write may not. */
  readonly mayClose: boolean;
}

/** The row's cells after the write. @throws Problem when the state change is not allowed. */
export function settleCells(env: Environment, settling: Settling): Cells {
  const { table, before, user } = settling;
  const given = { ...settling.given };
  if (env.nasty) tidyTexts(table, given);
  const cells: Record<string, Cell> = { ...(before?.cells ?? defaults(table, user)), ...given };
  settleState(settling, cells);
  settleOwner(env, table, before, cells);
  // A computed revenue is the platform's own: what a caller writes is dropped.
  if (cells.isrevenuesystemcalculated === true && 'estimatedvalue' in given) cells.estimatedvalue = before?.cells.estimatedvalue ?? null;
  settleMoney(env.store, table, cells);
  if (table.columns.has('fullname') && ('firstname' in given || 'lastname' in given)) cells.fullname = [cells.firstname, cells.lastname].filter((part) => typeof part === 'string' && part !== '').join(' ');
  return { ...cells, ...stamps(env, before, user) };
}

/**
 * The stand-in's nastiness on texts. A line break in a memo is kept as CR LF, as the platform's own editor leaves it; white space at the end of a
 * text is kept by Dataverse itself, so the one who trims here is a pre-operation plug-in of the customer.
 */
function tidyTexts(table: Table, given: Record<string, Cell>): void {
  for (const [name, cell] of Object.entries(given)) {
    const type = table.columns.get(name)?.type;
    if (table.platform || typeof cell !== 'string' || (type !== 'string' && type !== 'memo')) continue;
    const trimmed = cell.trimEnd();
    given[name] = type === 'memo' ? trimmed.replace(/\r?\n/g, '\r\n') : trimmed;
  }
}

function defaults(table: Table, user: string): Record<string, Cell> {
  const cells: Record<string, Cell> = {};
  for (const column of table.columns.values()) if (column.type === 'boolean') cells[column.name] = false;
  if (table.columns.has('ownerid')) cells.ownerid = { table: 'systemuser', id: user };
  if (table.columns.has('statecode')) Object.assign(cells, { statecode: 0, statuscode: defaultReason(table, 0) });
  return cells;
}

const defaultReason = (table: Table, state: number): number | null => table.columns.get('statuscode')?.choices?.find((one) => one.state === state)?.value ?? null;

/** Setting the state without a reason takes the state's default reason (Learn, specialized update operations). */
function settleState({ table, before, given, mayClose }: Settling, cells: Record<string, Cell>): void {
  if (!('statecode' in given) && !('statuscode' in given)) return;
  if (given.statecode === null || given.statuscode === null) throw invalidState(table, 'A state or status reason cannot be empty.');
  if ('statecode' in given && !('statuscode' in given) && given.statecode !== before?.cells.statecode) cells.statuscode = defaultReason(table, Number(given.statecode));
  const state = table.columns.get('statuscode')?.choices?.find((one) => one.value === cells.statuscode)?.state;
  if (state !== cells.statecode) throw invalidState(table, `${String(cells.statuscode)} is not a valid status code for state code ${String(cells.statecode)} on ${table.name}.`);
  if (mayClose || !closesByMessage(table, Number(cells.statecode))) return;
  // platform-facts.md section 6: open to won or lost only by Win and Lose, and won to lost only by way of open. Its text is not documented.
  if (before?.cells.statecode !== cells.statecode || 'statecode' in given) throw invalidState(table, `${table.name} cannot be set to state ${String(cells.statecode)} by an update. You have to use the messages for it.`);
}

const closesByMessage = (table: Table, state: number): boolean => (table.name === 'opportunity' && state !== 0) || (table.name === 'lead' && state === 1);

const invalidState = (_table: Table, message: string): Problem => new Problem(400, '0x80048408', message);

/** A row can only be given to somebody who may read its table; the refusal is about the new owner, not about the caller (inogic.com, "Principal user is missing prvReadAccount privilege"). */
function settleOwner({ store, access }: Environment, table: Table, before: Row | undefined, cells: Record<string, Cell>): void {
  if (!table.columns.has('ownerid')) return;
  const owner = cells.ownerid;
  if (!isReference(owner)) throw new Problem(400, '0x80040203', 'The owner of a row cannot be empty.');
  const isNew = owner.id !== referenceId(before?.cells.ownerid);
  if (isNew && !access.rights(owner.id, table).includes('ReadAccess')) {
    throw new Problem(403, '0x80040220', `Principal user (Id=${owner.id}, type=8) is missing prvRead${table.label.replaceAll(' ', '')} privilege on OTC=${table.code} for entity '${table.name}'.`);
  }
  const unit = businessUnitOf(store, owner.id);
  Object.assign(cells, { owninguser: owner, owningbusinessunit: unit === undefined ? null : { table: 'businessunit', id: unit } });
}

/** Money is rounded to its currency's decimals and kept a second time in the organisation's own currency. */
function settleMoney(store: RowStore, table: Table, cells: Record<string, Cell>): void {
  const columns = [...table.columns.values()].filter((column) => column.byCurrency);
  if (!table.columns.has('transactioncurrencyid') || columns.length === 0) return;
  const base = baseCurrency(store);
  const hasMoney = columns.some((column) => typeof cells[column.name] === 'number');
  if (!isReference(cells.transactioncurrencyid) && hasMoney && base) cells.transactioncurrencyid = base;
  const currency = store.get('transactioncurrency', referenceId(cells.transactioncurrencyid) ?? '');
  const rate = Number(currency?.cells.exchangerate ?? 1);
  if (currency) cells.exchangerate = rate;
  for (const column of columns) {
    const value = cells[column.name];
    if (typeof value !== 'number') {
      cells[`${column.name}_base`] = null;
      continue;
    }
    cells[column.name] = roundTo(value, decimalsOf(currency));
    cells[`${column.name}_base`] = roundTo(Number(cells[column.name]) / rate, decimalsOf(store.get('transactioncurrency', base?.id ?? '')));
  }
}

const decimalsOf = (currency: Row | undefined): number => Number(currency?.cells.currencyprecision ?? 2);

function baseCurrency(store: RowStore): Reference | undefined {
  const cell = store.list('organization')[0]?.cells.basecurrencyid;
  return isReference(cell) ? cell : undefined;
}

/** Half away from zero, on the decimal digits (1.005 to two decimals is 1.01). */
export function roundTo(value: number, decimals: number): number {
  const size = Math.abs(value);
  if (size < 1e-6) return 0;
  return Math.sign(value) * Number(`${Math.round(Number(`${size}e${decimals}`))}e-${decimals}`);
}

function stamps(env: Environment, before: Row | undefined, user: string): Cells {
  const now = wholeSeconds(env.now());
  const by: Reference = { table: 'systemuser', id: user };
  return before ? { modifiedon: now, modifiedby: by } : { createdon: now, createdby: by, modifiedon: now, modifiedby: by };
}
