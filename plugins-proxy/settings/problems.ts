// What is wrong with the environment, gathered until all of it can be said at once.
import type { z } from 'zod';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Reads variables one by one; what is wrong is remembered under the variable's name. Values are never repeated: they may be secrets. */
export interface SettingsReader {
  /** The variable as the schema gives it back; `undefined` when it is not set, blank or wrong. */
  optional<T>(name: string, schema: z.ZodType<T, string>): T | undefined;
  /** Like `optional`, and a problem when it is not set. @param why what it is for */
  required<T>(name: string, schema: z.ZodType<T, string>, why: string): T | undefined;
  isSet(name: string): boolean;
  add(name: string, problem: string): void;
  /** Lines `NAME: what is wrong; what to do.` */
  problems(): readonly string[];
}

export function createSettingsReader(env: Environment): SettingsReader {
  const problems: string[] = [];
  const valueOf = (name: string): string | undefined => env[name]?.trim() || undefined;
  const add = (name: string, problem: string): void => void problems.push(`${name}: ${problem}`);
  function optional<T>(name: string, schema: z.ZodType<T, string>): T | undefined {
    const value = valueOf(name);
    if (value === undefined) return undefined;
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    add(name, parsed.error.issues[0]?.message ?? 'is not right.');
    return undefined;
  }
  return {
    optional,
    required(name, schema, why) {
      if (valueOf(name) === undefined) add(name, `is not set; set it to ${why}.`);
      return optional(name, schema);
    },
    isSet: (name) => valueOf(name) !== undefined,
    add,
    problems: () => problems,
  };
}
