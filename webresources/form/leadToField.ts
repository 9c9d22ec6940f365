// A reason is a door: from the status to the very field, on this form or on the customer's.
import { fieldPlaces, type FieldPlace } from '../atBuild/fieldPlaces';
import { isOffline } from '../record/record';
import { followRecord } from './followRecord';
import { columnOn } from './formColumns';
import { ringBell } from './ringBell';
import { recordIdOf, type Session } from './session';

/** @param given what the event brings: the documents show both a payload and the execution context as first argument */
export async function leadTo(session: Session, given: readonly unknown[]): Promise<void> {
  const field = fieldIn(given);
  const place = field === undefined ? undefined : placeOf(field);
  if (!place) return;
  const record = place.opens ? recordBehind(session.form, place) : undefined;
  if (record) await openBeside(session, record);
  else focus(session.form, place);
}

/** The key of a field that there is, wherever in an event it stands. */
export const fieldIn = (given: readonly unknown[]): string | undefined => given.map(fieldOf).find((each) => each !== undefined);

function fieldOf(given: unknown): string | undefined {
  const field = typeof given === 'object' && given !== null && 'field' in given ? given.field : given;
  return typeof field === 'string' && placeOf(field) ? field : undefined;
}

/** A customer's own column is its own place. */
export function placeOf(field: string): FieldPlace | undefined {
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

/** Opens the tab that holds the column, then goes there. */
function focus(form: Xrm.FormContext, { columns: own, shownBy }: FieldPlace): void {
  const control = [...own, ...(shownBy ? [shownBy] : [])].flatMap((name) => columnOn(form, name)?.controls.get() ?? []).find((each) => isFocusable(each) && isShown(each));
  if (!control) return;
  const tab = tabOf(control);
  if (tab && tab.getDisplayState() !== 'expanded') tab.setFocus();
  (control as Xrm.Controls.StandardControl).setFocus();
}

const isFocusable = (control: Xrm.Controls.Control): boolean => typeof (control as Partial<Xrm.Controls.StandardControl>).setFocus === 'function';

/** A control says that it is visible also where its section or tab is not (Learn, getVisible). */
function isShown(control: Xrm.Controls.Control): boolean {
  const section = control.getParent() as Xrm.Controls.Section | null;
  return [control, section, tabOf(control)].every((each) => (each as Partial<Xrm.Controls.UiCanGetVisibleElement> | null)?.getVisible?.() !== false);
}

const tabOf = (control: Xrm.Controls.Control): Xrm.Controls.Tab | undefined => (control.getParent() as Xrm.Controls.Section | null)?.getParent();
