// The seller's answers on the form, and what Microsoft has been given already.
import { choiceToStatus, columns } from '../columns';
import { readDetails } from '../details';
import { columnOn } from './formColumns';
import type { Session } from './session';
import { questionOf, type Answers, type Question, type Stake } from './stake';

/** The form's type when its record is new (Learn, getFormType). */
export const CREATE = 1;
/** Deprecated, but still what some clients say of a quick create form. */
export const QUICK_CREATE = 5;

export const isNewRecord = (form: Xrm.FormContext): boolean => [CREATE, QUICK_CREATE].includes(form.ui.getFormType());

/** What the form says now. */
export const answersOn = (form: Xrm.FormContext): Answers => ({ sync: syncOn(form), help: valueOn(form, columns.help), visibility: valueOn(form, columns.visibility) });

/** Takes up what Dataverse holds of the answers: a column without unsaved change shows it; of a changed one the last known value stays. */
export function noteSaved(session: Session): Answers {
  const { form } = session;
  const now = answersOn(form);
  const isChanged = (name: string): boolean => columnOn(form, name)?.getIsDirty() === true;
  // A changed switch was the opposite before.
  const known = session.saved ?? { sync: now.sync === false, help: null, visibility: null };
  session.saved = isNewRecord(form) ? nothingSaved : {
    sync: isChanged(columns.sync) ? known.sync : now.sync,
    help: isChanged(columns.help) ? known.help : now.help,
    visibility: isChanged(columns.visibility) ? known.visibility : now.visibility,
  };
  return session.saved;
}

const nothingSaved: Answers = { sync: null, help: null, visibility: null };

/** The question that a save of this form would raise now. */
export function questionOn(session: Session): Question | undefined {
  return questionOf(noteSaved(session), givenOn(session.form), answersOn(session.form));
}

/** The identifier says that Partner Center has the deal; Sync details, what of it is fixed by now. A deal that Microsoft sent it knows whole. */
function givenOn(form: Xrm.FormContext): Stake {
  const { frozen, incoming } = readDetails(columnOn(form, columns.details)?.getValue());
  const shared = Boolean(columnOn(form, columns.identifier)?.getValue());
  return { shared, visible: shared && (incoming || frozen.includes('visibility')), help: shared && (incoming || frozen.includes('help')) };
}

/** A form without the switch shows by the status whether the deal is being shared. */
function syncOn(form: Xrm.FormContext): boolean | null {
  const column = columnOn(form, columns.sync);
  if (column) return valueOn(form, columns.sync);
  const status = choiceToStatus(valueOn(form, columns.status));
  return status ? status !== 'notShared' : null;
}

const valueOn = <T>(form: Xrm.FormContext, name: string): T | null => (columnOn(form, name)?.getValue() as T | undefined) ?? null;
