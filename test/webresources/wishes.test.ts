// What the status control hands to the form: Sync now, Accept, Decline, the choices of a conflict, and the way to a field.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { action, help, mode, openForm, plain, shared, soon, status, visibility, type Cells, type Opened } from './formKit';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => {
  expect(jest.getTimerCount()).toBe(0);
  jest.useRealTimers();
});

const after = (milliseconds: number): Promise<void> => jest.advanceTimersByTimeAsync(milliseconds);
const quietly = async (act: () => Promise<void>): Promise<unknown[][]> => {
  const log = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  await act();
  const { calls } = log.mock;
  log.mockRestore();
  return calls;
};

describe('a requested action', () => {
  const serve = (opened: Opened, cells: Cells = {}): void => void Object.assign(opened.row, { cosell_requestedaction: null, cosell_requestedreason: null, ...cells });

  test('is written at once, rings, and leaves a clean form clean; the status follows until it was carried out', async () => {
    const opened = openForm(shared);
    opened.output({ cosell_requestedaction: action.syncNow });
    await after(0);
    expect(opened.writes).toEqual([{ cosell_requestedaction: action.syncNow, cosell_requestedreason: null }]);
    expect(opened.calls).toEqual(['write', 'ring']);
    expect([opened.isDirty(), opened.saves, opened.shown('cosell_requestedaction')]).toEqual([false, [], null]);
    await after(350);
    serve(opened, { cosell_microsoftreferralstatus: 'Active/Accepted' });
    await after(100);
    expect(opened.shown('cosell_microsoftreferralstatus')).toBe('Active/Accepted');
  });

  test('takes the reason along that the control hands over after it', async () => {
    const opened = openForm(shared);
    opened.output({ cosell_requestedaction: action.syncNow + 2, cosell_requestedreason: 'Timeline too short' });
    await after(0);
    expect(opened.writes).toEqual([{ cosell_requestedaction: action.syncNow + 2, cosell_requestedreason: 'Timeline too short' }]);
    expect(opened.shown('cosell_requestedreason')).toBeNull();
    serve(opened);
    await after(400);
  });

  test('leaves unsaved changes alone, and they alone', async () => {
    const opened = openForm(shared);
    opened.set('estimatedvalue', 1);
    opened.output({ cosell_requestedaction: action.syncNow });
    opened.save(mode.autosave); // before the write is on its way
    await after(0);
    serve(opened);
    await after(500);
    expect(opened.saves).toEqual([{ estimatedvalue: 1, cosell_syncstatus: status.pending }]);
    expect(opened.writes).toHaveLength(1);
    opened.row.cosell_syncstatus = status.synced;
    await after(2_000);
  });

  test('on its way is nothing that a save has to tell the service', async () => {
    const opened = openForm({ ...shared, acme_campaign: null });
    opened.set('acme_campaign', 'Spring');
    opened.output({ cosell_requestedaction: action.syncNow });
    opened.save();
    expect(opened.saves).toEqual([{ acme_campaign: 'Spring' }]);
    await after(0);
    serve(opened);
    await after(400);
  });

  test('can be wished again', async () => {
    const opened = openForm(shared);
    for (let times = 1; times <= 2; times += 1) {
      opened.output({ cosell_requestedaction: action.syncNow });
      await after(0);
      serve(opened);
      await after(400);
      expect(opened.writes).toHaveLength(times);
    }
  });

  test('that cannot be written goes with the next save: it is not lost', async () => {
    const opened = openForm(shared);
    opened.world.writes = 'refused';
    expect(await quietly(async () => {
      opened.output({ cosell_requestedaction: action.syncNow });
      await after(0);
    })).toHaveLength(1);
    expect([opened.calls, opened.isDirty()]).toEqual([['write'], true]);
    opened.save();
    expect(opened.saves).toEqual([{ cosell_requestedaction: action.syncNow, cosell_syncstatus: status.pending }]);
    serve(opened, { cosell_syncstatus: status.synced });
    await after(500);
  });

  test.each([['offline', shared, {}], ['on an unsaved record', plain, { isNew: true }]])('%s waits for the save', async (where, row, options) => {
    const opened = openForm(row, options);
    opened.world.offline = where === 'offline';
    opened.output({ cosell_requestedaction: action.syncNow });
    await after(1_000);
    expect(opened.calls).toEqual([]);
    expect(opened.isDirty()).toBe(true);
  });

  test('that cannot be written is not lost to a look that was under way', async () => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.pending });
    const write = { fail: (): void => undefined };
    Object.assign(Xrm.WebApi, { updateRecord: () => new Promise((_, reject) => (write.fail = () => reject(new Error('429')))) });
    opened.output({ cosell_requestedaction: action.syncNow });
    await after(450); // looks, and sees a row without the wish
    const log = await quietly(async () => {
      write.fail();
      await after(0);
    });
    expect(log).toHaveLength(1);
    expect(opened.shown('cosell_requestedaction')).toBe(action.syncNow);
    opened.save();
    expect(opened.row.cosell_requestedaction).toBe(action.syncNow);
    Object.assign(opened.row, { cosell_requestedaction: null, cosell_syncstatus: status.synced });
    await after(130_000);
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced);
  });

  test('that cannot be written while the form shows another record leaves the way free to follow when it comes back', async () => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.synced });
    const entity = opened.form.data.entity as { getId: () => string };
    const own = entity.getId();
    opened.world.writes = 'refused';
    opened.output({ cosell_requestedaction: action.syncNow });
    entity.getId = () => '{0A11CE00-0000-4000-8000-EEEEEEEEEEEE}';
    await quietly(() => after(0));
    entity.getId = () => own;
    opened.row.cosell_syncstatus = status.pending;
    await opened.form.data.refresh(false);
    opened.load();
    await after(350);
    expect(opened.calls).toEqual(['write', 'read']);
    await after(130_000);
  });

  test('that somebody else wished is not wished again when the form reads it', async () => {
    const opened = openForm(shared);
    opened.row.cosell_requestedaction = action.syncNow;
    await opened.form.data.refresh(false);
    await after(1_000);
    expect(opened.shown('cosell_requestedaction')).toBe(action.syncNow);
    expect(opened.calls).toEqual([]);
  });

  test('whose bell is not heard says so', async () => {
    const opened = openForm(shared);
    opened.world.bell = 'missed';
    opened.output({ cosell_requestedaction: action.syncNow });
    await after(0);
    expect(opened.notifications.size).toBe(1);
    serve(opened);
    await after(400);
    expect(opened.notifications.size).toBe(0);
  });

  test('on a form that was left meanwhile touches nothing there', async () => {
    const opened = openForm(shared);
    opened.output({ cosell_requestedaction: action.syncNow });
    opened.leave();
    await after(1_000);
    expect(opened.calls).toEqual(['write']);
    expect(opened.shown('cosell_requestedaction')).toBe(action.syncNow);
  });
});

describe('the choices of a conflict', () => {
  const conflict = { ...shared, cosell_syncstatus: status.conflict };
  const choices = (keep: string): string => JSON.stringify({ choices: [{ field: 'dealValue', keep, seen: { crm: 1, partner: 2 } }] });

  test('save the form, ring and follow; what they brought stands on the form', async () => {
    const opened = openForm(conflict);
    opened.set('name', 'Edited, too');
    opened.output({ cosell_conflictchoices: choices('partner') });
    await soon();
    expect(opened.saves).toEqual([{ name: 'Edited, too', cosell_conflictchoices: choices('partner'), cosell_syncstatus: status.pending }]);
    expect(opened.calls).toEqual(['ring']);
    Object.assign(opened.row, { cosell_conflictchoices: null, cosell_syncstatus: status.synced, estimatedvalue: 440000 });
    await after(500);
    expect([opened.shown('cosell_syncstatus'), opened.shown('cosell_conflictchoices'), opened.shown('estimatedvalue')]).toEqual([status.synced, null, 440000]);
    expect(opened.isDirty()).toBe(false);
  });

  test('of a second conflict on the same form are saved, too, the same ones as well', async () => {
    const opened = openForm(conflict);
    for (const [at, keep] of ['partner', 'crm', 'crm'].entries()) {
      opened.output({ cosell_conflictchoices: choices(keep) });
      await soon();
      expect(opened.row.cosell_conflictchoices).toBe(choices(keep));
      Object.assign(opened.row, { cosell_conflictchoices: null, cosell_syncstatus: status.conflict });
      await after(400);
      expect(opened.saves).toHaveLength(at + 1);
      expect(opened.shown('cosell_conflictchoices')).toBeNull();
    }
  });

  test('emptied, or read from the server, save nothing', async () => {
    const opened = openForm({ ...conflict, cosell_conflictchoices: choices('crm') });
    opened.output({ cosell_conflictchoices: null });
    opened.row.cosell_conflictchoices = choices('partner');
    await opened.form.data.refresh(false);
    await soon();
    expect(opened.saves).toEqual([]);
  });

  test('on an unsaved record wait for the save', () => {
    const opened = openForm(plain, { isNew: true });
    opened.output({ cosell_conflictchoices: choices('crm') });
    expect(opened.saves).toEqual([]);
  });
});

describe('the way to a field', () => {
  interface Door { open(...given: unknown[]): void; putBack(...given: unknown[]): void; focused: string[]; opened: unknown[]; close(): Promise<void> }

  /** Gives the status column a control that declares events, and every control a way to be focused. */
  function doors(opened: Opened): Door {
    const handlers: [name: string, handle: (...given: unknown[]) => void][] = [];
    const raise = (event: string) => (...given: unknown[]) => handlers.filter(([name]) => name === event).forEach(([, handle]) => handle(...given));
    const door: Door = { open: raise('onGoTo'), putBack: raise('onPutBack'), focused: [], opened: [], close: async () => undefined };
    opened.form.ui.controls.forEach((control) => Object.assign(control, { getParent: () => null, setFocus: () => door.focused.push(control.getName()) }));
    Object.assign(opened.form.getControl('cosell_syncstatus')!, { addEventHandler: (name: string, handle: () => void) => handlers.push([name, handle]) });
    Object.assign(Xrm.Navigation, { navigateTo: (page: unknown, how: unknown) => new Promise<void>((resolve) => {
      door.opened.push([page, how]);
      door.close = async () => (resolve(), soon());
    }) });
    opened.load();
    return door;
  }

  test.each([
    ['solutions', 'cosell_products'], ['help', 'cosell_howcanmicrosofthelp'], ['dealValue', 'estimatedvalue'], ['closingDate', 'estimatedclosedate'], ['name', 'name'], ['notesToMicrosoft', 'cosell_notestomicrosoft'],
    ['currency', 'transactioncurrencyid'], ['customer.name', 'parentaccountid'], ['customer.contact', 'parentcontactid'], ['visibility', 'cosell_referralvisibility'], ['custom:acme_campaign', 'acme_campaign'],
  ])('%s leads to the column %s', (field, column) => {
    const opened = openForm({ ...shared, acme_campaign: null }, { load: false });
    const door = doors(opened);
    door.open(field);
    expect([door.focused, door.opened]).toEqual([[column], []]);
  });

  test('is heard once, however often the form loads, and in each form that an event may take', () => {
    const opened = openForm(shared, { load: false });
    const door = doors(opened);
    opened.load();
    opened.load();
    door.open('solutions');
    door.open({ field: 'solutions' });
    door.open({ getFormContext: () => opened.form }, 'solutions');
    expect(door.focused).toEqual(['cosell_products', 'cosell_products', 'cosell_products']);
    for (const nonsense of [undefined, null, 7, 'no such field', {}, '__proto__']) door.open(nonsense);
    expect(door.focused).toHaveLength(3);
  });

  test('goes on with the record that the form turned to', async () => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.needsAttention }, { load: false });
    const door = doors(opened);
    const other = '0a11ce00-0000-4000-8000-eeeeeeeeeeee';
    (opened.form.data.entity as { getId: () => string }).getId = () => `{${other.toUpperCase()}}`;
    opened.load();
    const rung: string[] = [];
    Object.assign(Xrm.WebApi.online, { execute: async ({ entity }: { entity: { id: string } }) => (rung.push(entity.id), { ok: true, status: 204, text: async () => '' }) });
    door.open('customer.country');
    await door.close();
    expect(rung).toEqual([other]);
    await after(130_000);
  });

  test.each(['customer.country', 'customer.address'])('of %s opens the customer beside the form, and looks again when it closes', async (field) => {
    const opened = openForm({ ...shared, cosell_syncstatus: status.needsAttention, cosell_syncdetails: '{"reasons":[{"code":"customer-country-missing"}]}' }, { load: false });
    const door = doors(opened);
    opened.set('estimatedvalue', 1);
    door.open(field);
    door.open(field);
    expect(door.opened).toEqual([[{ pageType: 'entityrecord', entityName: 'account', entityId: '{ACC00000-0000-4000-8000-000000000001}' }, expect.objectContaining({ target: 2 })]]);
    await after(1_000);
    expect(opened.calls).toEqual([]);
    await door.close();
    expect(opened.calls).toEqual(['ring']);
    await after(350);
    Object.assign(opened.row, { cosell_syncstatus: status.synced, cosell_syncdetails: null });
    await after(100);
    expect(opened.shown('cosell_syncstatus')).toBe(status.synced);
    expect([opened.shown('estimatedvalue'), opened.saves]).toEqual([1, []]);
  });

  test('of a customer that is not chosen leads to the choice', () => {
    const opened = openForm({ ...shared, parentaccountid: null }, { load: false });
    const door = doors(opened);
    door.open('customer.country');
    expect([door.focused, door.opened]).toEqual([['parentaccountid'], []]);
  });

  test('opens the tab that hides the column', () => {
    const opened = openForm(shared, { load: false });
    const door = doors(opened);
    let shown = 0;
    const tab = { getDisplayState: () => 'collapsed', setFocus: () => (shown += 1) };
    Object.assign(opened.form.getControl('cosell_products')!, { getParent: () => ({ getParent: () => tab }) });
    door.open('solutions');
    expect([shown, door.focused]).toEqual([1, ['cosell_products']]);
  });

  const hiddenBy = (what: 'control' | 'section' | 'tab') => {
    const tab = { getVisible: () => what !== 'tab', getDisplayState: () => 'expanded' };
    return { getVisible: () => what !== 'control', getParent: () => ({ getVisible: () => what !== 'section', getParent: () => tab }) };
  };

  test.each(['control', 'section', 'tab'] as const)('passes over a %s that is hidden, to the control that shows the notes', (what) => {
    const opened = openForm(shared, { load: false });
    const door = doors(opened);
    Object.assign(opened.form.getControl('cosell_notestomicrosoft')!, hiddenBy(what));
    door.open('notesToMicrosoft');
    expect(door.focused).toEqual(['cosell_howcanmicrosofthelp']);
  });

  test('leads nowhere, quietly, when all there is is hidden', () => {
    const opened = openForm(shared, { load: false });
    const door = doors(opened);
    Object.assign(opened.form.getControl('cosell_products')!, hiddenBy('section'));
    door.open('solutions');
    expect(door.focused).toEqual([]);
  });

  const fixed = (field: string, params: object = {}): Cells => ({ ...shared, cosell_syncstatus: status.needsAttention, cosell_syncdetails: JSON.stringify({ reasons: [{ code: 'name-missing', field, params: { shared: 'no' } }, { code: 'frozen-field-changed', field, params }] }) });

  test.each([
    ['name', 'name', 'As shared', 'As shared'], ['notesToMicrosoft', 'cosell_notestomicrosoft', 'Please join.\nToday', 'Please join.\nToday'], ['notesToMicrosoft', 'cosell_notestomicrosoft', '', null],
    ['help', 'cosell_howcanmicrosofthelp', 'ProofOfConceptOrDemo', help.poc], ['visibility', 'cosell_referralvisibility', 'visible', visibility.visible],
  ])('back from a changed %s puts the shared value into %s, unsaved, and tells who listens', (field, column, was, value) => {
    const opened = openForm({ ...fixed(field, { shared: was }), [column]: typeof value === 'number' ? 481_200_000 : 'changed' }, { load: false });
    const door = doors(opened);
    let heard = 0;
    opened.form.getAttribute<Xrm.Attributes.Attribute>(column)!.addOnChange(() => (heard += 1));
    door.putBack(field);
    expect([opened.shown(column), opened.isDirty(), heard, opened.saves, opened.writes, door.focused]).toEqual([value, true, 1, [], [], []]);
  });

  test.each<[string, Cells, boolean]>([
    ['that the service did not tell', fixed('name'), true], ['that is none of ours', { ...fixed('help', { shared: 'SomethingFromTomorrow' }) }, true], ['of a record that cannot be changed', fixed('name', { shared: 'As shared' }), false],
  ])('back to a value %s leads to the field instead', (_what, cells, isOpen) => {
    const opened = openForm(cells, { load: false });
    const door = doors(opened);
    if (!isOpen) Object.assign(opened.form.ui, { getFormType: () => 3 });
    const field = String(cells.cosell_syncdetails).includes('"help"') ? 'help' : 'name';
    door.putBack(field);
    expect([door.focused, opened.isDirty()]).toEqual([[field === 'help' ? 'cosell_howcanmicrosofthelp' : 'name'], false]);
  });

  test('leads nowhere, quietly, when the column is not on the form', () => {
    const opened = openForm(shared, { load: false, without: ['cosell_products'] });
    const door = doors(opened);
    door.open('solutions');
    expect([door.focused, door.opened]).toEqual([[], []]);
  });
});
