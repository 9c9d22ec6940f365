// A definite no of Dataverse to reasons that a seller or an admin understands. Sentences are in the environment's language: only codes and column names count.
import { fieldLabel, reason, type FieldKey, type Reason } from '../../../core/index';
import { errorOf, type Row } from './dataverseClient';
import type { MappingTable } from './mapping';
import { fieldOfColumn } from './rowToSnapshot';
import type { TableFacts } from './tableFacts';

/** StringLengthTooLong ("Web service error codes", Microsoft Learn). */
const TEXT_TOO_LONG = '0x80044331';
const ROLE = 'Co-sell Sync Service';
const LONGEST_MESSAGE = 250;

export interface Refused {
  readonly status: number;
  readonly body: Row;
  /** Columns that were sent. */
  readonly sent: readonly string[];
  readonly table: MappingTable;
  readonly facts: TableFacts | undefined;
  readonly displayName: string;
}

/** Reasons of a 400, 403, 404 on a lookup, 409 or 413 on a write. */
export function refusalReasons(refused: Refused): readonly Reason[] {
  const { code, message } = errorOf(refused.body);
  const columns = refusedColumns(refused, message);
  const fields = [...new Set(columns.map((column) => fieldOfColumn(refused.table, column)).filter((field) => field !== undefined))];
  if (refused.status === 403) return perField(fields, (field) => reason('no-permission', field, { system: refused.displayName, role: ROLE }));
  if (code === TEXT_TOO_LONG && fields.length > 0) return fields.map((field) => tooLong(field, refused));
  return perField(fields, (field) =>
    reason('field-refused', field, { system: refused.displayName, message: shortened(message) || `${refused.status} ${code}`, ...(field ? { field: fieldLabel(field) } : {}) }));
}

/** A customer or contact that could not be made: the deal is told, and somebody makes the record by hand. */
export function partyRefusal(field: FieldKey, status: number, body: Row, displayName: string): Reason {
  const { code, message } = errorOf(body);
  if (status === 403) return reason('no-permission', field, { system: displayName, role: ROLE });
  return reason('field-refused', field, { system: displayName, field: fieldLabel(field), message: shortened(message) || `${status} ${code}` });
}

const perField = (fields: readonly FieldKey[], make: (field?: FieldKey) => Reason): readonly Reason[] => (fields.length > 0 ? fields.map((field) => make(field)) : [make()]);

function tooLong(field: FieldKey, refused: Refused): Reason {
  const column = refused.table.rows.find((row) => row.field === field)?.columns.value ?? '';
  const max = refused.facts?.get(column)?.maxLength;
  return reason('text-too-long', field, { system: refused.displayName, ...(max === undefined ? {} : { max }) });
}

/** Of the columns sent, those that the message names; else the only field that was sent. */
function refusedColumns({ sent, table }: Refused, message: string): readonly string[] {
  const isField = (column: string): boolean => fieldOfColumn(table, column) !== undefined;
  const fields = sent.map((column) => column.replace(/@odata\.bind$/, '')).filter(isField);
  const quoted = fields.filter((column) => new RegExp(`['"]${column}['"]`, 'i').test(message));
  if (quoted.length > 0) return quoted;
  // Without quotes only a name that is no word of any language counts: `name` and `description` stand in many sentences.
  const named = fields.filter((column) => (column.includes('_') || column.length > 11) && new RegExp(`\\b${column}\\b`, 'i').test(message));
  if (named.length > 0) return named;
  return fields.length === 1 ? fields : [];
}

const shortened = (message: string): string => (message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message);
