// What a read asks for: one SOQL statement that brings everything a snapshot needs, without what we may not see.
import { partyFields, partyNames, ownFields, type MappedKind, type MappingTable, type PartyName, type PartyPath } from './mapping';
import type { ObjectFacts, OrgFacts } from './orgFacts';
import type { PackageFields } from './packageFields';

const queries = new WeakMap<OrgFacts, Map<MappingTable, string>>();

/** A statement up to its WHERE. */
export function readQueryOf(table: MappingTable, kind: MappedKind, facts: OrgFacts, fields: PackageFields): string {
  const known = queries.get(facts) ?? new Map<MappingTable, string>();
  queries.set(facts, known);
  const query = known.get(table) ?? `SELECT ${[...ownSelect(table, kind, facts, fields), ...partySelects(table, facts), ...memberSelects(table, facts)].join(', ')} FROM ${table.set}`;
  known.set(table, query);
  return query;
}

function ownSelect(table: MappingTable, kind: MappedKind, facts: OrgFacts, fields: PackageFields): string[] {
  const object = facts.object(table.set);
  const lookups = Object.values(table.parties).flatMap((party) => party.through.filter((path) => path.child === undefined).map((path) => path.lookup));
  const wanted = ['Id', 'CreatedDate', 'LastModifiedDate', 'SystemModstamp', ...withCodes(object, ownFields(table)), ...Object.values(fields.service(kind)), ...lookups];
  return seen(object, wanted);
}

/** Directly through a lookup, or through the one record between that counts. */
function partySelects(table: MappingTable, facts: OrgFacts): string[] {
  return partyNames.flatMap((name) => (table.parties[name]?.through ?? []).flatMap((path) => {
    const object = facts.object(table.parties[name]!.table);
    const columns = seen(object, ['Name', ...withCodes(object, partyFields(table, name))]);
    if (columns.length === 0) return [];
    if (path.child === undefined) return columns.map((column) => `${path.expand}.${column}`);
    if (!facts.object(path.child)) return [];
    return [`(SELECT ${[path.lookup, ...columns.map((column) => `${relationshipOf(path)}.${column}`)].join(', ')} FROM ${path.expand} WHERE ${path.only} = true LIMIT 1)`];
  }));
}

/** An org without team selling has no such object. */
function memberSelects(table: MappingTable, facts: OrgFacts): string[] {
  return table.rows.flatMap(({ members, columns, party }) => {
    if (!members || !facts.object(members.child)) return [];
    const people = seen(facts.object(table.parties[party as PartyName]?.table ?? ''), Object.values(columns));
    return people.length === 0 ? [] : [`(SELECT ${[members.lookup, ...people.map((column) => `${members.through}.${column}`)].join(', ')} FROM ${members.expand} ORDER BY Id)`];
  });
}

/** `ContactId` is followed as `Contact`, `Owner__c` as `Owner__r` (SOQL guide, "Understanding Relationship Names"). */
export const relationshipOf = ({ lookup }: Pick<PartyPath, 'lookup'>): string => (lookup.endsWith('__c') ? lookup.replace(/__c$/, '__r') : lookup.replace(/Id$/, ''));

/** With State and Country/Territory Picklists a code stands beside each name (Object Reference, Account). */
const withCodes = (object: ObjectFacts | undefined, columns: readonly string[]): string[] => columns.flatMap((column) => (object?.has(`${column}Code`) ? [column, `${column}Code`] : [column]));

const seen = (object: ObjectFacts | undefined, columns: readonly string[]): string[] => [...new Set(columns)].filter((column) => object?.has(column));
