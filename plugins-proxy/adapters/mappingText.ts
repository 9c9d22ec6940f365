// What the field mappings of both CRMs have in common: how their text is read, told wrong, and known again.
import { createHash } from 'node:crypto';
import type { z } from 'zod';

/** A mapping that cannot be used. Its message names every row and what is wrong with it. */
export class MappingProblem extends Error {
  constructor(problems: readonly string[]) {
    super(`The field mapping cannot be used. ${problems.join(' ')}`);
    this.name = 'MappingProblem';
  }
}

/** Text to what a schema makes of it. @throws MappingProblem naming the rows */
export function readMapping<T>(text: string, shape: z.ZodType<T>): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new MappingProblem([`It is not JSON: ${(error as Error).message}.`]);
  }
  const parsed = shape.safeParse(json);
  if (!parsed.success) throw new MappingProblem(parsed.error.issues.map((issue) => `${whereIn(json, issue.path)}: ${issue.message}.`));
  return parsed.data;
}

/** Changes with the content and with nothing else. */
export const versionOf = (tables: unknown): string => createHash('sha256').update(JSON.stringify(sorted(tables))).digest('hex').slice(0, 12);

/** Names the row that a path of the checker points into. */
function whereIn(json: unknown, path: readonly PropertyKey[]): string {
  const [tables, table, rows, at, ...rest] = path;
  if (tables !== 'tables' || rows !== 'rows' || typeof at !== 'number') return path.length === 0 ? 'The mapping' : path.map(String).join('.');
  const row = (json as { tables: Record<string, { rows: { field?: unknown }[] }> }).tables[String(table)]?.rows[at];
  return [nameOfRow(String(table), row?.field, at), ...rest.map(String)].join(', ');
}

export const nameOfRow = (table: string, field: unknown, at: number): string => `Row "${typeof field === 'string' ? field : at + 1}" of ${table}`;

/** Column roles that a type of row needs and may have. */
export interface Roles {
  readonly needed: readonly string[];
  readonly allowed: readonly string[];
}

/** @param type of the row, as the mapping words it */
export function roleProblems(here: string, type: string, names: readonly string[], { needed, allowed }: Roles): string[] {
  return [
    ...needed.filter((role) => !names.includes(role)).map((role) => `${here}: columns.${role} is missing.`),
    ...names.filter((role) => !allowed.includes(role)).map((role) => `${here}: a row of type ${type} has no columns.${role}.`),
    ...(names.length === 0 ? [`${here}: columns is empty.`] : []),
  ];
}

/** The same content in one order, so that a moved member is no new version. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, each]) => [key, sorted(each)]));
}
