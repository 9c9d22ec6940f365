// The kind of help and the notes: open until Microsoft is asked, then locked with the reason; what is masked is never shown or written.
import { describe, expect, test } from '@jest/globals';
import { helpCodes } from '../../core/browser';
import type { Inputs } from '../../controls/MicrosoftHelp/inputs';
import { toView, type View } from '../../controls/MicrosoftHelp/view';
import { helpNames } from '../../controls/shared/choiceColumn';
import { contextOf, momentsFor, wordsFor } from '../kit/controls/controlTools';
import type { Given } from '../kit/controls/hostContext';
import { helpSituations as s } from '../kit/controls/situations';

const viewOf = (values: Readonly<Record<string, Given>>, isDisabled = false): View => toView((contextOf('MicrosoftHelp', values) as { parameters: Inputs }).parameters, wordsFor('MicrosoftHelp'), momentsFor(), isDisabled);
const modes = ({ help, notes }: View): unknown[] => [help.mode, notes?.mode];

describe('the kind of help', () => {
  test('is one of seven: none, and the six that Partner Center knows, in the order of their choice values', () => {
    const { options } = viewOf(s.nothingAsked.values).help;
    expect(options.map((option) => option.value)).toEqual([null, 481_200_000, 481_200_001, 481_200_002, 481_200_003, 481_200_004, 481_200_005]);
    expect(options.map((option) => option.label)).toEqual(['No help needed', 'Workload-specific value proposition', 'Customer technical architecture', 'Proof of concept or demo', 'Quotes or licensing', 'Post-sales customer success', 'General or other']);
    expect(options.every((option) => option.text)).toBe(true);
    expect(helpNames).toHaveLength(helpCodes.length);
  });

  test('that is empty is "No help needed", without a warning', () => {
    const view = viewOf(s.nothingAsked.values);
    expect([view.help.chosen.label, view.warning, view.lockedText]).toEqual(['No help needed', undefined, undefined]);
  });

  test('warns, as soon as one is chosen, of what cannot be taken back', () => {
    expect(viewOf(s.chosen.values).warning).toBe('When you save, Microsoft is asked. The kind of help and the notes can’t be changed or taken back.');
  });

  test('that the words do not know is shown as the form shows it', () => {
    expect(viewOf({ help: { raw: 481_200_099, formatted: 'Something new' } }).help.chosen.label).toBe('Something new');
  });
});

describe('once Microsoft was asked', () => {
  test('both are locked, with the day and the reason, and nothing warns any more', () => {
    const view = viewOf(s.locked.values);
    expect(modes(view)).toEqual(['locked', 'locked']);
    expect([view.lockedText, view.warning]).toEqual(['Asked on 11/18/2026. Microsoft keeps the first request; agree changes with the Microsoft seller.', undefined]);
  });

  test('they stay locked for whoever may not write, too', () => {
    expect(modes(viewOf(s.locked.values, true))).toEqual(['locked', 'locked']);
  });

  test('they stay locked when the details cannot be read, without a day that nobody knows', () => {
    const view = viewOf({ ...s.locked.values, details: '{' });
    expect([...modes(view), view.lockedText]).toEqual(['locked', 'locked', '']);
    expect(modes(viewOf({ ...s.locked.values, help: null, details: '{' }))).toEqual(['edit', 'edit']);
  });
});

describe('a private or partner-led deal', () => {
  test('can still ask: what is frozen there are other fields', () => {
    expect(modes(viewOf({ ...s.chosen.values, identifier: 'x', details: JSON.stringify({ frozen: { fields: ['name', 'visibility'], since: '2026-11-18T16:57:09Z' } }) }))).toEqual(['edit', 'edit']);
  });
});

describe('what may not be', () => {
  test('seen is masked, each by itself', () => {
    const secret = { raw: null, security: { readable: false, editable: false, secured: true } };
    expect(modes(viewOf(s.masked.values))).toEqual(['masked', 'masked']);
    expect(modes(viewOf({ help: 481_200_001, notes: secret }))).toEqual(['edit', 'masked']);
    expect(viewOf({ help: secret, notes: null, details: s.locked.values.details }).lockedText).toBeUndefined();
  });

  test('changed is shown as text, and warns of nothing', () => {
    const view = viewOf(s.chosen.values, true);
    expect([...modes(view), view.warning, view.notes!.text]).toEqual(['readOnly', 'readOnly', undefined, s.chosen.values.notes]);
    expect(modes(viewOf({ help: { raw: null, security: { readable: true, editable: false, secured: true } }, notes: null }))).toEqual(['readOnly', 'edit']);
  });
});

test('notes are as long as their column, 2,000 characters where nobody says it', () => {
  expect(viewOf(s.chosen.values).notes!.maxLength).toBe(2_000);
  expect(viewOf({ help: null, notes: { raw: null, attributes: { MaxLength: 500 } } }).notes!.maxLength).toBe(500);
  expect(viewOf({ help: null }).notes).toBeUndefined();
});
