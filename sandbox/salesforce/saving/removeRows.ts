// Delete, undelete and merge, with what they take along. Children that follow fire no triggers (Apex guide, "Operations That Don't Invoke Triggers").
import { toMoment, type Org } from '../org';
import { notFound, rowProblem } from '../problem';
import { isDeleted, type Row } from '../rowStore';
import type { Cells, SObject } from '../schema/field';
import { afterOperation } from '../trigger/packageTrigger';
import { checkRow } from './checkRow';
import { quietly, setContact } from './roles';
import { noteWrite, type Circumstances } from './noteWrite';
import { existing, saveRow } from './saveRows';

/** Not a field: which delete a row went with, so that an undelete brings the same ones back. */
const WENT_WITH = '$wentWith';

/** @throws Problem: not there, deleted already, or not to be deleted. */
export function deleteRow(org: Org, object: SObject, id: string, by: Circumstances): void {
  org.store.transaction(() => {
    const row = existing(org, object, id);
    by.expect?.(row);
    if (by.origin === 'request' || by.origin === 'person') org.refusals.check({ object: object.name, fields: [], byRequest: by.origin === 'request' });
    if (object.name === 'Account') refuseWonDeals(org, row);
    bury(org, object, row, row.id, by);
    afterOperation(org, by.caller, object, 'after delete', [{ before: row, after: undefined }]);
  });
}

/** An account with won opportunities stays (Salesforce Help, "Considerations for Deleting Accounts"). */
function refuseWonDeals(org: Org, account: Row): void {
  const won = org.store.list('Opportunity').find((row) => !isDeleted(row) && row.cells.AccountId === account.id && row.cells.IsWon === true);
  if (won) throw rowProblem('DELETE_FAILED', `Your attempt to delete ${String(account.cells.Name)} could not be completed because it is associated with the following opportunities.: ${String(won.cells.Name)}`);
}

function bury(org: Org, object: SObject, row: Row, wentWith: string, by: Circumstances, more: Cells = {}): void {
  const after = org.store.put(row.object, row.id, { ...row.cells, ...more, IsDeleted: true, SystemModstamp: toMoment(org.now()), [WENT_WITH]: wentWith });
  noteWrite(org, 'Delete', row, after, [], row.id === wentWith ? by : { ...by, origin: 'platform' });
  for (const child of object.children) {
    for (const one of org.store.list(child.object).filter((each) => !isDeleted(each) && each.cells[child.field] === row.id)) {
      if (child.cascades) bury(org, org.schema.object(child.object), one, wentWith, by);
      else quietly(org, one, { [child.field]: null }, by);
    }
  }
  if (row.object === 'OpportunityContactRole') setContact(org, String(row.cells.OpportunityId), by);
}

/** @throws Problem: not in the recycle bin, or a unique value has been taken meanwhile. */
export function undeleteRow(org: Org, object: SObject, id: string, by: Circumstances): Row {
  return org.store.transaction(() => {
    const row = org.store.get(object.name, id);
    if (!row || !isDeleted(row) || typeof row.cells.MasterRecordId === 'string') throw notFound();
    const together = org.schema.objects.flatMap((each) => org.store.list(each.name)).filter((each) => isDeleted(each) && each.cells[WENT_WITH] === id);
    for (const one of together) unearth(org, one, by, one.id === id ? by.origin : 'platform');
    const after = existing(org, object, id);
    checkRow(org, object, id, row, after.cells);
    afterOperation(org, by.caller, object, 'after undelete', [{ before: undefined, after }]);
    return after;
  });
}

function unearth(org: Org, row: Row, by: Circumstances, origin: Circumstances['origin']): void {
  const after = org.store.put(row.object, row.id, { ...row.cells, IsDeleted: false, SystemModstamp: toMoment(org.now()), [WENT_WITH]: null });
  noteWrite(org, 'Undelete', row, after, [], { ...by, origin });
}

/**
 * Merges accounts or contacts into one: their children move to it without any trigger, the losers are deleted and point to the master, then the master
 * itself is updated (Apex guide, "Triggers and Merge Statements").
 */
export function mergeRows(org: Org, object: SObject, masterId: string, loserIds: readonly string[], values: Cells, by: Circumstances): Row {
  return org.store.transaction(() => {
    existing(org, object, masterId);
    for (const id of loserIds) {
      const loser = existing(org, object, id);
      for (const child of object.children) for (const one of org.store.list(child.object)) if (one.cells[child.field] === id && !isDeleted(one)) quietly(org, one, { [child.field]: masterId }, by);
      bury(org, object, loser, id, by, { MasterRecordId: masterId });
      afterOperation(org, by.caller, object, 'after delete', [{ before: loser, after: undefined }]);
    }
    return saveRow(org, object, { id: masterId, cells: values }, by);
  });
}
