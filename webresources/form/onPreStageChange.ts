// A stage of the process saves the form, and a save that is stopped then ends in an error of the platform (Learn, preventDefault): stop the stage instead.
import { questionOn } from './answers';
import { ask } from './ask';
import { SAVE } from './saveModes';
import { sessionOf } from './session';

/** Asks like a save; after a yes the form is saved, and the stage is the seller's next click. */
export function onPreStageChange(context: Xrm.Events.StageChangeEventContext): void {
  const session = sessionOf(context.getFormContext());
  const question = questionOn(session);
  if (!question || question.key === session.agreed) return;
  context.getEventArgs().preventDefault();
  ask(session, question, SAVE);
}
