// Rings the service, and says when it could not be reached.
import { choiceToStatus, columns } from '../columns';
import { pickedUp } from '../details';
import { attempt } from '../guarded';
import { ring } from '../record/record';
import { userLanguage, word } from '../words';
import { columnOn, showValue } from './formColumns';
import { recordIdOf, type Session } from './session';

const NOTIFICATION = 'cosell.bell';

/** Does not wait. Dataverse's own step rings too, later: an unheard bell delays and loses nothing. */
export function ringBell(session: Session, id: string): void {
  session.isPickedUp = false;
  attempt('the bell', async () => {
    const isHeard = await ring(id).then(() => true, () => false);
    if (recordIdOf(session.form) !== id) return;
    // Dataverse may give up on a bell only after the step has brought the ✔: then nobody waits any more.
    if (!isHeard) return void (session.stopFollowing && session.form.ui.setFormNotification(word('bell.missed', userLanguage()), 'WARNING', NOTIFICATION));
    clearBell(session);
    showPickedUp(session);
  });
}

/** The service was heard of again. */
export const clearBell = ({ form }: Session): void => void form.ui.clearFormNotification(NOTIFICATION);

/** The second of the four steps: the service has the bell. Only the form knows; the service writes its own progress once it lasts (contract). */
function showPickedUp(session: Session): void {
  session.isPickedUp = true;
  const { form } = session;
  const details = columnOn(form, columns.details);
  if (details && choiceToStatus(columnOn(form, columns.status)?.getValue()) === 'pending') showValue(details, pickedUp(details.getValue()));
}
