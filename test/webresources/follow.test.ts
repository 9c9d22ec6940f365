// After a save: the bell, and the form that follows what comes of it, without a click, a save or a request too many.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { Form } from '../../webresources/main';
import { moments } from '../../webresources/record/follow';
import { help, mode, openForm, plain, shared, soon, status, visibility, type Opened } from './formKit';

/** The browser's page, as far as the script looks at it. */
const page = { visibilityState: 'visible' as 'visible' | 'hidden' };

beforeEach(() => {
  jest.useFakeTimers();
  Object.assign(globalThis, { document: page });
});
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0); // whatever happened, nothing of a follow is left
  page.visibilityState = 'visible';
  Reflect.deleteProperty(globalThis, 'document');
  jest.useRealTimers();
});

const after = (milliseconds: number): Promise<void> => jest.advanceTimersByTimeAsync(milliseconds);
const count = (opened: Opened, call: string): number => opened.calls.filter((each) => each === call).length;
/** The service has done its work. */
const serve = (opened: Opened, cells: Record<string, unknown> = {}): void => void Object.assign(opened.row, { cosell_syncstatus: status.synced, cosell_lastsyncedon: '2026-11-23T10:42:00Z', cosell_syncdetails: '{"tookMs":412}', ...cells });
async function edit(opened: Opened, amount = 485000, how: number = mode.save): Promise<void> {
  opened.set('estimatedvalue', amount);
  opened.save(how);
  await soon();
}
const bell = 'cosell.bell';
const end = 130_000;

describe('a save', () => {
  test('that carries a shared column rings once, and shows what the service wrote without making the form dirty or saving it', async () => {
    const opened = openForm(shared);
    await edit(opened);
    expect(opened.calls).toEqual(['ring']);
    serve(opened, { cosell_audit: '2026-11-23T10:42:00Z | Dynamics 365 → Partner Center | Deal value: 450000 → 485000', cosell_microsoftreferralstatus: 'New/Pending', cosell_microsoftcrmidentifier: '7-3ADKQ19VX', cosell_referrallink: 'https://example.test/r-1' });
    await after(400);
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced);
    expect(opened.shown('cosell_lastsyncedon')).toEqual(new Date('2026-11-23T10:42:00Z'));
    for (const name of ['cosell_syncdetails', 'cosell_audit', 'cosell_microsoftreferralstatus', 'cosell_microsoftcrmidentifier', 'cosell_referrallink']) expect(opened.shown(name)).toBe(opened.row[name]);
    expect([opened.isDirty(), opened.saves.length, opened.refreshes]).toEqual([false, 1, []]);
    expect(opened.calls).toEqual(['ring', 'read', 'read']);
  });

  test('that carries a shared column only because a later handler of the form fills it is Pending, too', async () => {
    const opened = openForm(shared);
    opened.load();
    opened.onSave.push(() => opened.set('estimatedvalue', 512000));
    opened.save();
    await soon();
    expect(opened.saves).toEqual([{ estimatedvalue: 512000, cosell_syncstatus: status.pending }]);
    expect(opened.calls).toEqual(['ring']);
    opened.save();
    expect(opened.saves[1]).toEqual({});
    serve(opened);
    await after(end);
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced);
  });

  test('that carries none rings nothing and changes no status', async () => {
    const opened = openForm({ ...shared, acme_campaign: null });
    opened.set('acme_campaign', 'Spring');
    opened.save();
    await after(end);
    expect(opened.calls).toEqual([]);
    expect(opened.saves).toEqual([{ acme_campaign: 'Spring' }]);
  });

  test('of a deal that is not shared rings nothing', async () => {
    const opened = openForm(plain);
    await edit(opened);
    await after(end);
    expect(opened.calls).toEqual([]);
    expect(opened.saves).toEqual([{ estimatedvalue: 485000 }]);
  });

  test('refused by the server rings nothing and takes Pending back', async () => {
    const opened = openForm(shared);
    opened.world.save = 'refused';
    await edit(opened);
    await after(end);
    expect(opened.calls).toEqual([]);
    expect([opened.shown('cosell_syncstatus'), opened.row.cosell_syncstatus]).toEqual([status.synced, status.synced]);
    expect(opened.isDirty()).toBe(true);
  });

  test('refused while an earlier one is on its way goes on following that', async () => {
    const opened = openForm(shared);
    await edit(opened);
    opened.world.save = 'refused';
    await edit(opened, 490000);
    expect(opened.shown('cosell_syncstatus')).toBe(status.pending);
    serve(opened);
    await after(1_000);
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced);
    expect(opened.shown('estimatedvalue')).toBe(490000);
  });

  test('refused or cancelled leaves no mark: what is saved next carries no status that nobody asked for', async () => {
    const opened = openForm({ ...shared, acme_campaign: null });
    opened.world.save = 'refused';
    await edit(opened);
    opened.world.save = 'taken';
    opened.set('estimatedvalue', 450000);
    opened.set('acme_campaign', 'Spring');
    opened.save();
    expect(opened.saves[1]).toEqual({ acme_campaign: 'Spring' });
    expect(opened.row.cosell_syncstatus).toBe(status.synced);
  });

  test('cancelled after it was marked, then refused, shows the status from before both', async () => {
    const opened = openForm(shared);
    opened.onSave.push((context) => (context as Xrm.Events.SaveEventContext).getEventArgs().preventDefault());
    await edit(opened);
    expect(opened.shown('cosell_syncstatus')).toBe(status.pending);
    opened.onSave.pop();
    opened.world.save = 'refused';
    opened.save();
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced);
  });

  test('that was marked is marked once: the next one, of other columns, carries no status', async () => {
    const opened = openForm({ ...shared, acme_campaign: null });
    await edit(opened);
    opened.set('acme_campaign', 'Spring');
    opened.save();
    expect(opened.saves[1]).toEqual({ acme_campaign: 'Spring' });
    serve(opened);
    await after(400);
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced); // the follow of the first went on
  });

  test('under way is not overtaken by the answer about the one before', async () => {
    const opened = openForm(shared);
    await edit(opened);
    serve(opened);
    opened.world.save = 'slow';
    opened.set('estimatedvalue', 490000);
    opened.save();
    await after(2_000);
    expect(opened.shown('cosell_syncstatus')).toBe(status.pending);
    opened.finishSave();
    serve(opened);
    await after(400);
    expect([opened.shown('cosell_syncstatus'), opened.row.estimatedvalue]).toEqual([status.synced, 490000]);
  });

  test('under way still rings when another, of other columns, is begun before its end', async () => {
    const opened = openForm({ ...shared, acme_campaign: null });
    opened.world.save = 'slow';
    opened.set('estimatedvalue', 490000);
    opened.save();
    const first = opened.finishSave;
    opened.set('estimatedvalue', 450000);
    opened.set('acme_campaign', 'Spring');
    opened.save();
    expect(opened.shown('cosell_syncstatus')).toBe(status.pending);
    first();
    await soon();
    expect(opened.calls).toEqual(['ring']);
    serve(opened);
    await after(400);
  });

  test('sends Pending even where the form believes that it is Pending already', async () => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.pending });
    opened.row.cosell_syncstatus = status.synced; // meanwhile
    await edit(opened);
    expect(opened.row.cosell_syncstatus).toBe(status.pending);
    serve(opened);
    await after(400);
  });

  test('and the next one: a look that was under way does not bring back ✔ for the values before', async () => {
    const opened = openForm(shared);
    await edit(opened);
    serve(opened);
    jest.advanceTimersByTime(300); // the look is asked, its answer not yet here
    opened.set('estimatedvalue', 490000);
    opened.save();
    await soon();
    expect(opened.shown('cosell_syncstatus')).toBe(status.pending);
    serve(opened);
    await after(400);
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced);
    expect(count(opened, 'ring')).toBe(2);
  });

  test.each([mode.saveAndClose, mode.saveAndNew])('that leaves the record (mode %i) rings and follows nothing', async (how) => {
    const opened = openForm(shared);
    await edit(opened, 485000, how);
    await after(end);
    expect(opened.calls).toEqual(['ring']);
  });

  test('of a new record is followed from its first save on, by one follow', async () => {
    const opened = openForm({ ...plain, cosell_syncwithpartnercenter: true }, { isNew: true });
    opened.save();
    await opened.dialogs[0]!.answer(true);
    await after(350);
    expect(opened.calls).toEqual(['ring', 'read']);
    serve(opened, { cosell_referralidentifier: 'r-9' });
    await after(100);
    expect([opened.shown('cosell_referralidentifier'), opened.shown('cosell_syncstatus')]).toEqual(['r-9', status.synced]);
  });

  test('on a quick create form rings nothing: the step does', async () => {
    const opened = openForm({ ...plain, cosell_syncwithpartnercenter: true }, { isNew: true, type: 5 });
    opened.save();
    await opened.dialogs[0]!.answer(true);
    await after(end);
    expect(opened.row).toMatchObject({ cosell_syncwithpartnercenter: true, cosell_syncstatus: status.pending });
    expect(opened.calls).toEqual([]);
  });

  test('offline rings nothing and asks nothing', async () => {
    const opened = openForm(shared);
    opened.world.offline = true;
    await edit(opened);
    await after(end);
    expect(opened.calls).toEqual([]);
    expect(opened.saves).toHaveLength(1);
  });

  test('on a form without any column of ours but the switch still rings', async () => {
    const own = Object.keys(shared).filter((name) => name.startsWith('cosell_') && name !== 'cosell_syncwithpartnercenter');
    const opened = openForm(shared, { without: own });
    await edit(opened);
    await after(400);
    expect(opened.saves).toEqual([{ estimatedvalue: 485000 }]);
    expect(count(opened, 'ring')).toBe(1);
  });

  test('by somebody who may not write the status goes without Pending, and rings', async () => {
    const opened = openForm(shared);
    Object.assign(opened.form.getAttribute('cosell_syncstatus')!, { getUserPrivilege: () => ({ canRead: true, canCreate: false, canUpdate: false }) });
    await edit(opened);
    expect(opened.saves).toEqual([{ estimatedvalue: 485000 }]);
    expect(opened.calls).toEqual(['ring']);
    await after(end);
  });

  test.each([[true, false], [false, true]])('of a new record goes by the right to create, of any other by the right to update: %s', async (canCreate, canUpdate) => {
    for (const isNew of [true, false]) {
      const opened = openForm({ ...shared, cosell_referralidentifier: null }, { isNew });
      Object.assign(opened.form.getAttribute('cosell_syncstatus')!, { getUserPrivilege: () => ({ canRead: true, canCreate, canUpdate }) });
      await edit(opened);
      if (isNew) await opened.dialogs[0]!.answer(true);
      const sent = opened.saves.at(-1) as Record<string, unknown>;
      expect(sent.cosell_syncstatus === status.pending).toBe(isNew ? canCreate : canUpdate);
      await after(end);
    }
  });

  test('that could not be marked is followed until something is new: the ✔ of before ends nothing', async () => {
    const opened = openForm(shared);
    Object.assign(opened.form.getAttribute('cosell_syncstatus')!, { getUserPrivilege: () => ({ canRead: true, canCreate: false, canUpdate: false }) });
    await edit(opened);
    await after(1_500);
    serve(opened, { cosell_syncstatus: status.failed });
    await after(1_000);
    expect(opened.shown('cosell_syncstatus')).toBe(status.failed);
  });

  test('on a form without the switch goes by the status', async () => {
    const opened = openForm(shared, { without: ['cosell_syncwithpartnercenter'] });
    await edit(opened);
    expect(opened.saves).toEqual([{ estimatedvalue: 485000, cosell_syncstatus: status.pending }]);
    expect(opened.dialogs).toEqual([]);
    serve(opened);
    await after(400);
  });
});

describe('the follow', () => {
  test('looks at eight early moments and then every 15 s for two minutes, then never again', async () => {
    const opened = openForm(shared);
    await edit(opened);
    expect(moments.slice(0, 8)).toEqual([300, 400, 600, 1000, 2000, 3000, 5000, 8000]);
    const seen: number[] = [];
    for (let now = 0; now < 140_000; now += 100) {
      const before = count(opened, 'read');
      await after(100);
      if (count(opened, 'read') > before) seen.push(now + 100);
    }
    expect(seen).toEqual([300, 400, 600, 1000, 2000, 3000, 5000, 8000, 23_000, 38_000, 53_000, 68_000, 83_000, 98_000, 113_000, 128_000]);
    expect(opened.shown('cosell_syncstatus')).toBe(status.pending);
    await after(3_600_000);
    expect(count(opened, 'read')).toBe(seen.length);
  });

  test('law: an idle open form asks nothing at all, whatever its status but Pending', async () => {
    for (const each of [null, ...Object.values(status)].filter((one) => one !== status.pending)) {
      const opened = openForm({ ...shared, cosell_syncstatus: each });
      await after(3_600_000);
      expect(opened.calls).toEqual([]);
    }
  });

  test('begins when a form opens that is Pending, and ends with what it sees', async () => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.pending });
    await after(350);
    expect(opened.calls).toEqual(['read']);
    serve(opened, { cosell_syncstatus: status.failed });
    await after(100);
    expect(opened.shown('cosell_syncstatus')).toBe(status.failed);
    await after(end);
    expect(opened.calls).toEqual(['read', 'read', 'read']);
  });

  test('is one, however often the form loads', async () => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.pending });
    opened.load();
    await after(350);
    opened.load();
    await after(300);
    expect(count(opened, 'read')).toBe(3);
    serve(opened);
    await after(400);
  });

  test('begins again when a form is loaded that is Pending still, after the moments were over', async () => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.pending });
    await after(end);
    const before = count(opened, 'read');
    opened.load();
    await after(350);
    expect(count(opened, 'read')).toBe(before + 1);
    serve(opened);
    await after(400);
  });

  test('does not begin offline', async () => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.pending }, { load: false });
    opened.world.offline = true;
    opened.load();
    await after(end);
    expect(opened.calls).toEqual([]);
  });

  test('is of ten forms at most: who opens more has left the first', async () => {
    const opened = Array.from({ length: 12 }, () => openForm({ ...shared, cosell_syncstatus: status.pending }, { isOlder: true }));
    await after(350);
    expect(opened[11]!.calls).toHaveLength(10);
    for (const each of opened) each.leave();
    await after(end);
  });

  test('takes a timer that fires a little early for its moment', async () => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.pending });
    const clock = Date.now.bind(Date);
    const early = jest.spyOn(Date, 'now').mockImplementation(() => clock() - 3);
    await after(310);
    early.mockRestore();
    expect(count(opened, 'read')).toBe(1);
    serve(opened);
    await after(400);
  });

  test('goes on with the form that was opened last, when a record is opened again', async () => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.pending });
    await after(350);
    const again = Object.assign(Object.create(opened.form) as Xrm.FormContext, {});
    Form.onLoad({ getFormContext: () => again } as never);
    await after(350);
    expect(count(opened, 'read')).toBe(2);
    serve(opened);
    await after(400);
  });

  test('asks nothing while the page is hidden, and looks within a second when it is seen again', async () => {
    const opened = openForm(shared);
    await edit(opened);
    await after(350);
    page.visibilityState = 'hidden';
    await after(20_000);
    expect(count(opened, 'read')).toBe(1);
    serve(opened);
    page.visibilityState = 'visible';
    await after(1_000);
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced);
    await after(end);
    expect(count(opened, 'read')).toBe(3);
  });

  test.each([[600_000, 1], [3_600_000, 0]])('that was hidden until its time was over, for %i ms, looks %i times more', async (hidden, times) => {
    const opened = openForm(shared);
    await edit(opened);
    page.visibilityState = 'hidden';
    await after(hidden);
    page.visibilityState = 'visible';
    await after(600_000);
    expect(count(opened, 'read')).toBe(times);
  });

  test('ends when the form shows another record or is closed, without touching it', async () => {
    const opened = openForm(shared);
    await edit(opened);
    serve(opened);
    jest.advanceTimersByTime(300);
    opened.leave();
    await after(end);
    expect(opened.calls).toEqual(['ring', 'read']);
    expect(opened.shown('cosell_syncstatus')).toBe(status.pending);
  });

  test('ends when the page shows another record though the closed form still answers', async () => {
    const opened = openForm(shared);
    await edit(opened);
    opened.leave('page');
    await after(end);
    expect(count(opened, 'read')).toBe(0);
  });

  test('touches nothing when the form was left between ✔ and the history', async () => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.pending });
    serve(opened, { cosell_audit: 'new', estimatedvalue: 1 });
    const read = Xrm.WebApi.retrieveRecord;
    (Xrm.WebApi as { retrieveRecord: unknown }).retrieveRecord = async (...given: Parameters<typeof read>) => {
      const row = (await read(...given)) as object;
      if ('cosell_audit' in row) opened.leave();
      return row;
    };
    await after(end);
    expect([count(opened, 'read'), opened.shown('cosell_audit'), opened.refreshes]).toEqual([2, null, []]);
  });

  test('ends when a closed form throws', async () => {
    const opened = openForm(shared);
    await edit(opened);
    (opened.form.data.entity as { getId(): string }).getId = () => { throw new Error('disposed'); };
    await after(end);
    expect(count(opened, 'read')).toBe(0);
  });

  test('outlives reads that fail', async () => {
    const opened = openForm(shared);
    opened.world.reads = 'refused';
    await edit(opened);
    await after(2_500);
    opened.world.reads = 'answered';
    serve(opened);
    await after(1_000);
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced);
  });

  test('shows the steps: picked up when the bell was heard, then what the service says', async () => {
    const opened = openForm(shared);
    const step = (): unknown => (JSON.parse(String(opened.shown('cosell_syncdetails'))) as { progress?: string }).progress;
    opened.set('estimatedvalue', 1);
    opened.save();
    expect(step()).toBeUndefined();
    await soon();
    expect(step()).toBe('queued');
    await after(350);
    expect(step()).toBe('queued');
    opened.row.cosell_syncdetails = '{"progress":"writing","nextTryOn":"2026-11-23T10:42:30Z"}';
    await after(100);
    expect(step()).toBe('writing');
    expect(opened.isDirty()).toBe(false);
    serve(opened);
    await after(300);
    expect(step()).toBeUndefined();
  });

  test('leaves alone what the seller is typing, and what waits to be saved goes with the next save unchanged', async () => {
    const opened = openForm(shared);
    await edit(opened);
    opened.set('name', 'Typed meanwhile');
    opened.set('cosell_conflictchoices', '{"choices":[]}');
    serve(opened, { cosell_conflictchoices: null, description: 'From Partner Center', cosell_audit: 'new' });
    await after(500);
    expect([opened.shown('name'), opened.shown('cosell_conflictchoices'), opened.shown('cosell_audit')]).toEqual(['Typed meanwhile', '{"choices":[]}', 'new']);
    expect(opened.refreshes).toEqual([]);
    opened.save();
    expect(opened.saves[1]).toEqual({ name: 'Typed meanwhile', cosell_conflictchoices: '{"choices":[]}', cosell_syncstatus: status.pending });
    serve(opened);
    await after(500);
  });

  test.each([
    ['amount', { estimatedvalue: 440000 }], ['notes', { description: 'From Partner Center' }], ['closing date', { estimatedclosedate: '2027-04-30' }],
    ['currency', { transactioncurrencyid: { table: 'transactioncurrency', id: 'c0000000-0000-4000-8000-000000000002' } }], ['state', { statecode: 1 }],
  ])('reads a clean form afresh, once, when Partner Center changed its %s', async (_, cells) => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.pending });
    serve(opened, cells);
    await after(end);
    expect(opened.refreshes).toEqual(['clean']);
    expect(opened.saves).toEqual([]);
  });

  test('does not read the form afresh when it shows everything already', async () => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.pending });
    serve(opened);
    await after(end);
    expect(opened.refreshes).toEqual([]);
  });

  test('does not lock a visibility that the seller is just opening', async () => {
    const opened = openForm({ ...shared, cosell_referralvisibility: visibility.private, cosell_syncstatus: status.pending, cosell_syncdetails: null });
    opened.set('cosell_referralvisibility', visibility.visible);
    await after(350);
    expect(opened.form.getControl<Xrm.Controls.StandardControl>('cosell_referralvisibility')!.getDisabled()).toBe(false);
    serve(opened);
    await after(400);
  });

  test('locks the visibility as soon as the deal is visible', async () => {
    const opened = openForm({ ...shared, cosell_referralvisibility: visibility.visible, cosell_syncstatus: status.pending, cosell_syncdetails: '{}' });
    const isLocked = (): boolean => opened.form.getControl<Xrm.Controls.StandardControl>('cosell_referralvisibility')!.getDisabled();
    expect(isLocked()).toBe(false);
    serve(opened, { cosell_syncdetails: '{"frozen":{"fields":["visibility"]}}' });
    await after(350);
    expect(isLocked()).toBe(true);
  });
});

describe('the bell', () => {
  test('not heard is said on the form, until a later one is heard', async () => {
    const opened = openForm(shared);
    opened.world.bell = 'missed';
    await edit(opened);
    expect(opened.notifications.get(bell)).toBe('WARNING: Saved. The sync service can’t be reached; your change goes out by itself when it is back.');
    opened.world.bell = 'heard';
    await edit(opened, 490000);
    expect(opened.notifications.size).toBe(0);
    serve(opened);
    await after(400);
  });

  test('not heard is no longer said when the status leaves Pending: ✔ came without a click', async () => {
    const opened = openForm(shared);
    opened.world.bell = 'missed';
    await edit(opened);
    await after(20_000);
    expect(opened.notifications.size).toBe(1);
    expect(opened.shown('cosell_syncstatus')).toBe(status.pending);
    serve(opened);
    await after(15_000);
    expect([opened.notifications.size, opened.shown('cosell_syncstatus')]).toEqual([0, status.synced]);
  });

  test('not heard in the end is not said when the status has left Pending meanwhile', async () => {
    const opened = openForm(shared);
    let fail = (): void => undefined;
    Object.assign(Xrm.WebApi.online, { execute: () => new Promise((_, reject) => (fail = () => reject(new Error('timed out')))) });
    await edit(opened);
    serve(opened);
    await after(350);
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced);
    fail();
    await soon();
    expect(opened.notifications.size).toBe(0);
  });

  test('not heard takes the step "picked up" back', async () => {
    const opened = openForm(shared);
    await edit(opened);
    opened.world.bell = 'missed';
    await edit(opened, 490000);
    await after(350);
    expect(opened.shown('cosell_syncdetails')).toBe(opened.row.cosell_syncdetails);
    serve(opened);
    await after(400);
  });

  test('not heard is not said on another record', async () => {
    const opened = openForm(shared);
    opened.world.bell = 'missed';
    opened.set('estimatedvalue', 1);
    opened.save();
    opened.leave();
    await after(end);
    expect(opened.notifications.size).toBe(0);
  });

  test('rings for both of two saves that overlap', async () => {
    const opened = openForm(shared);
    opened.set('estimatedvalue', 1);
    let again = true;
    // The second save begins before the first one's PostSave.
    (opened.form.data.entity as unknown as { postSaveEventHandlers: (() => void)[] }).postSaveEventHandlers.unshift(() => {
      if (!again) return;
      again = false;
      opened.set('estimatedvalue', 2);
      opened.save();
    });
    opened.save();
    await soon();
    expect(count(opened, 'ring')).toBe(2);
    expect(opened.row).toMatchObject({ estimatedvalue: 2, cosell_syncstatus: status.pending });
    serve(opened);
    await after(400);
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced);
  });
});

test('a form context that is a new object in every event asks once and rings once all the same', async () => {
  const opened = openForm(plain);
  const fresh = (): Xrm.FormContext => Object.create(opened.form) as Xrm.FormContext;
  const [onSave] = opened.onSave;
  opened.onSave[0] = (context) => onSave!({ ...(context as object), getFormContext: fresh });
  opened.set('cosell_syncwithpartnercenter', true);
  opened.set('cosell_howcanmicrosofthelp', help.poc);
  opened.save();
  opened.save();
  expect(opened.dialogs).toHaveLength(1);
  await opened.dialogs[0]!.answer(true);
  expect(opened.dialogs).toHaveLength(1);
  expect(opened.row.cosell_syncwithpartnercenter).toBe(true);
  expect(count(opened, 'ring')).toBe(1);
  serve(opened);
  await after(400);
});
