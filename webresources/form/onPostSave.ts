// After a save: the bell rings, and the form follows what comes of it.
import { choiceToStatus, columns } from '../columns';
import { attempt } from '../guarded';
import { isOffline } from '../record/record';
import { QUICK_CREATE } from './answers';
import { followRecord } from './followRecord';
import { columnOn } from './formColumns';
import { takeBackPending } from './pending';
import { ringBell } from './ringBell';
import { leavesRecord } from './saveModes';
import { plainId, recordIdOf, savedSession, type Saving, type Session } from './session';

/** PostSave comes after success and after a refusal by the server (Learn, PostSave event); after a cancelled save it does not come. */
export function onPostSave(context: Xrm.Events.PostSaveEventContext): void {
  const session = savedSession(context.getFormContext());
  const saving = session?.saving;
  if (!session || !saving) return;
  const result = context.getEventArgs();
  if (result.getIsSaveSuccess()) succeeded(session, saving, plainId(result.getEntityReference()?.id) || recordIdOf(session.form));
  else refused(session, saving);
}

function refused(session: Session, saving: Saving): void {
  session.saving = undefined;
  if (!saving.before || saving.isDone) return;
  takeBackPending(session.form, saving.before);
  if (choiceToStatus(saving.before.status) === 'pending' && session.recordId !== '') followRecord(session, 'settled');
}

function succeeded(session: Session, saving: Saving, id: string): void {
  const { form } = session;
  saving.isDone = true; // kept: of two saves that overlap, the second PostSave finds it too and rings once more
  session.saved = saving.answers;
  session.agreed = undefined;
  if (saving.before) columnOn(form, columns.status)?.setSubmitMode('never'); // only a marked save carries it
  columnOn(form, columns.choices)?.setSubmitMode('dirty');
  if (!saving.rings || id === '' || form.ui.getFormType() === QUICK_CREATE || isOffline()) return;
  ringBell(session, id);
  if (leavesRecord(saving.mode) || recordIdOf(form) !== id) return; // a new record's form loads again and follows then
  session.recordId = id;
  attempt('following the status', () => followRecord(session, saving.until));
}
