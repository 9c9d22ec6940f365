// The seller settled conflicts: the control wrote the choices into their column; they are saved with the form, and the save does the rest.
import { columns } from '../columns';
import { attempt } from '../guarded';
import { columnOn, isFromSeller } from './formColumns';
import { isNewRecord } from './answers';
import { sessionOf } from './session';

/** OnChange of *Conflict choices*. An emptied column is no choice; a value that came from the server is nobody's. */
export function choicesMade(context: Xrm.Events.EventContext): void {
  const { form } = sessionOf(context.getFormContext());
  const column = columnOn(form, columns.choices);
  if (!column || !column.getValue() || !isFromSeller(column) || isNewRecord(form)) return;
  column.setSubmitMode('always');
  attempt('saving the choices', async () => void (await form.data.entity.save()));
}
