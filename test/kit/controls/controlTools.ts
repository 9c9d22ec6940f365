// Test kit: what a mapper is given, with the words that a control really has, without a browser.
import { fileURLToPath } from 'node:url';
import { controlWords } from '../../../scripts/controlStrings.mjs';
import { createMoments, type Moments } from '../../../controls/shared/moments';
import { createWords, type Words } from '../../../controls/shared/words';
import type { Inputs } from '../../../controls/SyncStatus/inputs';
import { createTools, type Tools } from '../../../controls/SyncStatus/tools';
import { toView, type Note, type Place, type StatusView } from '../../../controls/SyncStatus/view';
import { createContext, type Given, type HostSettings } from './hostContext';
import { NOW, type ControlName, type Situation } from './situations';

const root = fileURLToPath(new URL('../../../', import.meta.url));
type Settings = Partial<HostSettings>;

export const now = Date.parse(NOW);
export const here: Place = { isNew: false, isOffline: false, isDisabled: false };

/** A whole context, with the words of the control. */
export const contextOf = (control: ControlName, values: Readonly<Record<string, Given>>, settings: Settings = {}): never =>
  createContext(values, { ...settings, words: controlWords(root, control, settings.language ?? 1033) });

export const toolsFor = (values: Readonly<Record<string, Given>>, settings: Settings = {}, at = now): Tools => createTools(contextOf('SyncStatus', values, settings), at);

export const inputsOf = (values: Readonly<Record<string, Given>>): Inputs => (contextOf('SyncStatus', values) as { parameters: Inputs }).parameters;

/** A situation as the seller would see it. @throws when it is a note */
export function statusOf(situation: Pick<Situation, 'values'>, settings: Settings = {}, place = here, savedOn?: number): StatusView {
  const view = viewOf(situation, settings, place, savedOn);
  if (view.face === 'note') throw new Error(`a note: ${view.text}`);
  return view;
}

export const viewOf = ({ values }: Pick<Situation, 'values'>, settings: Settings = {}, place = here, savedOn?: number): Note | StatusView => toView(inputsOf(values), toolsFor(values, settings), place, savedOn);

export const wordsFor = (control: ControlName, settings: Settings = {}): Words => createWords((contextOf(control, {}, settings) as { resources: ComponentFramework.Resources }).resources);

export const momentsFor = (settings: Settings = {}): Moments => createMoments(contextOf('MicrosoftHelp', {}, settings), now);
