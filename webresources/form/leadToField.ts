// A reason is a door: from the status to the very field, on this form or on the customer's.
import { fieldPlaces, type FieldPlace } from '../atBuild/fieldPlaces';
import { columns } from '../columns';
import { attempt } from '../guarded';
import { isOffline } from '../record/record';
import { followRecord } from './followRecord';
import { columnOn } from './formColumns';
import { ringBell } from './ringBell';
import { recordIdOf, type Session } from './session';

/** Of a control that declares events (Learn, addEventHandler); older clients lack it. */
interface Eventful {
  addEventHandler?(name: string, handle: (...given: readonly unknown[]) => void): void;
}

const heard = new WeakSet<object>();

/** Hears the status control's `onGoTo`, once for each control: no way is documented to take such a handler away. */
export function listenToGoTo(session: Session): void {
  columnOn(session.form, columns.status)?.controls.forEach((control) => {
    if (heard.has(control)) return;
    heard.add(control);
    (control as Eventful).addEventHandler?.('onGoTo', (...given) => attempt('the way to a field', () => leadTo(session, given)));
  });
}

/** @param given what the event brings: the documents show both a payload and the execution context as first argument */
export async function leadTo(session: Session, given: readonly unknown[]): Promise<void> {
  const field = given.map(fieldIn).find((each) => each !== undefined);
  const place = field === undefined ? undefined : placeOf(field);
  if (!place) return;
  const record = place.opens ? recordBehind(session.form, place) : undefined;
  if (record) await openBeside(session, record);
  else focus(session.form, place);
}

function fieldIn(given: unknown): string | undefined {
  const field = typeof given === 'object' && given !== null && 'field' in given ? given.field : given;
  return typeof field === 'string' && placeOf(field) ? field : undefined;
}

/** A customer's own column is its own place. */
function placeOf(field: string): FieldPlace | undefined {
  if (field.startsWith('custom:')) return { columns: [field.slice('custom:'.length)] };
  return Object.prototype.hasOwnProperty.call(fieldPlaces, field) ? fieldPlaces[field] : undefined;
}

function recordBehind(form: Xrm.FormContext, { columns: lookups, opens }: FieldPlace): Xrm.LookupValue | undefined {
  return lookups.flatMap((name) => (columnOn(form, name)?.getValue() as Xrm.LookupValue[] | null) ?? []).find((each) => each.entityType === opens);
}

/** In a dialog, so that unsaved changes here stay; when it closes, the service looks again and the form follows. */
async function openBeside(session: Session, { entityType, id }: Xrm.LookupValue): Promise<void> {
  if (session.isOpening) return;
  session.isOpening = true;
  await Promise.resolve(Xrm.Navigation.navigateTo(
    { pageType: 'entityrecord', entityName: entityType, entityId: id },
    { target: 2, position: 1, width: { value: 80, unit: '%' }, height: { value: 85, unit: '%' } },
  )).finally(() => (session.isOpening = false));
  if (session.recordId === '' || recordIdOf(session.form) !== session.recordId || isOffline()) return;
  ringBell(session, session.recordId);
  followRecord(session, 'changed');
}

/** Opens the tab that hides the column, then goes there. */
function focus(form: Xrm.FormContext, place: FieldPlace): void {
  const control = place.columns.flatMap((name) => columnOn(form, name)?.controls.get() ?? []).find((each) => isFocusable(each));
  if (!control) return;
  const tab = (control.getParent() as Xrm.Controls.Section | null)?.getParent();
  if (tab && tab.getDisplayState() !== 'expanded') tab.setFocus();
  (control as Xrm.Controls.StandardControl).setFocus();
}

const isFocusable = (control: Xrm.Controls.Control): boolean => typeof (control as Partial<Xrm.Controls.StandardControl>).setFocus === 'function';
