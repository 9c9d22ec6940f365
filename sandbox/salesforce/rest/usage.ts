// The day's API calls: counted, told in every answer and at /limits, refused when they are used up (salesforce.md section 7, "Limits").
import { Problem } from '../problem';

export interface Usage {
  /** @throws Problem 403 REQUEST_LIMIT_EXCEEDED */
  spend(): void;
  /** Value of `Sforce-Limit-Info`. */
  info(): string;
  limits(): Readonly<Record<string, { readonly Max: number; readonly Remaining: number }>>;
  set(used: number, max?: number): void;
}

const WINDOW_MS = 86_400_000;

/** The limit is a rolling day: a call leaves the count 24 hours after it was made, rounded to the hour here. */
export function createUsage(firstMax: number, now: () => number): Usage {
  let max = firstMax;
  let hours = new Map<number, number>();
  const hour = (): number => Math.floor(now() / 3_600_000);
  const used = (): number => {
    hours = new Map([...hours].filter(([at]) => at > hour() - WINDOW_MS / 3_600_000));
    return [...hours.values()].reduce((sum, count) => sum + count, 0);
  };
  return {
    spend() {
      if (used() >= max) throw new Problem(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.');
      hours.set(hour(), (hours.get(hour()) ?? 0) + 1);
    },
    info: () => `api-usage=${used()}/${max}`,
    limits: () => ({
      DailyApiRequests: { Max: max, Remaining: Math.max(0, max - used()) }, DailyAsyncApexExecutions: { Max: 250_000, Remaining: 249_000 }, DailyBulkApiBatches: { Max: 15_000, Remaining: 15_000 },
      DataStorageMB: { Max: 1_024, Remaining: 900 }, FileStorageMB: { Max: 1_024, Remaining: 1_000 },
    }),
    set(count, newMax = max) {
      max = newMax;
      hours = new Map([[hour(), count]]);
    },
  };
}
