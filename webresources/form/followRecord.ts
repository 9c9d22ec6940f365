// What the service writes appears on the form by itself: our columns only, read over the Web API; nothing is saved.
import { writtenColumns } from '../atBuild/writtenColumns';
import { choiceToStatus, columns } from '../columns';
import { pickedUp } from '../details';
import { attempt } from '../guarded';
import { follow } from '../record/follow';
import { readRow, type Row } from '../record/record';
import { columnOn, isClean, isSame, isStale, showValue, travels } from './formColumns';
import { lockVisibility } from './lockVisibility';
import { clearBell } from './ringBell';
import { plainId, recordIdOf, stopFollowing, type Session, type Until } from './session';

/** Small enough to be read often; the audit follows when there is something new. */
const followed: readonly string[] = [
  columns.status, columns.details, columns.lastSyncedOn, columns.identifier, columns.link, columns.microsoftStatus, columns.microsoftCrmId, columns.choices, columns.requestedAction, columns.requestedReason,
];
/** Written by the seller too: what is being typed stays. */
const sellers: readonly string[] = [columns.choices, columns.requestedAction, columns.requestedReason];

/** Begins anew; a follow of the same record, by this or another form, ends. */
export function followRecord(session: Session, until: Until): void {
  stopFollowing(session);
  const id = session.recordId;
  const isOnPage = recordOfPage() === id;
  let isStopped = false;
  const isThere = (): boolean => !isStopped && isShown(session, id) && (!isOnPage || recordOfPage() === id);
  let end = (): void => undefined;
  // Before it begins: it may end at once, when the form shows another record by now.
  session.stopFollowing = () => {
    isStopped = true;
    end();
  };
  end = follow({ isThere, look: () => look(session, id, until, isThere), ended: () => (session.stopFollowing = undefined) });
}

/** A form that was closed may still answer, or throw. */
function isShown({ form }: Session, id: string): boolean {
  try {
    return recordIdOf(form) === id;
  } catch {
    return false;
  }
}

/** The record that the page itself shows; a form in a dialog or a side pane is another. */
function recordOfPage(): string | undefined {
  try {
    const { input } = Xrm.Utility.getPageContext();
    return 'entityId' in input ? plainId(input.entityId) : undefined;
  } catch {
    return undefined;
  }
}

/** One look. A form that was left, or saved again, while the answer came is not touched. */
async function look(session: Session, id: string, until: Until, isThere: () => boolean): Promise<boolean> {
  const row = await readRow(id, followed);
  if (!isThere()) return true;
  const isSettled = isReached(session, row, until);
  show(session, row);
  if (!isSettled) return false;
  clearBell(session);
  attempt('what came with it', () => showRest(session, id, isThere));
  return true;
}

/** @returns whether there is nothing more to wait for */
function isReached({ form }: Session, row: Row, until: Until): boolean {
  const status = choiceToStatus(row[columns.status]);
  if (status === 'pending' || (row[columns.requestedAction] ?? null) !== null) return false;
  if (until === 'notShared') return status === 'notShared';
  if (until === 'settled') return true;
  return [columns.status, columns.details].some((name) => !isSame(columnOn(form, name)?.getValue(), row[name]));
}

function show({ form, isPickedUp }: Session, row: Row): void {
  const isPending = choiceToStatus(row[columns.status]) === 'pending';
  const details = isPending && isPickedUp ? pickedUp(row[columns.details]) : row[columns.details];
  for (const [name, value] of Object.entries({ ...row, [columns.details]: details })) {
    const column = columnOn(form, name);
    if (!sellers.includes(name) || !travels(column)) showValue(column, value);
  }
  lockVisibility(form);
}

/**
 * The history; and where Partner Center changed what the seller filled in, the form is read afresh, but only a clean one: a refresh throws away what is
 * unsaved. It fires no OnLoad of the form, OnChange for the columns that changed, and reads again what stood here unsubmitted.
 */
async function showRest({ form }: Session, id: string, isThere: () => boolean): Promise<void> {
  const row = await readRow(id, [columns.audit, ...writtenColumns]);
  if (!isThere()) return;
  showValue(columnOn(form, columns.audit), row[columns.audit]);
  if (isClean(form) && writtenColumns.some((name) => isStale(columnOn(form, name), row[name]))) await form.data.refresh(false);
}
