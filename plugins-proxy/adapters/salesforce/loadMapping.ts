// Reads and checks the field mapping before anything starts.
import { z } from 'zod';
import builtIn from '../../../mapping/salesforce.json' with { type: 'json' };
import { standardFieldKeys, type FieldKey } from '../../../core/index';
import { MappingProblem, nameOfRow, readMapping, roleProblems, versionOf, type Roles } from '../mappingText';
import { mappingTypes, partyNames, type Mapping, type MappingRow, type MappingType } from './mapping';
import { packagedNames } from './packageFields';

export interface MappingOptions {
  /** Of a managed package made of ours: its fields then carry it. */
  readonly namespace?: string | null;
}

/** The built-in mapping. */
export const builtInMapping = (options: MappingOptions = {}): Mapping => parseMapping(JSON.stringify(builtIn), options);

/** Text of a mapping (`mapping.schema.json`) to its rows. Pure. @throws MappingProblem naming the rows */
export function parseMapping(text: string, { namespace = null }: MappingOptions = {}): Mapping {
  const tables = readMapping(text, mappingShape).tables as Mapping['tables'];
  const problems = Object.entries(tables).flatMap(([name, table]) => table.rows.flatMap((row, at) => problemsOf(row, name, table, at)));
  if (problems.length > 0) throw new MappingProblem(problems);
  // The version is the file's: a namespace is no other mapping.
  return { version: versionOf(tables), tables: namespace === null ? tables : withNamespace(tables, namespace) };
}

/** Whether a mapping speaks of this CRM: its objects begin with a capital letter. */
export const isForSalesforce = (mapping: unknown): boolean => /^[A-Z]/.test(String((mapping as { tables?: { opportunity?: { set?: unknown } } } | null)?.tables?.opportunity?.set ?? ''));

const name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,127}$/, 'is no API name of a field');
const fieldKey = z.custom<FieldKey>(
  (value) => typeof value === 'string' && ((standardFieldKeys as readonly string[]).includes(value) || /^custom:[A-Za-z][A-Za-z0-9_]{0,127}$/.test(value)),
  'is no field; take one of the standard keys or custom:<field>',
);
const party = z.strictObject({
  table: name,
  through: z.array(z.strictObject({ expand: name, lookup: name, child: name.optional(), only: name.optional() }).refine((path) => (path.child === undefined) === (path.only === undefined), 'needs child and only together')).min(1),
});
const row = z.strictObject({
  field: fieldKey,
  type: z.enum(mappingTypes),
  direction: z.enum(['both', 'toPartner', 'toCrm']),
  party: z.enum(partyNames).optional(),
  columns: z.record(z.string(), name),
  choices: z.record(z.string(), z.string().min(1)).optional(),
  optional: z.literal(true).optional(),
  members: z.strictObject({ expand: name, child: name, lookup: name, through: name }).optional(),
});
const table = z.strictObject({ set: name, id: name, parties: z.partialRecord(z.enum(partyNames), party), rows: z.array(row).min(1) });
const mappingShape = z.strictObject({ $schema: z.string().optional(), tables: z.strictObject({ opportunity: table, lead: table.optional() }) });

const people: Roles = { needed: ['email'], allowed: ['firstName', 'lastName', 'email', 'phone', 'otherPhone'] };
const single: Roles = { needed: ['value'], allowed: ['value'] };
const rolesOf: Readonly<Partial<Record<MappingType, Roles>>> = {
  money: { needed: ['value'], allowed: ['value', 'computed'] },
  state: { needed: ['value', 'closed', 'won'], allowed: ['value', 'closed', 'won'] },
  address: { needed: [], allowed: ['line1', 'line2', 'city', 'state', 'postalCode'] },
  contact: people,
  team: people,
};

function problemsOf(row: MappingRow, table: string, of: Mapping['tables']['opportunity'], at: number): string[] {
  const here = nameOfRow(table, row.field, at);
  return [
    ...roleProblems(here, row.type, Object.keys(row.columns), rolesOf[row.type] ?? single),
    ...(row.type === 'choice' && !row.choices ? [`${here}: choices are missing.`] : []),
    ...(row.choices && row.type !== 'choice' && row.type !== 'state' ? [`${here}: choices mean nothing for type ${row.type}.`] : []),
    ...(row.party && !of.parties[row.party] ? [`${here}: the table has no party "${row.party}".`] : []),
    ...(row.type === 'currency' && row.party ? [`${here}: a currency is a field of the deal.`] : []),
    ...(row.type === 'team' && row.party !== 'owner' ? [`${here}: a team is read from the party "owner".`] : []),
    ...(row.members && row.type !== 'team' ? [`${here}: members mean nothing for type ${row.type}.`] : []),
    ...(of.rows.findIndex((each) => each.field === row.field) < at ? [`${here}: the field has a row already.`] : []),
  ];
}

function withNamespace(tables: Mapping['tables'], namespace: string): Mapping['tables'] {
  const packaged = packagedNames(namespace);
  return Object.fromEntries(Object.entries(tables).map(([kind, table]) => [kind, {
    ...table, rows: table.rows.map((each) => ({ ...each, columns: Object.fromEntries(Object.entries(each.columns).map(([role, field]) => [role, packaged(field)])) })),
  }])) as unknown as Mapping['tables'];
}
