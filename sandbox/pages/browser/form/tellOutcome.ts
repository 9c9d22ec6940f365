// Opportunity form: what the platform itself says after a save that did not go through, at the fields and under the header.
import { say } from '../words';
import type { FormScreen } from './record/screen';
import type { FormSession, SaveOutcome } from './record/session';

const REQUIRED = 'platform:required';
const REFUSED = 'platform:refused';

export function tellOutcome(session: FormSession, screen: FormScreen, outcome: SaveOutcome): void {
  for (const control of screen.controls.values()) control.notifications.delete(REQUIRED);
  const before = screen.notifications.findIndex(({ id }) => id === REFUSED);
  if (before >= 0) screen.notifications.splice(before, 1);
  if (outcome.type === 'invalid') tellMissing(screen, outcome.columns);
  if (outcome.type === 'refused') screen.notifications.push({ id: REFUSED, level: 'ERROR', text: say('dyn.refused', { message: outcome.problem.message }) });
  session.changed();
}

/** The keyboard goes to the first of them. */
function tellMissing(screen: FormScreen, columns: readonly string[]): void {
  const missing = [...screen.controls.values()].filter(({ model }) => columns.includes(model.column));
  for (const control of missing) control.notifications.set(REQUIRED, { level: 'ERROR', text: say('dyn.required', { field: control.label }) });
  const [first] = missing;
  if (first) screen.focus(first);
}
