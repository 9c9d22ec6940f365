// What Microsoft sees stays seen: once the deal is visible, the column is shown and no longer asked (help and notes lock themselves in their control).
import { choiceToVisibility, columns } from '../columns';
import { readDetails } from '../details';
import { columnOn } from './formColumns';

/** Locks, and never unlocks: an administrator may have locked it too. */
export function lockVisibility(form: Xrm.FormContext): void {
  const visibility = columnOn(form, columns.visibility);
  if (!visibility || !isFixed(form, visibility)) return;
  visibility.controls.forEach((control) => (control as Xrm.Controls.StandardControl).setDisabled?.(true));
}

/** The service says what is fixed; without its word, a shared deal that was saved as visible is. */
function isFixed(form: Xrm.FormContext, visibility: Xrm.Attributes.Attribute): boolean {
  const details = columnOn(form, columns.details)?.getValue() as string | null | undefined;
  if (details) return readDetails(details).frozen.includes('visibility');
  const isShared = Boolean(columnOn(form, columns.identifier)?.getValue());
  return isShared && !visibility.getIsDirty() && choiceToVisibility(visibility.getValue()) === 'visible';
}
