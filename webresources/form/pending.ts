// Pending in the same save: ✔ never stands beside a value that Microsoft does not have (contract, "one exception").
import { columns, statusToChoice } from '../columns';
import { isNewRecord } from './answers';
import { columnOn } from './formColumns';
import type { Saving } from './session';

type Before = NonNullable<Saving['before']>;

/**
 * Sets *Sync status* to Pending and has it sent, also when the form believes that Pending is what Dataverse holds: the ✔ may have come since.
 * @returns what stood there; `undefined` when the column is not on the form, or secured: it would fail the whole save (the step rings all the same)
 */
export function markPending(form: Xrm.FormContext): Before | undefined {
  const column = columnOn(form, columns.status);
  if (!column || !mayWrite(column, isNewRecord(form))) return undefined;
  const before: Before = { status: (column.getValue() as number | null) ?? null, submitMode: column.getSubmitMode() };
  column.setSubmitMode('always');
  column.setValue(statusToChoice('pending'));
  return before;
}

function mayWrite(column: Xrm.Attributes.Attribute, isNew: boolean): boolean {
  try {
    return column.getUserPrivilege()[isNew ? 'canCreate' : 'canUpdate'];
  } catch {
    return true;
  }
}

/** The save did not happen: what stood there is still true. */
export function takeBackPending(form: Xrm.FormContext, before: Before): void {
  const column = columnOn(form, columns.status);
  column?.setValue(before.status);
  column?.setSubmitMode(before.submitMode);
}
