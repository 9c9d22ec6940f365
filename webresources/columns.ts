// The columns of the deal by what they hold, and the numbers of our own choices (contract, "Fields"); a test holds them to the service's list.
import type { SyncStatus, Visibility } from '../core/browser';
import { helpWords, statusWords, visibilityWords } from './atBuild/choiceWords';

export const table = 'opportunity';

export const columns = {
  sync: 'cosell_syncwithpartnercenter',
  identifier: 'cosell_referralidentifier',
  link: 'cosell_referrallink',
  help: 'cosell_howcanmicrosofthelp',
  visibility: 'cosell_referralvisibility',
  status: 'cosell_syncstatus',
  details: 'cosell_syncdetails',
  choices: 'cosell_conflictchoices',
  requestedAction: 'cosell_requestedaction',
  requestedReason: 'cosell_requestedreason',
  microsoftStatus: 'cosell_microsoftreferralstatus',
  microsoftCrmId: 'cosell_microsoftcrmidentifier',
  lastSyncedOn: 'cosell_lastsyncedon',
  audit: 'cosell_audit',
} as const;

/** What a seller fills in besides the fields of the deal; the step listens to these too. */
export const sellersWishes: readonly string[] = [columns.sync, columns.choices, columns.requestedAction, columns.requestedReason];

const firstChoice = 481_200_000;

export const statusToChoice = (status: SyncStatus): number => firstChoice + statusWords.indexOf(status);

/** `null` for an empty column; `undefined` for a number that is none of ours. */
export const choiceToStatus = (choice: unknown): SyncStatus | null | undefined =>
  choice === null || choice === undefined ? null : statusWords[Number(choice) - firstChoice];

export const choiceToVisibility = (choice: unknown): Visibility | null =>
  choice === null || choice === undefined ? null : (visibilityWords[Number(choice) - firstChoice] ?? null);

const wordsOf: Readonly<Record<string, readonly string[]>> = { help: helpWords, visibility: visibilityWords };

/** A value as the service writes it, as its column holds it; `undefined` for a word that is none of ours. */
export function wordToColumn(field: string, word: string): string | number | null | undefined {
  if (word === '') return null;
  const words = wordsOf[field];
  if (!words) return word;
  const at = words.indexOf(word);
  return at < 0 ? undefined : firstChoice + at;
}
