// What a form is remembered by between its events: from OnLoad over OnSave to the look after the save.
import type { Answers } from './stake';

/** A save on its way, between OnSave and PostSave. */
export interface Saving {
  readonly mode: number;
  readonly answers: Answers;
  /** The service has to look. */
  readonly rings: boolean;
  /** Until when the record is followed afterwards. */
  readonly until: Until;
  /** The status that stood on the form before Pending was set, when it was. */
  readonly before?: { readonly status: number | null; readonly submitMode: Xrm.SubmitMode };
  /** PostSave came. Without it the save was cancelled, or is still under way. */
  isDone?: true;
}

/** `settled`: no longer Pending and no wish left; `notShared`: the service has seen that the flag is off; `changed`: anything is new. */
export type Until = 'settled' | 'notShared' | 'changed';

export interface Session {
  form: Xrm.FormContext;
  /** Lower case, without braces; empty until the record is saved. */
  recordId: string;
  /** The seller's answers as Dataverse holds them; unknown until the form was looked at. */
  saved?: Answers;
  /** Key of the question that the seller answered with yes, until that is saved. */
  agreed?: string;
  isAsking: boolean;
  saving?: Saving;
  /** The service answered the last bell. */
  isPickedUp: boolean;
  isOpening: boolean;
  stopFollowing?: () => void;
}

const KEPT = 10;
const sessions: Session[] = [];

/** At OnLoad: this form's session, a fresh one when the form turned to another record. */
export function openSession(form: Xrm.FormContext): Session {
  const found = sessions.find((each) => each.form === form);
  const id = recordIdOf(form);
  if (found && (found.recordId === id || found.recordId === '')) {
    found.recordId = id;
    return found;
  }
  if (found) close(found);
  const session: Session = { form, recordId: id, isAsking: false, isPickedUp: false, isOpening: false };
  sessions.unshift(session);
  sessions.slice(KEPT).forEach(close);
  return session;
}

/**
 * In any later event. Nobody promises that the platform hands out the same form context each time, so the record's id counts when the object is new;
 * else a yes would be forgotten between two events and the seller be asked for ever.
 */
export function sessionOf(form: Xrm.FormContext): Session {
  if (sessions.some((each) => each.form === form)) return openSession(form);
  const known = sessions.find((each) => each.recordId === recordIdOf(form));
  if (!known) return openSession(form);
  known.form = form;
  return known;
}

/** In PostSave: the session whose save it was, also when the form shows a new record by now (save and new). */
export const savedSession = (form: Xrm.FormContext): Session | undefined => sessions.find((each) => each.form === form) ?? sessions.find((each) => each.recordId === recordIdOf(form));

/** Ends every follow of this record, by whichever form: one is enough. */
export const stopFollowing = ({ recordId }: Session): void => sessions.filter((each) => each.recordId === recordId).forEach((each) => each.stopFollowing?.());

/** The record's id without braces; empty for a new record. */
export const recordIdOf = (form: Xrm.FormContext): string => plainId(form.data.entity.getId());

export const plainId = (id: string | null | undefined): string => (id ?? '').replace(/[{}]/g, '').toLowerCase();

function close(session: Session): void {
  session.stopFollowing?.();
  sessions.splice(sessions.indexOf(session), 1);
}
