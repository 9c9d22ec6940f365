// After a save: when to look at the record again. Soon and often, then seldom, then no more; never while nobody sees the page.

/** Milliseconds after the beginning: eight early looks, then one every 15 s for two minutes (ui.md, screen 1). */
export const moments: readonly number[] = [300, 400, 600, 1_000, 2_000, 3_000, 5_000, 8_000, ...Array.from({ length: 8 }, (_, at) => 8_000 + (at + 1) * 15_000)];

/** Timers may fire a little early; the moment they were set for counts as reached. */
const TOLERANCE = 50;
/** How often a hidden page is asked whether it is seen again: events of the page are not for form scripts (Power Apps checker, avoid-dom-form-event). */
const GLANCE = 1_000;
/** A page that nobody has seen for so long is not waited for. */
const PATIENCE = 15 * 60_000;

export interface Followed {
  /** The form still shows the record. */
  isThere(): boolean;
  /** Looks once; `true`: there is nothing more to wait for. A rejection is a look that saw nothing. */
  look(): Promise<boolean>;
  /** Told once, however it ends. */
  ended(): void;
}

/**
 * Begins to look. One look at a time; the next moment is the first that lies ahead when a look has ended. A moment while the page is hidden is made up
 * for when it is seen again. Ends by itself, without a timer left, when a look is satisfied, the record is no longer there, or the moments are over.
 * @returns ends it; what a look under way will answer no longer counts
 */
export function follow(followed: Followed): () => void {
  const began = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isOver = false;

  const end = (): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    followed.ended();
  };
  const wait = (): void => {
    const elapsed = Date.now() - began;
    const next = moments.find((moment) => moment > elapsed + TOLERANCE);
    if (next === undefined || !followed.isThere()) end();
    else timer = setTimeout(() => void look(), next - elapsed);
  };
  const look = async (): Promise<void> => {
    if (!followed.isThere() || Date.now() - began > PATIENCE) return end();
    if (isHidden()) return void (timer = setTimeout(() => void look(), GLANCE));
    const isSatisfied = await followed.look().catch(() => false);
    if (isOver) return;
    if (isSatisfied) end();
    else wait();
  };

  wait();
  return end;
}

const page = (): Document | undefined => (typeof document === 'undefined' ? undefined : document);
const isHidden = (): boolean => page()?.visibilityState === 'hidden';
