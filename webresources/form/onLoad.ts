// A form opens, or loads again: after its first save and by the Refresh button (Learn, Form OnLoad event, and powerapps-docs issue 2783).
import { choiceToStatus, columns } from '../columns';
import { attempt, guarded } from '../guarded';
import { isOffline } from '../record/record';
import { noteSaved } from './answers';
import { actionRequested } from './carryOutAction';
import { followRecord } from './followRecord';
import { columnOn } from './formColumns';
import { hideFromMany, isForMany } from './hideFromMany';
import { listenToReasons } from './listenToReasons';
import { lockStatus } from './lockStatus';
import { lockVisibility } from './lockVisibility';
import { onPostSave } from './onPostSave';
import { onPreStageChange } from './onPreStageChange';
import { onSave } from './onSave';
import { choicesMade } from './saveChoices';
import { openSession, sessionOf, type Session } from './session';

/** OnLoad. Each part by itself: what one form lacks must not take away the rest. */
export function onLoad(context: Xrm.Events.EventContext): void {
  const form = context.getFormContext();
  if (isForMany(form)) return hideFromMany(form);
  const session = openSession(form);
  lookAnew(session);
  attempt('the handlers of saves', () => listenToSaves(form));
  attempt('the handler of refreshes', () => listenToRefreshes(form));
  attempt('the handlers of stages', () => listenToStages(form));
  attempt('the handlers of columns', () => listenToColumns(form));
  attempt('the doors of reasons', () => listenToReasons(form));
  attempt('the lock of the status', () => lockStatus(form));
  attempt('the lock of the visibility', () => lockVisibility(form));
  attempt('following the status', () => followWhatIsPending(session));
}

// One function each for all forms, taken away and added again: added a second time, a handler would run twice.
const saving = guarded('onSave', onSave);
const saved = guarded('onPostSave', onPostSave);
const refreshed = guarded('the form’s data', dataLoaded);
const stageChanges = guarded('onPreStageChange', onPreStageChange);
const action = guarded('the requested action', actionRequested);
const choices = guarded('the conflict choices', choicesMade);

/** The form calls OnSave itself, but other handlers may fill a column after it: added here it runs once more, below those that the form declares (Learn, addOnSave). */
function listenToSaves({ data: { entity } }: Xrm.FormContext): void {
  entity.removeOnPostSave(saved);
  entity.addOnPostSave(saved);
  entity.removeOnSave(saving);
  entity.addOnSave(saving);
}

function listenToRefreshes({ data }: Xrm.FormContext): void {
  data.removeOnLoad(refreshed);
  data.addOnLoad(refreshed);
}

/** The form's data came anew from Dataverse, which may hold other answers by now (Learn, Form data OnLoad event). */
function dataLoaded(context: Xrm.Events.EventContext): void {
  const session = sessionOf(context.getFormContext());
  lookAnew(session);
  lockVisibility(session.form);
}

/** What stands on the form now was read from Dataverse, or is another new record: a yes was said to what stood there before. */
function lookAnew(session: Session): void {
  session.agreed = undefined;
  noteSaved(session);
}

function listenToStages({ data }: Xrm.FormContext): void {
  data.process?.removeOnPreStageChange(stageChanges);
  data.process?.addOnPreStageChange(stageChanges);
}

function listenToColumns(form: Xrm.FormContext): void {
  for (const [name, handle] of [[columns.requestedAction, action], [columns.choices, choices]] as const) {
    const column = columnOn(form, name);
    column?.removeOnChange(handle);
    column?.addOnChange(handle);
  }
}

function followWhatIsPending(session: Session): void {
  const status = choiceToStatus(columnOn(session.form, columns.status)?.getValue());
  if (status === 'pending' && session.recordId !== '' && !session.stopFollowing && !isOffline()) followRecord(session, 'settled');
}
