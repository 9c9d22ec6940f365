// The product's own columns in Dataverse and their choice numbers (contract, "Fields"): fixed names, no mapping.
import { syncStatuses } from '../../../core/index';
import type { MappedKind } from './mapping';

/** Choice numbers of the product's own choices begin here, in the order of the contract. */
export const firstChoice = 481_200_000;

const shared = {
  sync: 'cosell_syncwithpartnercenter',
  identifier: 'cosell_referralidentifier',
  link: 'cosell_referrallink',
  status: 'cosell_syncstatus',
  details: 'cosell_syncdetails',
  requestedAction: 'cosell_requestedaction',
  requestedReason: 'cosell_requestedreason',
  microsoftStatus: 'cosell_microsoftreferralstatus',
  lastSyncedOn: 'cosell_lastsyncedon',
} as const;

const opportunityOnly = { choices: 'cosell_conflictchoices', microsoftCrmId: 'cosell_microsoftcrmidentifier' } as const;

/** Written, never read back. */
export const auditColumn = 'cosell_audit';

export type ServiceColumn = keyof typeof shared | keyof typeof opportunityOnly;

/** The columns by what they hold; a lead lacks two. */
export const serviceColumns = (kind: MappedKind): Readonly<Partial<Record<ServiceColumn, string>>> => (kind === 'opportunity' ? { ...shared, ...opportunityOnly } : shared);

/** Those that a seller fills in. */
export function serviceInputs(kind: MappedKind): string[] {
  const inputs: string[] = [shared.sync, shared.requestedAction, shared.requestedReason];
  return kind === 'opportunity' ? [...inputs, opportunityOnly.choices] : inputs;
}

export const requestedActions = ['syncNow', 'accept', 'decline'] as const;

/** The word at a choice number, or `null`. */
export const wordOf = <T extends string>(words: readonly T[], choice: unknown): T | null =>
  typeof choice === 'number' ? (words[choice - firstChoice] ?? null) : null;

/** The choice number of a word; `null` empties the column. */
export const choiceOf = (words: readonly string[], word: string | null): number | null => (word === null ? null : firstChoice + words.indexOf(word));

export const statusWords = syncStatuses;
