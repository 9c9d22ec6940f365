// A definite no of Salesforce to reasons that a seller or an admin understands. Sentences are in the user's language: codes and field names count.
import { fieldLabel, reason, type FieldKey, type Reason } from '../../../core/index';
import { DISPLAY_NAME, errorOf, PERMISSION_SET, type ApiError } from './failures';
import type { MappingTable, PartyName } from './mapping';
import type { OrgFacts } from './orgFacts';

/** Rights that are missing, on the object, the record or a field (SOAP API guide, "ExceptionCode"). */
const NO_RIGHT = /^(INSUFFICIENT_ACCESS|INVALID_FIELD_FOR_INSERT_UPDATE|CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY$|FIELD_NOT_UPDATABLE|CROSS_ENTITY|ENTITY_IS_LOCKED)/;
const LONGEST_MESSAGE = 250;

export interface Refused {
  readonly body: unknown;
  /** Fields that were sent. */
  readonly sent: readonly string[];
  readonly table: MappingTable;
  readonly facts: OrgFacts;
  /** The field that holds the referral's id: one record only may have it. */
  readonly identifier: string | undefined;
}

/** Reasons of a 400, 403, 404 on a lookup or 413 on a write. */
export function refusalReasons(refused: Refused): readonly Reason[] {
  const error = errorOf(refused.body);
  if (isTaken(error, refused.identifier)) return [reason('linked-elsewhere', 'externalReferenceId')];
  const fields = fieldsOf(error, refused);
  return perField(fields, (field) => reasonOf(error, field, (each) => maxLength(each, refused)));
}

/** A customer or contact that could not be made: the deal is told, and somebody makes the record by hand. */
export const partyRefusal = (body: unknown, field: FieldKey): Reason => reasonOf(errorOf(body), field, () => undefined);

/** `DUPLICATE_VALUE` names the field in its message. */
export const isTaken = ({ code, message, fields }: ApiError, field: string | undefined): boolean => code === 'DUPLICATE_VALUE' && field !== undefined && (fields.includes(field) || message.includes(field));

function reasonOf(error: ApiError, field: FieldKey | undefined, max: (field: FieldKey) => number | undefined): Reason {
  if (NO_RIGHT.test(error.code)) return reason('no-permission', field, { system: DISPLAY_NAME, role: PERMISSION_SET });
  const limit = field && max(field);
  if (error.code === 'STRING_TOO_LONG' && field) return reason('text-too-long', field, { system: DISPLAY_NAME, ...(limit ? { max: limit } : {}) });
  return reason('field-refused', field, { system: DISPLAY_NAME, message: shortened(error.message) || error.code, ...(field ? { field: fieldLabel(field) } : {}) });
}

const perField = (fields: readonly FieldKey[], make: (field?: FieldKey) => Reason): readonly Reason[] => (fields.length > 0 ? fields.map((field) => make(field)) : [make()]);

/** Those that the answer names; else the only one that was sent. */
function fieldsOf(error: ApiError, { sent, table }: Refused): readonly FieldKey[] {
  const known = (columns: readonly string[]): FieldKey[] => [...new Set(columns.map((column) => fieldOfColumn(table, column)).filter((field) => field !== undefined))];
  const named = known(error.fields.length > 0 ? error.fields : sent.filter((column) => new RegExp(`\\b${column}\\b`).test(error.message)));
  if (named.length > 0 || error.fields.length > 0) return named;
  const all = known(sent);
  return all.length === 1 ? all : [];
}

function maxLength(field: FieldKey, { table, facts }: Refused): number | undefined {
  return facts.object(table.set)?.get(table.rows.find((row) => row.field === field)?.columns.value ?? '')?.length;
}

/** Our field behind a field of the deal, or of one of its parties. */
export const fieldOfColumn = (table: MappingTable, column: string, party?: PartyName): FieldKey | undefined =>
  table.rows.find((rule) => rule.party === party && Object.values(rule.columns).includes(column))?.field;

const shortened = (message: string): string => (message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE - 1)}…` : message);
