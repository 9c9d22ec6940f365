// A form opens: every part by itself, nothing twice, and no fault of ours breaks it.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Form } from '../../webresources/main';
import { openForm, plain, shared, soon, status, visibility, type Opened } from './formKit';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

describe('loading', () => {
  test('adds each handler once, however often it happens, and takes nobody else’s away', async () => {
    const opened = openForm(shared, { load: false });
    const others: string[] = [];
    opened.form.data.entity.addOnPostSave(() => void others.push('saved'));
    opened.form.getAttribute('cosell_requestedaction')!.addOnChange(() => void others.push('changed'));
    for (let times = 0; times < 3; times += 1) opened.load();
    opened.set('estimatedvalue', 1);
    opened.save();
    opened.output({ cosell_requestedaction: 481200000 });
    await jest.advanceTimersByTimeAsync(0);
    expect(opened.calls).toEqual(['ring', 'write', 'ring']);
    expect(others).toEqual(['saved', 'changed']);
  });

  test('works on a form of the most meagre kind, on an older client, on a read-only form', () => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => openForm(shared, { without: Object.keys(shared).filter((name) => name.startsWith('cosell_')) })).not.toThrow();
    expect(() => openForm(plain, { isNew: true })).not.toThrow();
    expect(() => openForm({ ...shared, cosell_syncstatus: status.synced }, { type: 3 })).not.toThrow();
    expect(log).not.toHaveBeenCalled();
    log.mockRestore();
  });

  test('for many records at once takes away what would share them: no question can be asked there', async () => {
    const asked = ['cosell_syncwithpartnercenter', 'cosell_referralvisibility', 'cosell_howcanmicrosofthelp'];
    const seen = (opened: Opened): string[] => [...asked, 'estimatedvalue'].filter((name) => opened.form.getControl<Xrm.Controls.StandardControl>(name)!.getVisible());
    expect(seen(openForm({ ...shared, cosell_syncstatus: status.pending }, { type: 6 }))).toEqual(['estimatedvalue']);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(seen(openForm(shared))).toEqual([...asked, 'estimatedvalue']);
    expect(() => openForm(shared, { type: 6, without: asked })).not.toThrow();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('loses one part to a fault and keeps the others', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const opened = openForm({ ...shared, cosell_syncstatus: status.pending, cosell_referralvisibility: visibility.visible, cosell_syncdetails: '{"frozen":{"fields":["visibility"]}}' }, { load: false });
    (opened.form.data.entity as { addOnPostSave: unknown }).addOnPostSave = undefined;
    opened.load();
    expect(log).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(350);
    expect(opened.calls).toEqual(['read']);
    expect(opened.form.getControl<Xrm.Controls.StandardControl>('cosell_referralvisibility')!.getDisabled()).toBe(true);
    log.mockRestore();
  });

  test.each([null, undefined, {}, { getFormContext: () => undefined }, { getFormContext: () => ({}) }])('and saving throw at nobody, whatever they are called with', (context) => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(Form.onLoad(context as never)).toBeUndefined();
    expect(Form.onSave(context as never)).toBeUndefined();
    expect(log.mock.calls.length).toBeGreaterThan(0);
    log.mockRestore();
  });

  test('a fault while saving lets the save go', () => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const opened = openForm(shared);
    opened.set('estimatedvalue', 1);
    (opened.form.ui as { getFormType: unknown }).getFormType = () => { throw new Error('odd client'); };
    opened.save();
    expect(opened.saves).toEqual([{ estimatedvalue: 1 }]);
    expect(log).toHaveBeenCalled();
    log.mockRestore();
  });

  test('hands the platform no promise: a save waits for nothing of ours', async () => {
    const opened = openForm(shared);
    opened.set('estimatedvalue', 1);
    const args = { isDefaultPrevented: () => false, getSaveMode: () => 1, preventDefault: () => undefined };
    expect(Form.onSave({ getFormContext: () => opened.form, getEventArgs: () => args } as never)).toBeUndefined();
    await soon();
  });
});

describe('the status', () => {
  const lockedAs = (type: string, more: object = {}): boolean => {
    const opened = openForm(shared, { load: false });
    const control = opened.form.getControl<Xrm.Controls.StandardControl>('cosell_syncstatus')!;
    Object.assign(control, { getControlType: () => type, ...more });
    opened.load();
    return control.getDisabled();
  };

  test('is locked where a plain control shows it, so that nobody writes a ✔ by hand; the component stays in use', () => {
    expect([lockedAs('optionset'), lockedAs('customcontrol:cosell_CoSell.SyncStatus'), lockedAs('optionset', { addEventHandler: () => undefined })]).toEqual([true, false, false]);
  });

  test('that is locked still becomes Pending with a save', () => {
    const opened = openForm(shared);
    opened.set('estimatedvalue', 1);
    opened.save();
    expect(opened.saves).toEqual([{ estimatedvalue: 1, cosell_syncstatus: status.pending }]);
  });
});

describe('visibility', () => {
  const locked = (row: Parameters<typeof openForm>[0]): boolean => openForm(row).form.getControl<Xrm.Controls.StandardControl>('cosell_referralvisibility')!.getDisabled();
  const visible = { ...shared, cosell_referralvisibility: visibility.visible };

  test('is locked when the service says that it is fixed, or, without its word, when the shared deal is visible', () => {
    expect(locked({ ...visible, cosell_syncdetails: '{"frozen":{"fields":["visibility"]}}' })).toBe(true);
    expect(locked({ ...visible, cosell_syncdetails: null })).toBe(true);
  });

  test('is open while the deal is private, or not shared yet, or the service has not opened it', () => {
    expect(locked({ ...shared, cosell_syncdetails: null })).toBe(false);
    expect(locked({ ...plain, cosell_referralvisibility: visibility.visible })).toBe(false);
    expect(locked({ ...visible, cosell_syncdetails: '{"frozen":{"fields":["name"]}}' })).toBe(false);
  });

  test('is locked on every control that shows it, and details that nobody can read lock nothing', () => {
    expect(locked({ ...visible, cosell_syncdetails: 'not JSON' })).toBe(false);
    expect(locked({ ...visible, cosell_syncdetails: '{"frozen":"all"}' })).toBe(false);
  });
});
