// The status is the service's word. Our component only shows it; a plain control in its place, or in the header, would let a seller write a ✔ of their own.
import { columns } from '../columns';
import { columnOn } from './formColumns';

/** Locks the plain controls of *Sync status*. What may be a code component stays in use: locked, it would offer nothing to press. */
export function lockStatus(form: Xrm.FormContext): void {
  columnOn(form, columns.status)?.controls.forEach((control) => {
    if (control.getControlType() === 'optionset' && !hasEvents(control)) (control as Xrm.Controls.StandardControl).setDisabled(true);
  });
}

/** Only code components have events of their own (Learn, addEventHandler). */
const hasEvents = (control: object): boolean => typeof (control as { addEventHandler?: unknown }).addEventHandler === 'function';
