// Before a save: what cannot be taken back is asked first; then the deal is Pending in this very save.
import { sharedColumns } from '../atBuild/sharedColumns';
import { answersOn, isNewRecord, noteSaved, questionOn } from './answers';
import { ask } from './ask';
import { columnOn, travels } from './formColumns';
import { markPending, takeBackPending } from './pending';
import { AUTOSAVE } from './saveModes';
import { sessionOf, stopFollowing, type Session } from './session';
import { stakeOf } from './stake';

/**
 * OnSave. Stops the save at once when it raises a question that was not answered: `preventDefault` counts only while the handler runs, and a promise
 * would be waited for only where the app's setting for async handlers is on, for 10 s (Learn, Form OnSave event). An autosave is stopped without a word and
 * never carries an answer; the form stays dirty. Any other save asks, a save by leaving the form too. It runs twice in a save, and the second time finds what
 * the first has done.
 */
export function onSave(context: Xrm.Events.SaveEventContext): void {
  const how = context.getEventArgs();
  if (how.isDefaultPrevented?.()) return; // somebody else stops it: nothing to ask, nothing to mark
  const session = sessionOf(context.getFormContext());
  const mode = how.getSaveMode();
  const question = questionOn(session);
  if (question && (mode === AUTOSAVE || question.key !== session.agreed)) {
    how.preventDefault();
    if (mode !== AUTOSAVE && isComplete(session.form)) ask(session, question, mode);
    return;
  }
  prepare(session, mode);
}

/** A form that the platform would not save is not worth a question; asked, it points at what is missing (Learn, formContext.data.isValid). */
function isComplete({ data }: Xrm.FormContext): boolean {
  try {
    return data.isValid();
  } catch {
    return true;
  }
}

/** Remembers what travels with this save, and shows Pending when the service will have to look. */
function prepare(session: Session, mode: number): void {
  const { form } = session;
  const answers = answersOn(form);
  const { shared } = stakeOf(answers);
  const isSwitchedOff = stakeOf(noteSaved(session)).shared && !shared;
  // A save that was marked and then cancelled left its mark on the form: it travels with this one, so this one rings.
  const left = session.saving?.isDone ? undefined : session.saving?.before;
  const travelling = isNewRecord(form) || sharedColumns.some((name) => travels(columnOn(form, name)));
  const isMarked = shared && (travelling || left !== undefined);
  const rings = isMarked || isSwitchedOff;
  if (rings) stopFollowing(session); // a look under way would bring back the ✔ of the values before
  if (left) takeBackPending(form, left);
  const before = isMarked ? markPending(form) : undefined;
  // Without Pending in Dataverse, the ✔ of before would end the looking at once.
  session.saving = { mode, answers, rings, until: isSwitchedOff ? 'notShared' : before ? 'settled' : 'changed', ...(before ? { before } : {}) };
}
