// Opportunity form: the platform saves by itself 30 s after a change (Client API, OnSave), and tries again while the change is still there.
import type { FormSession } from './record/session';

const AFTER_MS = 30_000;

/** Returns what stops it. Nothing runs while there is nothing to save. */
export function keepAutosave(session: FormSession, save: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };
  const fire = (): void => {
    timer = undefined;
    if (session.isDirty()) save();
    look();
  };
  const look = (): void => {
    const hasWork = session.id() !== undefined && session.isDirty();
    if (!hasWork) stop();
    else timer ??= setTimeout(fire, AFTER_MS);
  };
  const forget = session.subscribe(look);
  look();
  return () => {
    forget();
    stop();
  };
}
