// Trouble with single records on demand: a validation rule, a locked row, a required field that the customer added.
import { Problem } from './problem';

export interface Refusal {
  /** Such as `UNABLE_TO_LOCK_ROW` or `FIELD_CUSTOM_VALIDATION_EXCEPTION`. */
  readonly errorCode: string;
  readonly message?: string;
  readonly fields?: readonly string[];
  /** Saves of this object only. */
  readonly object?: string;
  /** Saves that carry this field only. */
  readonly field?: string;
  /** How many saves it hits; for ever when left out. */
  readonly times?: number;
  /** Hits people, too; the API user alone when left out. */
  readonly everybody?: true;
}

export interface Refusals {
  add(refusal: Refusal): void;
  clear(): void;
  /** @throws Problem 400 when one of them hits this save. */
  check(save: { readonly object: string; readonly fields: readonly string[]; readonly byRequest: boolean }): void;
}

const TEXTS: Readonly<Record<string, string>> = {
  UNABLE_TO_LOCK_ROW: 'unable to obtain exclusive access to this record',
  FIELD_CUSTOM_VALIDATION_EXCEPTION: 'A validation rule of this org refuses the record.',
};

export function createRefusals(): Refusals {
  let armed: { refusal: Refusal; left: number }[] = [];
  return {
    add: (refusal) => void armed.push({ refusal, left: refusal.times ?? Infinity }),
    clear: () => void (armed = []),
    check({ object, fields, byRequest }) {
      const hit = armed.find(({ refusal }) => (refusal.object ?? object) === object && (refusal.field === undefined || fields.includes(refusal.field)) && (byRequest || refusal.everybody === true));
      if (!hit) return;
      hit.left -= 1;
      if (hit.left <= 0) armed = armed.filter((one) => one !== hit);
      const { errorCode, message, fields: named } = hit.refusal;
      throw new Problem(400, errorCode, message ?? TEXTS[errorCode] ?? errorCode, named ?? []);
    },
  };
}
