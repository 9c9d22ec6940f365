// Columns as they stand on a form: perhaps not at all, changed or not, to be sent with a save or not.
import { plainId } from './session';


/** The column on the form, or `null`: administrators place what they like. */
export const columnOn = (form: Xrm.FormContext, name: string): Xrm.Attributes.Attribute | null => form.getAttribute<Xrm.Attributes.Attribute>(name) ?? null;

/** The next save carries it. */
export function travels(column: Xrm.Attributes.Attribute | null): boolean {
  if (!column) return false;
  const mode = column.getSubmitMode();
  return mode === 'always' || (mode !== 'never' && column.getIsDirty());
}

/** Nothing on the form waits to be saved. */
export const isClean = (form: Xrm.FormContext): boolean => !form.getAttribute().some((column) => column.getSubmitMode() !== 'never' && column.getIsDirty());

/**
 * Puts a value on the form that Dataverse holds already, without making the form dirty: a column that is never submitted counts as no unsaved change,
 * and after the next save the platform reads it afresh all the same (Learn, setSubmitMode, note; a form is commonly left without a question in this way).
 * `setValue` fires no OnChange and renders a bound control anew (Learn, setValue).
 */
export function showValue(column: Xrm.Attributes.Attribute | null, value: unknown): void {
  if (!column || isSame(column.getValue(), value)) return;
  column.setSubmitMode('never');
  column.setValue(value as string);
}

/** The seller, through a control, changed the column; not the platform by reading it afresh. What `showValue` put there was no unsaved change before. */
export const isFromSeller = (column: Xrm.Attributes.Attribute): boolean => column.getIsDirty() || column.getSubmitMode() === 'never';

/** Columns hold an empty text as `null` or as ''. */
export function isSame(shown: unknown, stored: unknown): boolean {
  if (shown instanceof Date && stored instanceof Date) return shown.getTime() === stored.getTime();
  return (shown ?? '') === (stored ?? '');
}

/** Dataverse holds something else than the form shows; a column that is not on the form, or that could not be read, is not stale. */
export function isStale(column: Xrm.Attributes.Attribute | null, stored: unknown): boolean {
  if (!column || stored === undefined) return false;
  const shown: unknown = column.getValue();
  if (Array.isArray(shown) || isReference(stored)) return plainId((shown as Xrm.LookupValue[] | null)?.[0]?.id) !== plainId((stored as { id?: string } | null)?.id);
  // A date without time is midnight here on a form, and midnight UTC from the Web API.
  if (shown instanceof Date && stored instanceof Date) return dayOf(shown.getFullYear(), shown.getMonth(), shown.getDate()) !== dayOf(stored.getUTCFullYear(), stored.getUTCMonth(), stored.getUTCDate());
  return !isSame(shown, stored);
}

const isReference = (value: unknown): boolean => typeof value === 'object' && value !== null && 'entityType' in value;
const dayOf = (...parts: readonly number[]): string => parts.join('-');
