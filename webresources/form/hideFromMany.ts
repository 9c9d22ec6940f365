// Many records changed at once: the platform calls no OnSave there and asks nobody (Learn, Events in forms and grids, "Bulk edit forms"), so nothing may be given away.
import { columns } from '../columns';
import { columnOn } from './formColumns';

/** The form's type when it stands for all the rows that were selected in a list (Learn, getFormType). */
const BULK_EDIT = 6;

export const isForMany = (form: Xrm.FormContext): boolean => form.ui.getFormType() === BULK_EDIT;

/** Takes away the three answers that share, open, or ask for help: each deal is shared on its own form, after its question. */
export function hideFromMany(form: Xrm.FormContext): void {
  for (const name of [columns.sync, columns.visibility, columns.help]) columnOn(form, name)?.controls.forEach((control) => (control as Xrm.Controls.StandardControl).setVisible(false));
}
