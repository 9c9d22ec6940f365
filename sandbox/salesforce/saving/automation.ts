// The customer's own automation, which no connector can know: a trigger that rounds money, and a flow that touches a record after the connector wrote it.
import type { Org } from '../org';
import { Problem } from '../problem';
import { isDeleted } from '../rowStore';
import type { Cell, SObject } from '../schema/field';
import { customersField } from '../schema/salesObjects';
import { stableId } from '../ids';
import type { Circumstances } from './noteWrite';
import type { Saved } from './saveRows';

export interface Automation {
  /** The trigger that Salesforce recommends to who wants money rounded (Help 000385689). */
  beforeSave(object: SObject, cells: Record<string, Cell>): void;
  /** What the flow does with the records that were saved, at once or soon. */
  afterSave(object: SObject, saved: readonly Saved[], by: Circumstances): void;
  /** 0 never, 1 always: how many of the connector's writes the flow touches. */
  setShare(share: number): void;
  setRounding(rounds: boolean): void;
}

/** Asynchronous flows run as this user (Salesforce Help, "Automated Process User"). */
export const automatedUser = stableId('005', 'Automated Process');

export interface AutomationParts {
  readonly share: number;
  readonly rounds: boolean;
  readonly org: () => Org;
  update(object: SObject, id: string, cells: Readonly<Record<string, Cell>>, by: Circumstances): void;
}

export function createAutomation({ share: firstShare, rounds: firstRounds, org, update }: AutomationParts): Automation {
  let share = firstShare;
  let rounds = firstRounds;
  const touch = (object: SObject, id: string, by: Circumstances): void => {
    const row = org().store.get(object.name, id);
    if (!row || isDeleted(row)) return;
    try {
      update(object, id, { [customersField]: Number(row.cells[customersField] ?? 0) + 1 }, by);
    } catch (error) {
      // A flow that the org's own rules refuse sends its admin a mail and leaves the record as it is.
      if (!(error instanceof Problem)) throw error;
    }
  };
  return {
    beforeSave(object, cells) {
      if (!rounds) return;
      for (const field of object.fields.values()) if (field.type === 'currency' && typeof cells[field.name] === 'number') cells[field.name] = roundTo(Number(cells[field.name]), decimals(org(), cells, field.scale ?? 2));
    },
    afterSave(object, saved, by) {
      if (by.origin !== 'request' || !by.caller.isIntegration || !object.fields.has(customersField)) return;
      for (const one of saved) {
        if (one.type !== 'saved' || org().random() >= share) continue;
        // A flow in the same transaction moves the row before the answer is there; an asynchronous one a moment later.
        if (org().random() < 0.5) touch(object, one.row.id, { caller: by.caller, origin: 'automation' });
        else org().store.afterCommit(() => org().later(5 + org().random() * 15, () => touch(object, one.row.id, { caller: org().access.callerFor(automatedUser), origin: 'automation' })));
      }
    },
    setShare: (value) => void (share = value),
    setRounding: (value) => void (rounds = value),
  };
}

/** The fewer of the field's decimals and those of the record's currency. */
function decimals(org: Org, cells: Record<string, Cell>, scale: number): number {
  const currency = org.store.list('CurrencyType').find((row) => row.cells.IsoCode === cells.CurrencyIsoCode);
  return Math.min(scale, Number(currency?.cells.DecimalPlaces ?? scale));
}

/** Half away from zero, on the decimal digits (1.005 to two decimals is 1.01). */
export function roundTo(value: number, decimalPlaces: number): number {
  const size = Math.abs(value);
  if (size < 1e-6) return 0;
  return Math.sign(value) * Number(`${Math.round(Number(`${size}e${decimalPlaces}`))}e-${decimalPlaces}`);
}
