// Before something cannot be taken back: the first share, opening, asking for help, switching off.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { help, mode, openForm, plain, shared, soon, status, visibility, type Cells, type Opened } from './formKit';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const share = 'Microsoft Partner Center gets its name, customer, value, closing date, products and notes. Name, customer and address can’t be changed there.';
const agrees = 'By switching this on you confirm that the customer agrees to share this deal.';
const asks = 'Microsoft is asked for help; that and your notes to Microsoft can’t be taken back.';
const opens = 'Microsoft sellers of this customer can see it.';

/** A form with unsaved changes. */
function edited(row: Cells, changes: Cells, options: Parameters<typeof openForm>[1] = {}): Opened {
  const opened = openForm(row, options);
  for (const [name, value] of Object.entries(changes)) opened.set(name, value);
  return opened;
}
const on = { cosell_syncwithpartnercenter: true };
const last = (opened: Opened): unknown => opened.saves[opened.saves.length - 1];
const texts = (opened: Opened): string[] => opened.dialogs.map(({ text }) => text);

describe('the first share', () => {
  test('is stopped at once, asked, and goes after a yes with the status Pending', async () => {
    const opened = edited(plain, on);
    opened.save();
    expect(opened.saves).toEqual(['stopped']);
    expect(opened.dialogs).toHaveLength(1);
    expect(opened.dialogs[0]).toMatchObject({ title: 'Share this deal?', text: `${share}\n\n${agrees}` });
    await opened.dialogs[0]!.answer(true);
    expect(last(opened)).toEqual({ cosell_syncwithpartnercenter: true, cosell_syncstatus: status.pending });
    expect(opened.saves).toHaveLength(2);
    expect(opened.dialogs).toHaveLength(1);
  });

  test.each([[2052, '共享此交易？'], [1033, 'Share this deal?'], [1031, 'Share this deal?']])('speaks the user’s language (%i), and English where it has no other', (language, title) => {
    const opened = edited(plain, on, { language });
    opened.save();
    expect(opened.dialogs[0]!.title).toBe(title);
  });

  test('of a deal that asks for help says that, too; without help it does not', () => {
    const opened = edited(plain, { ...on, cosell_howcanmicrosofthelp: help.poc });
    opened.save();
    expect(texts(opened)).toEqual([`${share}\n\n${asks}\n\n${agrees}`]);
  });

  test('of a deal that asks for help and is private asks nothing of Microsoft, so it does not say so', () => {
    const opened = edited(plain, { ...on, cosell_howcanmicrosofthelp: help.poc, cosell_referralvisibility: visibility.private });
    opened.save();
    expect(texts(opened)).toEqual([`${share}\n\n${agrees}`]);
  });

  test.each([mode.saveAndClose, mode.saveAndNew])('after a yes is saved again in mode %i', async (how) => {
    const opened = edited(plain, on);
    const modes: number[] = [];
    opened.onSave.push((context) => modes.push((context as Xrm.Events.SaveEventContext).getEventArgs().getSaveMode()));
    opened.save(how);
    await opened.dialogs[0]!.answer(true);
    expect(modes).toEqual([how, how]);
    expect(opened.row.cosell_syncwithpartnercenter).toBe(true);
  });

  test.each([mode.assign, mode.deactivate])('carried by another deed (mode %i) is only saved after a yes', async (how) => {
    const opened = edited(plain, on);
    const modes: number[] = [];
    opened.onSave.push((context) => modes.push((context as Xrm.Events.SaveEventContext).getEventArgs().getSaveMode()));
    opened.save(how);
    expect(last(opened)).toBe('stopped');
    await opened.dialogs[0]!.answer(true);
    expect(modes).toEqual([how, mode.save]);
  });

  test('never goes with an autosave: it is stopped without a word, again and again, and the form stays dirty', () => {
    const opened = edited(plain, { ...on, name: 'Another name' });
    for (let seconds = 0; seconds < 3; seconds += 1) opened.save(mode.autosave);
    expect(opened.saves).toEqual(['stopped', 'stopped', 'stopped']);
    expect(opened.dialogs).toEqual([]);
    expect(opened.isDirty()).toBe(true);
    expect(opened.row).toEqual(plain);
  });

  test('never goes by leaving the form, which saves and closes: it asks', async () => {
    const opened = edited(plain, on);
    opened.save(mode.saveAndClose);
    expect(opened.row).toEqual(plain);
    expect(opened.isDirty()).toBe(true);
    opened.leave(); // the seller went on, then answered
    await opened.dialogs[0]!.answer(true);
    expect(opened.saves).toEqual(['stopped']);
  });

  test('refused leaves everything to be edited, and is asked anew with the next save', async () => {
    const opened = edited(plain, { ...on, estimatedvalue: 485000 });
    opened.save();
    await opened.dialogs[0]!.answer(false);
    expect(opened.saves).toEqual(['stopped']);
    expect([opened.shown('cosell_syncwithpartnercenter'), opened.shown('estimatedvalue'), opened.shown('cosell_syncstatus')]).toEqual([true, 485000, null]);
    opened.save();
    expect(opened.dialogs).toHaveLength(2);
  });

  test('does not ask twice at a double click, nor while the dialog is open', async () => {
    const opened = edited(plain, on);
    opened.save();
    opened.save();
    opened.save(mode.saveAndClose);
    opened.save(mode.autosave);
    expect(opened.saves).toEqual(['stopped', 'stopped', 'stopped', 'stopped']);
    expect(opened.dialogs).toHaveLength(1);
    await opened.dialogs[0]!.answer(true);
    expect(opened.saves).toHaveLength(5);
    expect(opened.calls.filter((call) => call === 'ring')).toEqual(['ring']);
  });

  test('agreed to, but refused by the server, is not asked again; an autosave still does not carry it', async () => {
    const opened = edited(plain, on);
    opened.world.save = 'refused';
    opened.save();
    await opened.dialogs[0]!.answer(true);
    expect(opened.row).toEqual(plain);
    expect([opened.shown('cosell_syncstatus'), opened.isDirty()]).toEqual([null, true]);
    opened.save(mode.autosave);
    expect(last(opened)).toBe('stopped');
    opened.world.save = 'taken';
    opened.save();
    expect(opened.dialogs).toHaveLength(1);
    expect(opened.row).toMatchObject({ ...on, cosell_syncstatus: status.pending });
  });

  test.each(['loaded anew for another record', 'read afresh'])('agreed to, but refused by the server, is asked again once the form was %s', async (how) => {
    const opened = edited({ ...plain, ...(how === 'read afresh' ? {} : on) }, how === 'read afresh' ? on : {}, { isNew: how !== 'read afresh' });
    opened.world.save = 'refused';
    opened.save();
    await opened.dialogs[0]!.answer(true);
    expect(opened.saves).toHaveLength(2);
    if (how === 'read afresh') await opened.form.data.refresh(false);
    else opened.load();
    opened.world.save = 'taken';
    opened.set('cosell_syncwithpartnercenter', true);
    opened.save();
    expect(last(opened)).toBe('stopped');
    expect(opened.dialogs).toHaveLength(2);
  });

  test('agreed to without help, then with help, is asked for the help', async () => {
    const opened = edited(plain, on);
    opened.world.save = 'refused';
    opened.save();
    await opened.dialogs[0]!.answer(true);
    opened.set('cosell_howcanmicrosofthelp', help.poc);
    opened.save();
    expect(texts(opened)).toEqual([`${share}\n\n${agrees}`, `${share}\n\n${asks}\n\n${agrees}`]);
    expect(opened.row).toEqual(plain);
  });

  test('agreed to, but cancelled by another handler, goes with the next save and rings', async () => {
    const opened = edited(plain, on);
    let stops = true;
    opened.onSave.push((context) => stops && (context as Xrm.Events.SaveEventContext).getEventArgs().preventDefault());
    opened.save();
    await opened.dialogs[0]!.answer(true);
    expect(opened.row).toEqual(plain);
    stops = false;
    opened.save();
    await soon();
    expect(opened.dialogs).toHaveLength(1);
    expect(opened.row.cosell_syncstatus).toBe(status.pending);
    expect(opened.calls).toContain('ring');
  });

  test('that a later handler of the form switches on is stopped and asked, too', async () => {
    const opened = openForm(plain);
    opened.onSave.push(() => opened.set('cosell_syncwithpartnercenter', true));
    opened.save(mode.autosave);
    expect([opened.saves, opened.dialogs]).toEqual([['stopped'], []]);
    opened.save();
    expect([opened.saves, opened.dialogs.length]).toEqual([['stopped', 'stopped'], 1]);
    await opened.dialogs[0]!.answer(true);
    expect(last(opened)).toEqual({ ...on, cosell_syncstatus: status.pending });
    expect(opened.dialogs).toHaveLength(1);
  });

  test('is not asked of a save that somebody else stops', () => {
    const opened = edited(plain, on);
    opened.onSave.unshift((context) => (context as Xrm.Events.SaveEventContext).getEventArgs().preventDefault());
    opened.save();
    expect(opened.saves).toEqual(['stopped']);
    expect(opened.dialogs).toEqual([]);
    expect(opened.shown('cosell_syncstatus')).toBeNull();
  });

  test('is not asked while the form lacks what the platform demands', () => {
    const opened = edited(plain, on);
    opened.world.isValid = false;
    opened.save();
    expect(opened.saves).toEqual(['stopped']);
    expect(opened.dialogs).toEqual([]);
  });

  test('whose dialog cannot be shown is not shared, and the next save asks again', async () => {
    const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const opened = edited(plain, on);
    opened.save();
    await opened.dialogs[0]!.fail();
    await soon();
    expect(opened.row).toEqual(plain);
    expect(log).toHaveBeenCalledTimes(1);
    opened.save();
    expect(opened.dialogs).toHaveLength(2);
    log.mockRestore();
  });

  test('of a new record asks, creates it Pending, and rings with its id', async () => {
    const opened = edited({ ...plain, ...on }, {}, { isNew: true });
    opened.save();
    await opened.dialogs[0]!.answer(true);
    expect(opened.row).toMatchObject({ ...on, cosell_syncstatus: status.pending });
    expect(opened.calls).toEqual(['ring']);
  });

  test('is not raised by a record that stays unshared, new or not', () => {
    for (const isNew of [true, false]) {
      const opened = edited(plain, { estimatedvalue: 1, cosell_howcanmicrosofthelp: help.poc }, { isNew });
      opened.save(mode.autosave);
      expect(opened.dialogs).toEqual([]);
      expect(opened.row.cosell_syncstatus).toBeNull();
      expect(opened.calls).toEqual([]);
    }
  });

  test('stops a stage of the process instead of its save, and asks', async () => {
    const opened = edited(plain, on);
    const stages: Xrm.Events.StageChangeEventHandler[] = [];
    Object.assign(opened.form.data, { process: { addOnPreStageChange: (handler: Xrm.Events.StageChangeEventHandler) => stages.push(handler), removeOnPreStageChange: () => undefined } });
    opened.load();
    let stopped = 0;
    const next = (): void => stages.forEach((handler) => handler({ getFormContext: () => opened.form, getEventArgs: () => ({ preventDefault: () => (stopped += 1) }) } as never));
    next();
    expect([stopped, opened.dialogs.length]).toEqual([1, 1]);
    await opened.dialogs[0]!.answer(true);
    expect(opened.row.cosell_syncwithpartnercenter).toBe(true);
    next();
    expect([stopped, opened.dialogs.length]).toEqual([1, 1]);
  });
});

describe('a shared deal', () => {
  test.each([
    ['opened', { cosell_referralvisibility: visibility.visible }, opens],
    ['that asks for help', { cosell_howcanmicrosofthelp: help.poc }, `${opens}\n\n${asks}`],
  ])('%s later is asked about that, and only that', async (_, change, text) => {
    const opened = edited(shared, change);
    opened.save(mode.autosave);
    expect([last(opened), opened.dialogs]).toEqual(['stopped', []]);
    opened.save();
    expect(texts(opened)).toEqual([text]);
    expect(opened.dialogs[0]!.title).toBe('Share this deal?');
    await opened.dialogs[0]!.answer(true);
    expect(opened.row).toMatchObject({ ...change, cosell_syncstatus: status.pending });
  });

  test('that asks for help but is private asks Microsoft nothing yet; made visible, it does', async () => {
    const opened = edited(shared, { cosell_howcanmicrosofthelp: help.poc, cosell_referralvisibility: visibility.private });
    opened.save();
    expect(opened.dialogs).toEqual([]);
    opened.set('cosell_referralvisibility', visibility.visible);
    opened.save();
    expect(texts(opened)).toEqual([`${opens}\n\n${asks}`]);
  });

  test('is asked nothing about what Microsoft has: other kinds of help, more notes, a lower visibility', () => {
    const details = JSON.stringify({ frozen: { fields: ['name', 'visibility', 'help', 'notesToMicrosoft'] } });
    const asked = { ...shared, cosell_syncdetails: details, cosell_howcanmicrosofthelp: help.poc, cosell_referralvisibility: visibility.visible };
    for (const change of [{ cosell_howcanmicrosofthelp: help.poc + 1 }, { cosell_notestomicrosoft: 'More' }, { cosell_referralvisibility: visibility.private }, { cosell_howcanmicrosofthelp: null }]) {
      const opened = edited(asked, change);
      opened.save();
      expect(opened.dialogs).toEqual([]);
    }
    const again = edited({ ...asked, cosell_howcanmicrosofthelp: null }, { cosell_howcanmicrosofthelp: help.poc });
    again.save();
    expect(again.dialogs).toEqual([]);
  });

  test('that Microsoft sent is asked nothing: it knows the deal', () => {
    const opened = edited({ ...shared, cosell_syncdetails: JSON.stringify({ microsoft: { direction: 'incoming' } }) }, { cosell_referralvisibility: visibility.visible });
    opened.save();
    expect(opened.dialogs).toEqual([]);
  });

  test('saves its amount without a question, in an autosave too', () => {
    const opened = edited(shared, { estimatedvalue: 485000 });
    opened.save(mode.autosave);
    expect(opened.dialogs).toEqual([]);
    expect(last(opened)).toEqual({ estimatedvalue: 485000, cosell_syncstatus: status.pending });
  });

  test('that Microsoft sent is not asked about help either, and one that only shows what is fixed is', () => {
    const incoming = edited({ ...shared, cosell_syncdetails: JSON.stringify({ microsoft: { direction: 'incoming' } }) }, { cosell_howcanmicrosofthelp: help.poc });
    incoming.save();
    expect(incoming.dialogs).toEqual([]);
    const outgoing = edited({ ...shared, cosell_syncdetails: JSON.stringify({ microsoft: { direction: 'outgoing' }, frozen: { fields: ['visibility'] } }) }, { cosell_howcanmicrosofthelp: help.poc });
    outgoing.save();
    expect(texts(outgoing)).toEqual([asks]);
  });

  test('that was taken back before Partner Center had it is asked about anew', async () => {
    const opened = edited(plain, on);
    for (const sync of [true, false, true]) {
      opened.set('cosell_syncwithpartnercenter', sync);
      opened.save();
      await opened.dialogs[opened.dialogs.length - 1]!.answer(true);
    }
    expect(opened.dialogs.map(({ title }) => title)).toEqual(['Share this deal?', 'Stop syncing this opportunity?', 'Share this deal?']);
  });

  test('that somebody else took back meanwhile is asked about anew', async () => {
    const opened = edited(plain, on);
    opened.save();
    await opened.dialogs[0]!.answer(true);
    opened.row.cosell_syncwithpartnercenter = false;
    await opened.form.data.refresh(false);
    opened.set('cosell_syncwithpartnercenter', true);
    opened.save();
    expect(opened.dialogs).toHaveLength(2);
    expect(last(opened)).toBe('stopped');
  });

  test('switched on again is not asked: Microsoft kept what it had', () => {
    const opened = edited({ ...shared, cosell_syncwithpartnercenter: false, cosell_syncstatus: status.notShared }, on);
    opened.save();
    expect(opened.dialogs).toEqual([]);
    expect(opened.row).toMatchObject({ ...on, cosell_syncstatus: status.pending });
  });
});

describe('switching off', () => {
  const off = { cosell_syncwithpartnercenter: false };

  test('asks once, and after a yes saves without Pending', async () => {
    const opened = edited(shared, off);
    opened.save(mode.autosave);
    opened.save();
    expect(opened.saves).toEqual(['stopped', 'stopped']);
    expect(opened.dialogs[0]).toMatchObject({ title: 'Stop syncing this opportunity?', text: 'Microsoft keeps what it already has; later changes stay here.' });
    await opened.dialogs[0]!.answer(true);
    expect(last(opened)).toEqual(off);
    opened.set('estimatedvalue', 1);
    opened.save();
    expect(opened.dialogs).toHaveLength(1);
    expect(last(opened)).toEqual({ estimatedvalue: 1 });
  });

  test('answered with "Keep syncing" switches on again and leaves other changes to be saved', async () => {
    const opened = edited(shared, { ...off, estimatedvalue: 485000 });
    opened.save();
    await opened.dialogs[0]!.answer(false);
    expect(opened.shown('cosell_syncwithpartnercenter')).toBe(true);
    expect(opened.saves).toEqual(['stopped']);
    opened.save(mode.autosave);
    expect(last(opened)).toEqual({ estimatedvalue: 485000, cosell_syncstatus: status.pending });
  });

  test('answered with "Keep syncing" tells whoever listens to the switch', async () => {
    const opened = edited(shared, off);
    const heard: unknown[] = [];
    opened.form.getAttribute('cosell_syncwithpartnercenter')!.addOnChange(() => heard.push(opened.shown('cosell_syncwithpartnercenter')));
    opened.save();
    await opened.dialogs[0]!.answer(false);
    expect(heard).toEqual([true]);
  });

  test('asks on a form where the script did not see the opening', () => {
    const opened = edited(shared, {}, { load: false });
    opened.set('cosell_syncwithpartnercenter', false);
    opened.save();
    expect(opened.dialogs[0]!.title).toBe('Stop syncing this opportunity?');
  });

  test('shows "Not shared" by itself when the service has seen it, and is quiet then', async () => {
    const opened = edited(shared, off);
    opened.save();
    await opened.dialogs[0]!.answer(true);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced);
    opened.row.cosell_syncstatus = status.notShared;
    await jest.advanceTimersByTimeAsync(2_000);
    expect(opened.shown('cosell_syncstatus')).toBe(status.notShared);
    expect(jest.getTimerCount()).toBe(0);
  });
});
