// The dialog before what cannot be taken back.
import { columns } from '../columns';
import { attempt } from '../guarded';
import { userLanguage, word } from '../words';
import { columnOn } from './formColumns';
import { saveOption } from './saveModes';
import { recordIdOf, type Session } from './session';
import type { Question } from './stake';

/**
 * Asks, once at a time: a second click while the dialog is open asks nothing. Yes: saves again in the same mode; a mode that stands for another deed
 * (assign, deactivate) cannot be repeated from here, so it only saves. No, or no answer: the form stays as it is.
 * @param mode of the save that was stopped
 */
export function ask(session: Session, question: Question, mode: number): void {
  if (session.isAsking) return;
  session.isAsking = true;
  attempt('the question before sharing', async () => {
    const isYes = await answerTo(question).finally(() => (session.isAsking = false));
    if (recordIdOf(session.form) !== session.recordId) return; // the form went on to another record meanwhile
    if (!isYes) return stay(session, question);
    session.agreed = question.key;
    await session.form.data.entity.save(saveOption(mode) as Xrm.EntitySaveMode);
  });
}

async function answerTo({ title, texts, yes, no }: Question): Promise<boolean> {
  const say = (key: Question['title']): string => word(key, userLanguage());
  const { confirmed } = await Xrm.Navigation.openConfirmDialog({ title: say(title), text: texts.map(say).join('\n\n'), confirmButtonLabel: say(yes), cancelButtonLabel: say(no) });
  return confirmed;
}

/** "Go back" leaves everything to be edited; "Keep syncing" is an answer to the switch itself. */
function stay({ form }: Session, { key }: Question): void {
  if (key !== 'off') return;
  const column = columnOn(form, columns.sync);
  column?.setValue(true);
  column?.fireOnChange(); // setValue tells nobody (Learn, setValue), and an administrator's rules may go by the switch
}
