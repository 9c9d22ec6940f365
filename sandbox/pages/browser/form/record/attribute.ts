// Opportunity form: one column of the record, with what was read, what stands there now, and who wants to know of changes.
import type { ColumnModel } from '../../../dynamics/tableModel';
import { isSame, normalise, type Value } from './values';

export type SubmitMode = 'always' | 'dirty' | 'never';
export type RequiredLevel = 'none' | 'recommended' | 'required';

export interface Attribute {
  readonly column: ColumnModel;
  readonly value: Value;
  /** As read or saved last. */
  readonly initial: Value;
  readonly isDirty: boolean;
  submitMode: SubmitMode;
  requiredLevel: RequiredLevel;
  /** Column security: what this seller may do. A column that is not readable has no value here. */
  readonly security: { readonly isSecured: boolean; readonly canRead: boolean; readonly canUpdate: boolean };
  /** Whether a control of the form shows the column; the Client API knows only those. */
  readonly isOnForm: boolean;
  readonly handlers: ((context: unknown) => void)[];
  set(value: Value): void;
  /** What the server has now. A change that the seller has made meanwhile stays, and stays dirty. */
  read(value: Value): void;
  /** As `read`, but what the seller has changed is given up. */
  reset(value: Value): void;
  /** The value that was sent is the server's now. */
  saved(sent: Value): void;
}

export function createAttribute(column: ColumnModel, security: Attribute['security'], isOnForm: boolean): Attribute {
  let value: Value = null;
  let initial: Value = null;
  return {
    column, security, isOnForm, handlers: [],
    submitMode: 'dirty',
    requiredLevel: column.isRequired ? 'required' : 'none',
    get value() {
      return value;
    },
    get initial() {
      return initial;
    },
    get isDirty() {
      return !isSame(value, initial);
    },
    set: (next) => void (value = normalise(next)),
    read(next) {
      // What a script has put into a column that is never sent is no change of the seller's: it is read afresh (Learn, setSubmitMode).
      const isUntouched = isSame(value, initial) || this.submitMode === 'never';
      initial = normalise(next);
      if (isUntouched) value = initial;
    },
    reset: (next) => void (value = initial = normalise(next)),
    saved: (sent) => void (initial = normalise(sent)),
  };
}
