// A field that is fixed once shared was changed: its shared value goes back onto the form.
import { columns, wordToColumn } from '../columns';
import { readDetails } from '../details';
import { columnOn } from './formColumns';
import { fieldIn, leadTo, placeOf } from './leadToField';
import type { Session } from './session';

/** The form's type when its record can be changed (Learn, getFormType). */
const UPDATE = 2;

/**
 * Puts the value that Microsoft has into its column; the seller saves. Where that cannot be done here (the column or the value is not at hand, or nothing of
 * this record can be changed), it leads to the field.
 */
export async function putBack(session: Session, given: readonly unknown[]): Promise<void> {
  const { form } = session;
  const field = fieldIn(given);
  const column = field === undefined ? null : columnOn(form, placeOf(field)?.columns[0] ?? '');
  const value = field === undefined ? undefined : sharedValue(form, field);
  if (!column || value === undefined || form.ui.getFormType() !== UPDATE) return leadTo(session, given);
  column.setValue(value as string);
  column.fireOnChange();
}

/** As Sync details tell it, as the column holds it. */
function sharedValue(form: Xrm.FormContext, field: string): string | number | null | undefined {
  const { reasons } = readDetails(columnOn(form, columns.details)?.getValue());
  const shared = reasons.find((each) => each.code === 'frozen-field-changed' && each.field === field)?.params?.shared;
  return typeof shared === 'string' ? wordToColumn(field, shared) : undefined;
}
