// What a crash leaves: a run that dies after storing its plan, at every point of its way, and what the next run makes of it.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { agree, canonicalText, newLink, settlePlanned, type Json, type Planned } from '../../core/index';
import { conduct, dies, edit, land, recover, settledWorld, stateOf, type Kill, type World } from './conduct';
import { crmOf, gentle, oneGroupEdit, onlyGroups, partnerOf, plainEdit, startRow, type Edit, type Normalise } from './sides';

const asIs: Normalise = (_field, value) => value;
const worlds = fc.tuple(gentle, gentle).map(([crm, partner]) => () => settledWorld(crm, partner));
const kills = fc.constantFrom<Kill>('U2', 'U3', 'U4', 'U5');
const groups = ['money', 'closingDate', 'notes', 'solutions'];
const values = (world: World): unknown => ({ ...stateOf(world), conflicts: world.link.conflicts.map((each) => [each.field, each.crm, each.partner]) });

/** Edits of different groups on both sides, so that nothing is a conflict to begin with. */
const apart = fc.tuple(plainEdit, plainEdit, fc.subarray(groups)).map(([mine, theirs, ours]) => [onlyGroups(mine, ours), onlyGroups(theirs, groups.filter((each) => !ours.includes(each)))] as const);

describe('a run that died', () => {
  test('ends as if it had lived, with every write made once and every audit entry once', () => {
    fc.assert(fc.property(worlds, plainEdit, plainEdit, kills, (start, mine, theirs, dieAfter) => {
      const [lived, died] = [start(), start()];
      for (const world of [lived, died]) {
        edit(world, 'crm', mine);
        edit(world, 'partner', theirs);
      }
      recover(lived);
      dies(died, { dieAfter });
      recover(died);
      expect(values(died)).toEqual(values(lived));
      expect(died.link.planned).toEqual([]);
      expect(died.partner.writes).toEqual(lived.partner.writes);
      expect(died.crm.writes).toEqual(lived.crm.writes);
      expect([...died.audit].sort()).toEqual([...lived.audit].sort());
    }), { numRuns: 250 });
  });

  test('never turns a pending change into a conflict, even when the seller goes on editing', () => {
    fc.assert(fc.property(worlds, apart, plainEdit, kills, (start, [mine, theirs], further, dieAfter) => {
      const world = start();
      edit(world, 'crm', mine);
      edit(world, 'partner', theirs);
      dies(world, { dieAfter });
      // Groups that the partner changed and whose way in is still open are really edited on both sides.
      const inbound = Object.keys(theirs).length > 0 && dieAfter !== 'U5' ? groups.filter((group) => Object.keys(onlyGroups(theirs, [group])).length > 0) : [];
      const next = onlyGroups(further, groups.filter((each) => !inbound.includes(each)));
      edit(world, 'crm', next);
      const last = recover(world);
      expect(last.conflicts).toEqual([]);
      for (const field of Object.keys(next) as (keyof Edit)[]) if (field !== 'solutions') expect(agree(field, stateOf(world).crm[field] ?? null, stateOf(world).partner[field] ?? null)).toBe(true);
      for (const [field, value] of Object.entries(next)) if (field !== 'solutions') expect(agree(field as keyof Edit, stateOf(world).crm[field as keyof Edit] ?? null, canonicalNow(field, value ?? null, world))).toBe(true);
    }), { numRuns: 250 });
  });

  test('lets a further change of the partner flow in once the write to it was known', () => {
    fc.assert(fc.property(worlds, oneGroupEdit, oneGroupEdit, fc.constantFrom<Kill>('U4', 'U5'), (start, mine, further, dieAfter) => {
      const world = start();
      edit(world, 'crm', mine);
      dies(world, { dieAfter });
      edit(world, 'partner', further);
      const last = recover(world);
      expect(last.conflicts).toEqual([]);
    }), { numRuns: 120 });
  });

  test('at every point in turn, again and again, still ends quiet', () => {
    fc.assert(fc.property(worlds, apart, fc.array(kills, { minLength: 1, maxLength: 6 }), (start, [mine, theirs], deaths) => {
      const [lived, died] = [start(), start()];
      for (const world of [lived, died]) {
        edit(world, 'crm', mine);
        edit(world, 'partner', theirs);
      }
      recover(lived);
      for (const dieAfter of deaths) dies(died, { dieAfter });
      expect(recover(died).conflicts).toEqual([]);
      expect(values(died)).toEqual(values(lived));
      expect([...died.audit].sort()).toEqual([...lived.audit].sort());
    }), { numRuns: 120 });
  });
});

describe('a write that arrives late', () => {
  test.each(['before the next run reads', 'after the next run read', 'after the next run wrote', 'never'] as const)('%s is no conflict, and the newest value of the seller stands', (when) => {
    fc.assert(fc.property(worlds, oneGroupEdit, plainEdit, (start, first, second) => {
      const world = start();
      edit(world, 'crm', first);
      const lost = dies(world, { loseWrite: true });
      edit(world, 'crm', second);
      const wanted = stateOf(world).crm;
      if (when === 'before the next run reads') land(world);
      conduct(world, when === 'after the next run read' ? { meanwhile: () => land(world) } : {});
      if (when === 'after the next run wrote') land(world);
      const last = recover(world);
      expect(last.conflicts).toEqual([]);
      expect(stateOf(world).crm).toEqual(wanted);
      for (const field of Object.keys(wanted) as (keyof Edit)[]) expect(agree(field, wanted[field] ?? null, stateOf(world).partner[field] ?? null)).toBe(true);
      if (lost && when === 'never') expect(world.partner.writes.length).toBeLessThanOrEqual(1);
    }), { numRuns: 70 });
  });

  test('stays remembered while the version it carried still stands, and is forgotten when it moved on', () => {
    const open = planOf({ toPartner: { notes: 'mine' }, halves: { notes: { crm: 'mine', partner: 'old' } } });
    const agreed = { notes: { crm: 'old', partner: 'old' } };
    const still = settlePlanned([open], agreed, crmOf({ notes: 'mine' }), partnerOf({ notes: 'old' }), { moneyScale: 2 });
    expect(still).toEqual({ agreed, open: [open], arrived: [] });
    const gone = settlePlanned([open], agreed, crmOf({ notes: 'mine' }), partnerOf({ notes: 'old' }, { version: 'p2' }), { moneyScale: 2 });
    expect(gone).toEqual({ agreed, open: [], arrived: [] });
  });

  test('to the CRM likewise', () => {
    const open = planOf({ toCrm: { notes: 'theirs' }, halves: { notes: { crm: 'old', partner: 'theirs' } } });
    const agreed = { notes: { crm: 'old', partner: 'old' } };
    expect(settlePlanned([open], agreed, crmOf({ notes: 'old' }), partnerOf({ notes: 'theirs' }), { moneyScale: 2 })).toEqual({ agreed, open: [open], arrived: [] });
    expect(settlePlanned([open], agreed, crmOf({ notes: 'old' }, { version: 'c2' }), partnerOf({ notes: 'theirs' }), { moneyScale: 2 })).toEqual({ agreed, open: [], arrived: [] });
  });
});

describe('settling an open plan', () => {
  test('takes money that did not arrive for what it is, although its currency was equal all along', () => {
    const plan = planOf({ toPartner: { dealValue: '60000', currency: 'USD' }, halves: { dealValue: { crm: '60000', partner: '50000' }, currency: { crm: 'USD', partner: 'USD' } } });
    const agreed = { dealValue: { crm: '50000', partner: '50000' }, currency: { crm: 'USD', partner: 'USD' } };
    const settled = settlePlanned([plan], agreed, crmOf({ dealValue: '60000', currency: 'USD' }), partnerOf({ dealValue: '50000', currency: 'USD' }), { moneyScale: 2 });
    expect(settled).toEqual({ agreed, open: [plan], arrived: [] });
  });

  test('remembers the other side as it was when planned, so that a later edit there is new', () => {
    const plan = planOf({ toPartner: { notes: 'first' }, halves: { notes: { crm: 'first', partner: 'old' } } });
    const settled = settlePlanned([plan], { notes: { crm: 'old', partner: 'old' } }, crmOf({ notes: 'second' }), partnerOf({ notes: 'first' }, { version: 'p2' }), { moneyScale: 2 });
    expect(settled.agreed).toEqual({ notes: { crm: 'first', partner: 'first' } });
    expect(settled.arrived).toMatchObject([{ plan: { id: 'a' }, partner: ['notes'], crm: [] }]);
  });

  test('gives each side its own half, however the other one words the value', () => {
    fc.assert(fc.property(gentle, fc.constantFrom('Tom & Jerry', 'a < b', ' spaced  out ', 'CAFÉ'), fc.constantFrom('partner' as const, 'crm' as const), (tidy, text, side) => {
      const there = String(tidy('notes', text));
      const other = { notes: { crm: side === 'partner' ? 'as it is here' : 'old', partner: side === 'partner' ? 'old' : 'as it is there' } };
      const plan = planOf({ [side === 'partner' ? 'toPartner' : 'toCrm']: { notes: text }, halves: other });
      const { agreed } = settlePlanned([plan], { notes: { crm: 'old', partner: 'old' } }, crmOf({ notes: side === 'crm' ? there : 'typed since' }, { version: 'c2' }), partnerOf({ notes: side === 'partner' ? there : 'edited since' }, { version: 'p2' }), { moneyScale: 2 });
      const [own, foreign] = side === 'partner' ? [agreed.notes?.partner, agreed.notes?.crm] : [agreed.notes?.crm, agreed.notes?.partner];
      expect(foreign).toBe(side === 'partner' ? 'as it is here' : 'as it is there');
      expect(own).toBe(canonicalText(there));
    }), { numRuns: 60 });
  });

  test('counts two equal requests of which one arrived once', () => {
    const plans = ['a', 'b'].map((id) => planOf({ id, toPartner: { notes: 'mine' }, halves: { notes: { crm: 'mine', partner: 'old' } } }));
    const settled = settlePlanned(plans, {}, crmOf({ notes: 'mine' }), partnerOf({ notes: 'mine' }, { version: 'p2' }), { moneyScale: 2 });
    expect(settled.arrived.filter((each) => each.partner.length > 0)).toHaveLength(1);
    expect(settled.open).toEqual([]);
  });

  test('tells of two requests the one that the partner shows whole', () => {
    const small = planOf({ id: 'small', toPartner: { notes: 'mine' }, halves: { notes: { crm: 'mine', partner: 'old' } } });
    const big = planOf({ id: 'big', toPartner: { notes: 'mine', closingDate: '2027-02-01' }, halves: { notes: { crm: 'mine', partner: 'old' }, closingDate: { crm: '2027-02-01', partner: '2027-01-15' } } });
    const arrivedWith = (partner: Edit): string[] => settlePlanned([small, big], {}, crmOf({}), partnerOf(partner, { version: 'p2' }), { moneyScale: 2 }).arrived.map((each) => each.plan.id);
    expect(arrivedWith({ notes: 'mine', closingDate: '2027-01-15' })).toEqual(['small']);
    expect(arrivedWith({ notes: 'mine', closingDate: '2027-02-01' })).toEqual(['big']);
  });

  test('knows by the time that the record shows that the CRM took the plan, whatever the seller typed since', () => {
    const plan = planOf({ toCrm: { notes: 'theirs' }, halves: { notes: { crm: 'old', partner: 'theirs' } } });
    const agreed = { notes: { crm: 'old', partner: 'old' } };
    const now = crmOf({ notes: 'typed since' }, { version: 'c3' });
    const shown = { ...now.shown, lastSyncedOn: '2026-11-23T10:00:00.0000000Z' };
    expect(settlePlanned([plan], agreed, { ...now, shown }, partnerOf({ notes: 'theirs' }), { moneyScale: 2 }).agreed).toEqual({ notes: { crm: 'theirs', partner: 'theirs' } });
    expect(settlePlanned([plan], agreed, now, partnerOf({ notes: 'theirs' }), { moneyScale: 2 }).agreed).toEqual(agreed);
  });

  test('decides nothing about a side that may not be read', () => {
    const plan = planOf({ toPartner: { notes: 'mine' }, halves: { notes: { crm: 'mine', partner: 'old' } } });
    const blind = { version: 'p2', cells: { notes: { kind: 'unreadable' } } } as const;
    expect(settlePlanned([plan], {}, crmOf({ notes: 'mine' }), blind, { moneyScale: 2 })).toEqual({ agreed: {}, open: [], arrived: [] });
  });

  test('leaves a merged set to a fresh comparison, so that nobody’s removal comes back', () => {
    const world = settledWorld(asIs, asIs, { ...startRow, solutions: ['A', 'B', 'C'] });
    edit(world, 'crm', { solutions: ['A', 'B', 'X'] });
    edit(world, 'partner', { solutions: ['B', 'C', 'Y'] });
    dies(world, { dieAfter: 'U3' });
    edit(world, 'crm', { solutions: ['A', 'X'] });
    recover(world);
    expect(stateOf(world)).toMatchObject({ crm: { solutions: ['X', 'Y'] }, partner: { solutions: ['X', 'Y'] } });
  });
});

test('a new link remembers nothing', () => {
  expect(newLink({ id: 'l', crmConnection: 'c', partnerConnection: 'p', kind: 'lead', crmId: 'x', mappingVersion: 'm' })).toMatchObject({ rev: 0, phase: 'new', agreed: {}, planned: [], referralId: null });
});

const planOf = (more: Partial<Planned>): Planned => ({
  id: 'a', on: '2026-11-23T10:00:00.000Z', toPartner: {}, toCrm: {}, halves: {}, expects: { crm: 'c1', partner: 'p1' }, lastSyncedOn: '2026-11-23T10:00:00Z', lines: { partner: [], crm: [] }, ...more,
});

const canonicalNow = (field: string, value: Json, world: World): Json => stateOf(settledWorld(asIs, asIs, { ...startRow, ...world.crm.row, [field]: value })).crm[field as keyof Edit] ?? null;
