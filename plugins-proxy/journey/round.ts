// One round of an update: what it works with, how it may end.
import { auditEntry, reason, type Plan, type Planned, type Reason, type Refusal } from '../../core/index';
import type { Pair, Run, RunOutcome } from './run';

/** Which trip ends here: the names of its last two steps differ. */
export type Trip = 'update' | 'create' | 'inbound';

/** What a round of the update works with. */
export interface Round {
  readonly pair: Pair;
  readonly plan: Plan;
  readonly planned: Planned;
  /** Reasons that only the writes themselves brought to light. */
  readonly found: readonly Reason[];
}

/** `again`: somebody wrote meanwhile, or the answer changed the picture; `held`: as `end`, without the record being settled. */
export type RoundEnd = { readonly type: 'again'; readonly pair: Pair } | { readonly type: 'go'; readonly round: Round } | { readonly type: 'end'; readonly outcome: RunOutcome };

/** An entry of the audit in the direction that the change takes. */
export function lineText(run: Run, at: string, line: Plan['lines'][number]): string {
  const [from, to] = line.from === 'crm' ? [run.crm.displayName, run.deps.partner.displayName] : [run.deps.partner.displayName, run.crm.displayName];
  return auditEntry(at, from, to, line.text);
}

/** A refusal that stands: the reasons of a group that was not taken. */
export const refusalOf = (hash: string, side: 'crm' | 'partner', reasons: readonly Reason[]): Refusal => ({ hash, side, reasons: reasons.length > 0 ? reasons : [reason('field-refused')] });
