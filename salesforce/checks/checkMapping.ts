// The mapping speaks of fields, relationships and picklist values that exist.
import { visibilities, helpCodes } from '../../core/browser';
import type { Finding } from './finding';
import type { Objects } from './objects';
import type { Project } from './project';

interface MappingTable {
  readonly set: string;
  readonly id: string;
  readonly parties: Readonly<Record<string, { readonly table: string; readonly through: readonly Path[] }>>;
  readonly rows: readonly {
    readonly field: string;
    readonly party?: string;
    readonly columns: Readonly<Record<string, string>>;
    readonly choices?: Readonly<Record<string, string>>;
    readonly members?: { readonly expand: string; readonly child: string; readonly lookup: string; readonly through: string };
  }[];
}

interface Path {
  readonly expand: string;
  readonly lookup: string;
  readonly child?: string;
  readonly only?: string;
}

const words: Readonly<Record<string, readonly string[]>> = { help: helpCodes, visibility: visibilities };

export function checkMapping(project: Project, objects: Objects): Finding[] {
  const { tables } = JSON.parse(project.mapping) as { tables: Readonly<Record<string, MappingTable>> };
  const problems = Object.entries(tables).flatMap(([name, table]) => {
    const within = (what: string, quoted: string) => ({ what: `Table ${name}: ${what}`, quoted, table: name });
    const field = (object: string, column: string) => (objects.field(object, column) ? [] : [within(`there is no field ${object}.${column}.`, column)]);
    return [
      ...field(table.set, table.id),
      ...Object.values(table.parties).flatMap((party) => party.through.flatMap((path) => [...relationship(table.set, path.expand, path.child ?? party.table, objects).map((what) => within(what, path.expand)), ...[path.lookup, path.only].filter((column) => column !== undefined).flatMap((column) => field(path.child ?? table.set, column))])),
      ...table.rows.flatMap((row) => {
        const object = row.party ? (table.parties[row.party]?.table ?? '') : table.set;
        return [...Object.values(row.columns).flatMap((column) => field(object, column)), ...choiceProblems(row, object, objects).map(({ what, quoted }) => within(what, quoted)), ...memberProblems(row, table.set, objects).map(({ what, quoted }) => within(what, quoted))];
      }),
    ];
  });
  return problems.map(({ what, quoted, table }) => ({ file: 'mapping/salesforce.json', line: lineWithin(project.mapping, table, quoted), what }));
}

/** The expanded name must lead from the deal to that object, upwards or downwards. */
function relationship(object: string, name: string, target: string, objects: Objects): string[] {
  const meaning = objects.field(object, name);
  const leadsTo = meaning?.children ?? meaning?.parent;
  // The owner of a lead is a user or a queue; Salesforce calls what both have in common Name.
  return leadsTo === target || (leadsTo === 'Name' && target === 'User') ? [] : [`${object}.${name} does not lead to ${target}.`];
}

function choiceProblems(row: MappingTable['rows'][number], object: string, objects: Objects): { readonly what: string; readonly quoted: string }[] {
  const known = words[row.field];
  const values = objects.field(object, row.columns.value ?? '')?.own?.values.map(({ value }) => value);
  if (!row.choices || !known || !values) return [];
  return [
    ...Object.keys(row.choices).filter((word) => !known.includes(word)).map((word) => ({ what: `core knows no ${row.field} "${word}".`, quoted: word })),
    ...Object.values(row.choices).filter((value) => !values.includes(value)).map((value) => ({ what: `${row.columns.value} has no value "${value}".`, quoted: value })),
    ...known.filter((word) => !(word in row.choices!)).map((word) => ({ what: `${row.field} "${word}" has no value.`, quoted: row.field })),
  ];
}

function memberProblems({ members }: MappingTable['rows'][number], set: string, objects: Objects): { readonly what: string; readonly quoted: string }[] {
  if (!members) return [];
  const columns = [members.lookup, members.through].filter((column) => !objects.field(members.child, column));
  return [...relationship(set, members.expand, members.child, objects).map((what) => ({ what, quoted: members.expand })), ...columns.map((column) => ({ what: `there is no field ${members.child}.${column}.`, quoted: column }))];
}

/** Line of a quoted word below the heading of its table. */
function lineWithin(text: string, table: string, quoted: string): number {
  const from = Math.max(0, text.indexOf(`"${table}": {`));
  return text.slice(0, Math.max(from, text.indexOf(`"${quoted}"`, from))).split('\n').length;
}
