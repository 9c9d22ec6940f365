// What a save would give away, and whether that was said before: the questions that are asked before something cannot be taken back.
import { choiceToVisibility } from '../columns';
import type { UsedKey } from '../atBuild/usedWords';

/** The three columns that decide what Microsoft sees (contract, "What is created"). */
export interface Answers {
  readonly sync: boolean | null;
  /** The kind of help as its number. */
  readonly help: number | null;
  readonly visibility: number | null;
}

export interface Stake {
  /** Partner Center has the deal. */
  readonly shared: boolean;
  /** Microsoft's sellers can see it. */
  readonly visible: boolean;
  /** Microsoft is asked for help. */
  readonly help: boolean;
}

export interface Question {
  /** What is asked, so that the same is not asked twice. */
  readonly key: string;
  readonly title: UsedKey;
  readonly texts: readonly UsedKey[];
  readonly yes: UsedKey;
  readonly no: UsedKey;
}

/** What the answers give away. Help that is asked on a deal that is explicitly private is not sent (`help-needs-visibility`), so it gives nothing away. */
export function stakeOf({ sync, help, visibility }: Answers): Stake {
  const shared = sync === true;
  const seen = choiceToVisibility(visibility);
  const asks = shared && help !== null && seen !== 'private';
  return { shared, visible: shared && (seen === 'visible' || asks), help: asks };
}

/**
 * The question that a save raises, or none.
 * @param saved the answers as Dataverse holds them
 * @param given what Microsoft has already, whatever the answers say now (it keeps what it has)
 */
export function questionOf(saved: Answers, given: Stake, answers: Answers): Question | undefined {
  const before = stakeOf(saved);
  const after = stakeOf(answers);
  if (before.shared && !after.shared) return { key: 'off', title: 'off.title', texts: ['off.text'], yes: 'off.stop', no: 'off.keep' };
  const isNew = (fact: keyof Stake): boolean => after[fact] && !before[fact] && !given[fact];
  const texts: UsedKey[] = [
    ...(isNew('shared') ? ['share.text' as const] : isNew('visible') ? ['vis.ms.text' as const] : []),
    ...(isNew('help') ? ['share.help' as const] : []),
    // Consent belongs beside the button: FormXml has no place for a sentence under the switch.
    ...(isNew('shared') ? ['sync.hint' as const] : []),
  ];
  if (texts.length === 0) return undefined;
  return { key: texts.join(), title: 'share.title', texts, yes: 'share.confirm', no: 'share.cancel' };
}
