// Sync now, Accept, Decline: the control writes the wish into its column; here it is carried to Dataverse at once, without saving the form.
import { columns } from '../columns';
import { attempt } from '../guarded';
import { isOffline, writeRow } from '../record/record';
import { followRecord } from './followRecord';
import { columnOn, isFromSeller } from './formColumns';
import { ringBell } from './ringBell';
import { recordIdOf, sessionOf, stopFollowing, type Session } from './session';

/**
 * OnChange of *Requested action*. It also fires when the form reads a changed value from the server (Learn, Column OnChange event): that is nobody's wish.
 * Without a record or a network the wish stays on the form and goes with the next save.
 */
export function actionRequested(context: Xrm.Events.EventContext): void {
  const session = sessionOf(context.getFormContext());
  const action = columnOn(session.form, columns.requestedAction);
  if (!action || action.getValue() === null || !isFromSeller(action) || session.recordId === '' || isOffline()) return;
  // At once, before an autosave could take it along.
  for (const column of wishes(session)) column.setSubmitMode('never');
  stopFollowing(session); // a look under way knows a row without the wish
  const value: unknown = action.getValue();
  attempt('the requested action', () => carryOut(session, value));
}

async function carryOut(session: Session, action: unknown): Promise<void> {
  const id = session.recordId;
  await nextTurn(); // a control hands over its columns one after the other, and the reason may be the later one
  const reason = columnOn(session.form, columns.requestedReason);
  try {
    await writeRow(id, { [columns.requestedAction]: action, ...(reason ? { [columns.requestedReason]: reason.getValue() ?? null } : {}) });
  } catch (error) {
    // A wish is not lost: it now goes with the next save.
    for (const column of wishes(session)) column.setSubmitMode('dirty');
    followRecord(session, 'settled');
    throw error;
  }
  if (recordIdOf(session.form) !== id) return;
  for (const column of wishes(session)) {
    column.setValue(null);
    column.setSubmitMode('dirty');
  }
  ringBell(session, id);
  followRecord(session, 'settled');
}

const wishes = ({ form }: Session): readonly Xrm.Attributes.Attribute[] =>
  [columns.requestedAction, columns.requestedReason].map((name) => columnOn(form, name)).filter((each): each is Xrm.Attributes.Attribute => each !== null);

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
