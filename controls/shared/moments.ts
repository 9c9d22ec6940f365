// Dates and times as this user reads them. The platform's own formatter knows the patterns and the time zone of their personal settings.

export interface Moments {
  readonly now: number;
  /** `YYYY-MM-DD` of a moment (milliseconds), where the user is. */
  dayOf(at: number): string;
  /** A calendar day, `YYYY-MM-DD`, as a short date. */
  date(day: string): string;
  time(at: number): string;
  /** The time of a moment of today, the date of any other; an empty text for what is no moment. */
  brief(at: string | number | null | undefined): string;
}

export const DAY = 86_400_000;
/** DateTimeFieldBehavior: stored in UTC, shown in the user's zone. */
const USER_LOCAL = 1;

/** Noon stands for the day: at midnight a formatter that minds the time zone would name the day before. */
export const noon = (day: string): Date => new Date(`${day}T12:00`);

/** @param now milliseconds */
export function createMoments({ formatting, userSettings }: Pick<ComponentFramework.Context<unknown>, 'formatting' | 'userSettings'>, now: number): Moments {
  // The offset counts to the east of Greenwich (Client API: getTimeZoneOffsetMinutes).
  const dayOf = (at: number): string => new Date(at + userSettings.getTimeZoneOffsetMinutes(new Date(at)) * 60_000).toISOString().slice(0, 10);
  const date = (day: string): string => formatting.formatDateShort(noon(day));
  // There is no formatter for the time alone: what it says beside the date is the time.
  const time = (at: number): string => formatting.formatTime(new Date(at), USER_LOCAL).replace(date(dayOf(at)), '').trim();
  const brief = (moment: string | number | null | undefined): string => {
    const at = moment ? +new Date(moment) : 0;
    return at ? (dayOf(at) === dayOf(now) ? time(at) : date(dayOf(at))) : '';
  };
  return { now, dayOf, date, time, brief };
}
