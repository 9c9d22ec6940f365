// Solution model: the global choices (contract, "Fields"). The order is the number: 481200000 and on; a new choice is added at the end, none is ever moved.
import { word, type Words } from './words';

/** The publisher's choice-value prefix. */
export const choicePrefix = 48_120;

export interface ChoiceModel {
  /** The global choice, and every column that takes it. */
  readonly name: string;
  readonly options: readonly Words[];
}

export const choices: readonly ChoiceModel[] = [
  {
    name: 'cosell_syncstatus',
    options: [word('status.notShared.label'), word('status.pending.label'), word('status.synced.label'), word('status.attention.label'), word('status.conflict.label'), word('status.failed.label')],
  },
  {
    name: 'cosell_howcanmicrosofthelp',
    options: [word('help.workload.label'), word('help.architecture.label'), word('help.poc.label'), word('help.quotes.label'), word('help.post.label'), word('help.general.label')],
  },
  { name: 'cosell_referralvisibility', options: [word('vis.private.label'), word('vis.ms.label')] },
  { name: 'cosell_requestedaction', options: [word('btn.sync'), word('btn.accept'), word('decline.confirm')] },
];

/** The number of the option at this place. */
export const choiceValue = (at: number): number => choicePrefix * 10_000 + at;
