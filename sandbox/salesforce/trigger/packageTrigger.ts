// Imitates the package's Apex triggers (contract, "Fields" and "Salesforce, fine print"): Pending before a save, bells after one. Apex cannot run here.
//
// A save is news when the record is new, deleted or undeleted, or when it changes a shared field; which fields those are and on which events a trigger
// runs is read from the package. Opportunity and Lead: before a save that is news, with the flag yes after it, Sync status becomes Pending; after it the
// record rings when the flag is yes or was. Account, Contact and the primary contact role ring when a shared deal hangs on them, which the job finds
// out when it runs. A user with the custom permission Cosell_Integration is not heard at all. One chunk of up to 200 records makes one bell.
import type { Caller } from '../access';
import type { Org } from '../org';
import { isDeleted, type Row, type RowStore } from '../rowStore';
import type { Cell, Cells, SObject } from '../schema/field';
import type { Schema } from '../schema/schema';
import type { TriggerEvent } from '../schema/readTriggers';

const FLAG = 'Sync_with_Partner_Center__c';
const STATUS = 'Sync_Status__c';
const CHUNK = 200;
/** Bells of one transaction, after which the package stays silent to spare the org's queue. */
const MOST_BELLS = 10;

export interface Fired {
  readonly before: Row | undefined;
  readonly after: Row | undefined;
}

/** The before-save trigger: changes the cells that are about to be written. */
export function beforeSave(org: Org, caller: Caller, object: SObject, before: Row | undefined, cells: Record<string, Cell>): void {
  const [flag, status] = [org.schema.packaged(FLAG), org.schema.packaged(STATUS)];
  if (caller.hasIntegrationPermission || !isDeal(object.name) || !org.triggers.runs(object.name, before ? 'before update' : 'before insert')) return;
  if (cells[flag] === true && isNews(org, object, before?.cells, cells)) cells[status] = 'Pending';
}

/** The after triggers of one operation: rings once for each chunk of 200, when what was written is safe. */
export function afterOperation(org: Org, caller: Caller, object: SObject, event: TriggerEvent, fired: readonly Fired[]): void {
  if (caller.hasIntegrationPermission || !org.triggers.runs(object.name, event)) return;
  let bells = 0;
  for (let from = 0; from < fired.length && bells < MOST_BELLS; from += CHUNK) {
    const ids = [...new Set(fired.slice(from, from + CHUNK).flatMap((one) => rings(org, object, event, one)))];
    if (ids.length === 0) continue;
    bells += 1;
    org.bells.ring(ids, !isDeal(object.name));
  }
}

function rings(org: Org, object: SObject, event: TriggerEvent, { before, after }: Fired): readonly string[] {
  const row = after ?? before;
  const isChange = event === 'after update';
  if (!row || !isNews(org, object, isChange ? before?.cells : undefined, row.cells)) return [];
  if (object.name === 'OpportunityContactRole') return row.cells.IsPrimary === true || (isChange && before?.cells.IsPrimary === true) ? [String(row.cells.OpportunityId)] : [];
  if (!isDeal(object.name)) return [row.id];
  const flag = org.schema.packaged(FLAG);
  return row.cells[flag] === true || (isChange && before?.cells[flag] === true) ? [row.id] : [];
}

const isDeal = (object: string): boolean => object === 'Opportunity' || object === 'Lead';

function isNews(org: Org, object: SObject, before: Cells | undefined, after: Cells): boolean {
  if (before === undefined) return true;
  return org.triggers.sharedFields(object.name).map(org.schema.packaged).some((name) => object.fields.has(name) && (before[name] ?? null) !== (after[name] ?? null));
}

/** Those of the given opportunities, accounts and contacts that are, or stand beside, an opportunity whose flag is yes. */
export function sharedAmong(store: RowStore, schema: Schema, ids: readonly string[]): readonly string[] {
  const deals = store.list('Opportunity').filter((row) => !isDeleted(row) && row.cells[schema.packaged(FLAG)] === true);
  const primary = store.list('OpportunityContactRole').filter((row) => !isDeleted(row) && row.cells.IsPrimary === true && deals.some((deal) => deal.id === row.cells.OpportunityId));
  const found = new Set<unknown>([...deals.flatMap((deal) => [deal.id, deal.cells.AccountId]), ...primary.map((role) => role.cells.ContactId)]);
  return ids.filter((id) => found.has(id));
}
