// What the schedule says while it works: keys and classes, never payloads. A pino logger fits.
export interface ScheduleLog {
  info(entry: Readonly<Record<string, unknown>>, message: string): void;
  warn(entry: Readonly<Record<string, unknown>>, message: string): void;
  error(entry: Readonly<Record<string, unknown>>, message: string): void;
}
