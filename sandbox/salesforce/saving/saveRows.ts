// Creates and updates, up to 200 at a time: settle, the customer's trigger, ours, the org's checks, store, and then the after triggers and flows.
import { numberedId } from '../ids';
import type { Org } from '../org';
import { isDeletedProblem, notFound, Problem, rowProblem } from '../problem';
import { isDeleted, type Row } from '../rowStore';
import type { Cell, Cells, SObject } from '../schema/field';
import { afterOperation, beforeSave } from '../trigger/packageTrigger';
import { checkDuplicates, checkRow } from './checkRow';
import { settleRow } from './settleRow';
import { noteWrite, type Circumstances } from './noteWrite';
import { followRoles } from './roles';

export interface Change {
  /** A new record when left out. */
  readonly id?: string;
  readonly cells: Cells;
}

export type Saved = { readonly type: 'saved'; readonly row: Row; readonly before: Row | undefined } | { readonly type: 'refused'; readonly problem: Problem };

/** Saves each record by itself; what is refused leaves nothing behind. The triggers see those together that went well. */
export function saveRows(org: Org, object: SObject, changes: readonly Change[], by: Circumstances): readonly Saved[] {
  return org.store.transaction(() => {
    const saved = changes.map((change): Saved => attempt(() => org.store.transaction(() => saveOne(org, object, change, by))));
    const done = saved.flatMap((one) => (one.type === 'saved' ? [{ before: one.before, after: one.row }] : []));
    afterOperation(org, by.caller, object, 'after insert', done.filter(({ before }) => before === undefined));
    afterOperation(org, by.caller, object, 'after update', done.filter(({ before }) => before !== undefined));
    org.automation.afterSave(object, saved, by);
    return saved.map((one) => (one.type === 'saved' ? { ...one, row: org.store.get(object.name, one.row.id) ?? one.row } : one));
  });
}

/** One record. @throws Problem when it is refused. */
export function saveRow(org: Org, object: SObject, change: Change, by: Circumstances): Row {
  const [one] = saveRows(org, object, [change], by);
  if (one?.type === 'saved') return one.row;
  throw one?.problem ?? notFound();
}

function attempt(run: () => Saved): Saved {
  try {
    return run();
  } catch (error) {
    if (error instanceof Problem) return { type: 'refused', problem: error };
    throw error;
  }
}

function saveOne(org: Org, object: SObject, change: Change, by: Circumstances): Saved {
  const before = change.id === undefined ? undefined : existing(org, object, change.id);
  if (before) by.expect?.(before);
  // A converted lead takes no more changes (Object Reference, Lead).
  if (object.name === 'Lead' && before?.cells.IsConverted === true) throw rowProblem('CANNOT_UPDATE_CONVERTED_LEAD', 'cannot reference converted lead');
  if (by.origin === 'request' || by.origin === 'person') org.refusals.check({ object: object.name, fields: Object.keys(change.cells), byRequest: by.origin === 'request' });
  const cells: Record<string, Cell> = settleRow(org, { object, before, given: change.cells, caller: by.caller });
  org.automation.beforeSave(object, cells);
  beforeSave(org, by.caller, object, before, cells);
  checkRow(org, object, change.id, before, cells);
  if (!before) checkDuplicates(org, object, cells, by.allowDuplicates === true);
  const row = org.store.put(object.name, change.id ?? numberedId(object.keyPrefix, org.store.nextNumber()), cells);
  noteWrite(org, before ? 'Update' : 'Create', before, row, Object.keys(change.cells), by);
  followRoles(org, object, row, change.cells, by);
  return { type: 'saved', row, before };
}

/** @throws Problem 404: no such record, or in the recycle bin. */
export function existing(org: Org, object: SObject, id: string): Row {
  const row = org.store.get(object.name, id);
  if (!row) throw notFound();
  if (isDeleted(row)) throw isDeletedProblem();
  return row;
}
