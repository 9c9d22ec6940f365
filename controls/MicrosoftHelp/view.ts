// The mapper: what stands on the record becomes what the seller sees. Pure.
import { choiceIndex, choiceValue, helpNames } from '../shared/choiceColumn';
import { withDetails } from '../shared/details';
import type { Moments } from '../shared/moments';
import type { Words } from '../shared/words';
import type { Inputs } from './inputs';

export interface View {
  readonly help: Field & { readonly options: readonly Option[]; readonly chosen: Option };
  readonly notes?: Field & { readonly text: string; readonly maxLength: number };
  /** Microsoft was asked: both stay as they are, and this says since when. */
  readonly lockedText?: string;
  /** What a save would set in motion and nobody can take back. */
  readonly warning?: string;
}

/** `locked`: fixed once shared. `readOnly`: not to be changed by this user here. */
export interface Field {
  readonly mode: 'edit' | 'locked' | 'readOnly' | 'masked';
}

export interface Option {
  readonly value: number | null;
  readonly label: string;
  readonly text: string;
}

const NOTES_LENGTH = 2_000;

export function toView(inputs: Inputs, words: Words, moments: Moments, isDisabled: boolean): View {
  const { help, notes } = inputs;
  const since = lockedSince(inputs);
  const modeOf = (property: ComponentFramework.PropertyTypes.Property): Field['mode'] => {
    if (property.security?.readable === false) return 'masked';
    if (since !== undefined) return 'locked';
    return isDisabled || property.security?.editable === false ? 'readOnly' : 'edit';
  };
  const options = toOptions(words);
  const chosen = options.find((each) => each.value === (help.raw ?? null)) ?? { value: help.raw, label: help.formatted ?? String(help.raw), text: '' };
  const mode = modeOf(help);
  return {
    help: { mode, options, chosen },
    ...(notes ? { notes: { mode: modeOf(notes), text: notes.raw ?? '', maxLength: notes.attributes?.MaxLength ?? NOTES_LENGTH } } : {}),
    ...(since !== undefined && mode !== 'masked' ? { lockedText: since ? words('help.locked', { when: moments.date(moments.dayOf(since)) }) : '' } : {}),
    ...(mode === 'edit' && chosen.value !== null ? { warning: words('help.warn') } : {}),
  };
}

/** No help needed first, then the six kinds that Partner Center knows. */
function toOptions(words: Words): Option[] {
  const option = (name: string, value: number | null): Option => ({ value, label: words(`help.${name}.label`), text: words(`help.${name}.text`) });
  return [option('none', null), ...helpNames.map((name, at) => option(name, choiceValue(at)))];
}

/**
 * When Microsoft was asked: `0` where the time is not told, `undefined` while it was not asked. Details that cannot be read unlock nothing that
 * the record shows as shared.
 */
const lockedSince = ({ details, identifier, help }: Inputs): number | undefined =>
  withDetails(details, ({ frozen }, areReadable) => {
    const isLocked = areReadable ? frozen?.fields.includes('help') : identifier?.raw && choiceIndex(help.raw) >= 0;
    return isLocked ? Date.parse(frozen?.since ?? '') || 0 : undefined;
  });
