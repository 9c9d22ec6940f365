// Dates: a closing date is a calendar day. Partner Center keeps an instant; the zone says which day its users mean.

/** Canonical day `YYYY-MM-DD`, or `null`. */
export function canonicalDate(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  return /^(\d{4}-\d{2}-\d{2})/.exec(value)?.[1] ?? null;
}

/** The calendar day of an instant in a zone: `("2026-12-31T23:30:00Z", "Asia/Shanghai")` is `2027-01-01`. @throws RangeError on an unknown zone */
export function instantToDate(instant: string, zone: string): string | null {
  const time = Date.parse(instant);
  if (Number.isNaN(time)) return null;
  const local = new Date(time + zoneOffset(time, zone));
  return local.toISOString().slice(0, 10);
}

/**
 * The first instant of a day in a zone, in UTC without fraction: `("2027-01-01", "Asia/Shanghai")` is `2026-12-31T16:00:00Z`.
 * A day that the zone never had (Pacific/Apia, 2011-12-30) begins with the day after it. @throws RangeError on an unknown zone or a text that is no date
 */
export function dateToInstant(date: string, zone: string): string {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  let time = midnight - zoneOffset(midnight, zone);
  time = midnight - zoneOffset(time, zone);
  // Where the clock jumps over midnight, or over the day, it begins at the first instant after the gap.
  while ((instantToDate(new Date(time).toISOString(), zone) ?? date) < date) time += 15 * 60_000;
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** Milliseconds that the zone is ahead of UTC at an instant. */
function zoneOffset(time: number, zone: string): number {
  if (zone === 'UTC') return 0;
  const parts = clockOf(zone).formatToParts(new Date(time));
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value ?? 0);
  const local = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
  return local - Math.floor(time / 1000) * 1000;
}

/** Making one costs a hundred times what using it does, and a service knows one zone or two. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const known = clocks.get(zone);
  if (known) return known;
  const clock = new Intl.DateTimeFormat('en-US', {
    timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', era: 'short',
  });
  clocks.set(zone, clock);
  return clock;
}
