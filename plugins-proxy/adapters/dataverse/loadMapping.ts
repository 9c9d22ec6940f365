// Reads and checks the field mapping before anything starts.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import builtIn from '../../../mapping/dynamics.json' with { type: 'json' };
import { standardFieldKeys, type FieldKey } from '../../../core/index';
import { MappingProblem, nameOfRow, readMapping, roleProblems, versionOf, type Roles } from '../mappingText';
import { mappingTypes, partyNames, type Mapping, type MappingRow, type MappingType } from './mapping';

export { MappingProblem };

/** The mapping in a file, or the built-in one. @throws MappingProblem naming the rows */
export function loadMapping(file?: string): Mapping {
  if (file === undefined) return parseMapping(JSON.stringify(builtIn));
  try {
    return parseMapping(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof MappingProblem) throw error;
    throw new MappingProblem([`The file ${file} cannot be read; check COSELL_MAPPING_FILE.`]);
  }
}

/** Text of a mapping (`mapping.schema.json`) to its rows. Pure. @throws MappingProblem naming the rows */
export function parseMapping(text: string): Mapping {
  const tables = readMapping(text, mappingShape).tables as Mapping['tables'];
  const problems = Object.entries(tables).flatMap(([name, table]) => table.rows.flatMap((row, at) => problemsOf(row, name, table, at)));
  if (problems.length > 0) throw new MappingProblem(problems);
  return { version: versionOf(tables), tables };
}

const column = z.string().regex(/^[a-z][a-z0-9_]{0,127}$/, 'is no logical name of a column');
const fieldKey = z.custom<FieldKey>(
  (value) => typeof value === 'string' && ((standardFieldKeys as readonly string[]).includes(value) || /^custom:[a-z][a-z0-9_]{0,127}$/.test(value)),
  'is no field; take one of the standard keys or custom:<column>',
);
const party = z.strictObject({
  table: column,
  through: z.array(z.strictObject({ expand: column, lookup: column, attribute: column.optional() })).min(1),
});
const row = z.strictObject({
  field: fieldKey,
  type: z.enum(mappingTypes),
  direction: z.enum(['both', 'toPartner', 'toCrm']),
  party: z.enum(partyNames).optional(),
  columns: z.record(z.string(), column),
  choices: z.record(z.string(), z.int()).optional(),
});
const table = z.strictObject({ set: column, id: column, parties: z.partialRecord(z.enum(partyNames), party), rows: z.array(row).min(1) });
const mappingShape = z.strictObject({ $schema: z.string().optional(), tables: z.strictObject({ opportunity: table, lead: table.optional() }) });

const people: Roles = { needed: ['email'], allowed: ['firstName', 'lastName', 'email', 'phone', 'otherPhone'] };
const single: Roles = { needed: ['value'], allowed: ['value'] };

const rolesOf: Readonly<Partial<Record<MappingType, Roles>>> = {
  money: { needed: ['value'], allowed: ['value', 'computed'] },
  state: { needed: ['value'], allowed: ['value', 'reason'] },
  address: { needed: [], allowed: ['line1', 'line2', 'city', 'state', 'postalCode'] },
  contact: people,
  team: people,
};

function problemsOf(row: MappingRow, table: string, of: Mapping['tables']['opportunity'], at: number): string[] {
  const here = nameOfRow(table, row.field, at);
  const roles = rolesOf[row.type] ?? single;
  const names = Object.keys(row.columns);
  const needsChoices = row.type === 'choice' || row.type === 'state';
  return [
    ...roleProblems(here, row.type, names, roles),
    ...(needsChoices !== (row.choices !== undefined) ? [`${here}: choices ${needsChoices ? 'are missing' : `mean nothing for type ${row.type}`}.`] : []),
    ...(row.party && !of.parties[row.party] ? [`${here}: the table has no party "${row.party}".`] : []),
    ...(row.type === 'currency' && row.party !== 'currency' ? [`${here}: a currency is read from the party "currency".`] : []),
    ...(row.type === 'team' && row.party !== 'owner' ? [`${here}: a team is read from the party "owner".`] : []),
    ...(of.rows.findIndex((each) => each.field === row.field) < at ? [`${here}: the field has a row already.`] : []),
  ];
}
