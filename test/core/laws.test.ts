// Core's laws, with an arbitrary idempotent normaliser on each side: what holds for every plan, whatever the systems do to values.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { agree, isTerminal, sameValue, type FieldKey, type Json } from '../../core/index';
import { choose, conduct, edit, planFor, settledWorld, shownOf, stateOf, type World } from './conduct';
import { anyNormaliser, crmEdit, gentle, groupOf, none, oneGroupEdit, onlyGroups, partnerAnswer, partnerEdit, plainEdit, startRow, syncedFields, type Edit, type Normalise, type SyncedField } from './sides';

const runs = { numRuns: 200 };
const asIs: Normalise = (_field, value) => value;
const anyWorld = fc.tuple(anyNormaliser, anyNormaliser).map(([crm, partner]) => () => settledWorld(crm, partner));
const gentleWorld = fc.tuple(gentle, gentle).map(([crm, partner]) => () => settledWorld(crm, partner));
const quiet = { toPartner: none, toCrm: none, lines: [] };

/** Groups of which a side's canonical value really moved away from its half. */
function movedGroups(world: World, side: 'crm' | 'partner'): Set<string> {
  const now = stateOf(world)[side];
  return new Set(syncedFields.filter((field) => !sameValue(now[field] ?? null, world.link.agreed[field]?.[side] ?? null)).map((field) => groupOf[field]));
}

const agreedNow = (world: World, field: SyncedField): boolean => agree(field, stateOf(world).crm[field] ?? null, stateOf(world).partner[field] ?? null);
const fieldsOf = (group: string): SyncedField[] => syncedFields.filter((field) => groupOf[field] === group);

describe('planning', () => {
  test('gives the same plan for the same input, and leaves its input alone', () => {
    fc.assert(fc.property(anyWorld, crmEdit, partnerEdit, (start, mine, theirs) => {
      const world = start();
      edit(world, 'crm', mine);
      edit(world, 'partner', theirs);
      const before = JSON.stringify(world.link);
      expect(planFor(world)).toEqual(planFor(world));
      expect(JSON.stringify(world.link)).toBe(before);
    }), runs);
  });

  test('plans nothing once the plan was carried out, whatever each side makes of the values', () => {
    fc.assert(fc.property(anyWorld, fc.array(fc.tuple(crmEdit, partnerEdit), { minLength: 1, maxLength: 3 }), (start, rounds) => {
      const world = start();
      for (const [mine, theirs] of rounds) {
        edit(world, 'crm', mine);
        edit(world, 'partner', theirs);
        const plans = conduct(world);
        const after = planFor(world);
        expect(after).toMatchObject(quiet);
        // A plan that closes the referral changes what the next one has to say about the rest.
        if (plans.every((plan) => !('status' in plan.toPartner))) expect(shownOf(after, after.reasons)).toBe(world.shown);
        else conduct(world);
        expect(after.agreed).toEqual(world.link.agreed);
        const [calls, rows] = [world.serviceWrites, JSON.stringify([world.crm.row, world.partner.row])];
        conduct(world);
        expect(world.serviceWrites).toBe(calls);
        expect(JSON.stringify([world.crm.row, world.partner.row])).toBe(rows);
      }
    }), { numRuns: 300 });
  });

  test('says that all is well only where both sides are equal, texts as each side tidies them', () => {
    fc.assert(fc.property(anyWorld, fc.array(fc.tuple(crmEdit, fc.oneof({ weight: 4, arbitrary: partnerEdit }, { weight: 1, arbitrary: partnerAnswer })), { minLength: 1, maxLength: 4 }), (start, rounds) => {
      const world = start();
      for (const [mine, theirs] of rounds) {
        edit(world, 'crm', mine);
        edit(world, 'partner', theirs);
        conduct(world);
        const { reasons, conflicts } = planFor(world);
        if (reasons.length > 0 || conflicts.length > 0) continue;
        for (const field of syncedFields) if (field !== 'notes') expect({ field, equal: agreedNow(world, field) }).toEqual({ field, equal: true });
      }
    }), { numRuns: 250 });
  });

  test('changes no field outside the plan, and plans no group that nobody touched', () => {
    fc.assert(fc.property(anyWorld, crmEdit, partnerEdit, (start, mine, theirs) => {
      const world = start();
      edit(world, 'crm', mine);
      edit(world, 'partner', theirs);
      const touched = new Set([...movedGroups(world, 'crm'), ...movedGroups(world, 'partner')]);
      const before = { crm: world.crm.row, partner: world.partner.row };
      const plans = conduct(world);
      for (const plan of plans) for (const field of [...Object.keys(plan.toPartner), ...Object.keys(plan.toCrm)]) expect(touched).toContain(groupOf[field as SyncedField]);
      for (const side of ['crm', 'partner'] as const) {
        const planned = new Set(plans.flatMap((plan) => Object.keys(side === 'crm' ? plan.toCrm : plan.toPartner)));
        for (const field of syncedFields) if (!planned.has(field)) expect(world[side].row[field]).toEqual(before[side][field]);
      }
    }), runs);
  });

  test('decides money whole: amount and currency always go together', () => {
    fc.assert(fc.property(anyWorld, crmEdit, partnerEdit, (start, mine, theirs) => {
      const world = start();
      edit(world, 'crm', mine);
      edit(world, 'partner', theirs);
      for (const values of conduct(world).flatMap((plan) => [plan.toPartner, plan.toCrm])) expect('dealValue' in values).toBe('currency' in values);
    }), runs);
  });

  test('never sends an empty value where Partner Center requires one', () => {
    fc.assert(fc.property(anyWorld, crmEdit, partnerEdit, (start, mine, theirs) => {
      const world = start();
      edit(world, 'crm', mine);
      edit(world, 'partner', theirs);
      for (const plan of conduct(world)) for (const [field, value] of Object.entries(plan.toPartner)) if (field !== 'notes') expect([null, []]).not.toContainEqual(value);
    }), runs);
  });

  test('sends nothing to a referral that is closed', () => {
    fc.assert(fc.property(anyWorld, crmEdit, partnerEdit, fc.constantFrom<Json>('Won', 'Lost', 'Declined'), (start, mine, theirs, status) => {
      const world = start();
      edit(world, 'crm', mine);
      edit(world, 'partner', { ...theirs, status });
      conduct(world);
      expect(world.partner.writes).toEqual([]);
      expect(isTerminal(world.partner.row.status)).toBe(true);
    }), runs);
  });
});

describe('a change on one side', () => {
  test('reaches the other side unless a reason says why not, and is never called a conflict', () => {
    fc.assert(fc.property(anyWorld, fc.oneof(crmEdit.map((change) => ['crm', change] as const), partnerEdit.map((change) => ['partner', change] as const)), (start, [side, change]) => {
      const world = start();
      const before = stateOf(world);
      edit(world, side, change);
      const moved = movedGroups(world, side);
      const mine = stateOf(world)[side];
      const [plan] = conduct(world);
      expect(plan!.conflicts).toEqual([]);
      const other = side === 'crm' ? 'partner' : 'crm';
      for (const group of moved) {
        const field = fieldsOf(group)[0]!;
        const excused = plan!.reasons.some((each) => each.field && groupOf[each.field as SyncedField] === group) || plan!.reasons.some((each) => each.code === 'referral-terminal');
        const wrote = world[other].writes.some((values) => fieldsOf(group).some((each) => each in values));
        const same = fieldsOf(group).every((each) => agree(each, side === 'crm' ? mine[each]! : before.crm[each]!, side === 'crm' ? before.partner[each]! : mine[each]!));
        expect({ group, field, reached: wrote || same || excused }).toEqual({ group, field, reached: true });
      }
    }), { numRuns: 250 });
  });

  test('arrives as it is where both sides keep what they are given', () => {
    fc.assert(fc.property(plainEdit, fc.constantFrom('crm' as const, 'partner' as const), (change, side) => {
      const world = settledWorld(asIs, asIs);
      edit(world, side, change);
      conduct(world);
      expect(stateOf(world).crm).toEqual(stateOf(world).partner);
      expect(world.link.conflicts).toEqual([]);
    }), runs);
  });
});

describe('changes on both sides', () => {
  test('of different groups all arrive, with no conflict', () => {
    fc.assert(fc.property(plainEdit, plainEdit, fc.subarray(['money', 'closingDate', 'notes', 'solutions']), (mine, theirs, ours) => {
      const world = settledWorld(asIs, asIs);
      edit(world, 'crm', onlyGroups(mine, ours));
      edit(world, 'partner', onlyGroups(theirs, ['money', 'closingDate', 'notes', 'solutions'].filter((each) => !ours.includes(each))));
      const expected = { ...stateOf(world).crm, ...canonicalPart(stateOf(world).partner, ['money', 'closingDate', 'notes', 'solutions'].filter((each) => !ours.includes(each))) };
      conduct(world);
      expect(world.link.conflicts).toEqual([]);
      expect(stateOf(world)).toEqual({ crm: expected, partner: expected });
    }), runs);
  });

  test('of the same group are a conflict: both values stand, nothing is overwritten, other groups flow', () => {
    fc.assert(fc.property(gentleWorld, fc.constantFrom('money', 'closingDate', 'notes'), (start, group) => {
      const [mine, theirs] = opposed(group);
      const world = start();
      edit(world, 'crm', { ...mine, solutions: ['SOL-A', 'SOL-B', 'SOL-C'] });
      edit(world, 'partner', theirs);
      const before = stateOf(world);
      const [plan] = conduct(world);
      const [field] = Object.keys(mine) as [SyncedField];
      expect(plan!.conflicts.map((each) => each.group)).toEqual(fieldsOf(group).filter((each) => each in mine).map(() => group));
      expect(stateOf(world).crm[field]).toEqual(before.crm[field]);
      expect(stateOf(world).partner[field]).toEqual(before.partner[field]);
      expect(stateOf(world).partner.solutions).toEqual(['SOL-A', 'SOL-B', 'SOL-C']);
      const shown = plan!.conflicts[0]!;
      expect([shown.crm, shown.partner]).toEqual(field === 'dealValue' ? [Number(before.crm[field]), Number(before.partner[field])] : [before.crm[field], before.partner[field]]);
    }), { numRuns: 60 });
  });

  test('dissolve when one side goes back to its half', () => {
    fc.assert(fc.property(gentleWorld, fc.constantFrom('money', 'closingDate', 'notes'), fc.constantFrom('crm' as const, 'partner' as const), (start, group, back) => {
      const [mine, theirs] = opposed(group);
      const world = start();
      edit(world, 'crm', mine);
      edit(world, 'partner', theirs);
      conduct(world);
      expect(world.link.conflicts).not.toEqual([]);
      edit(world, back, Object.fromEntries(fieldsOf(group).map((field) => [field, startRow[field]])) as Edit);
      conduct(world);
      expect(world.link.conflicts).toEqual([]);
      for (const field of fieldsOf(group)) expect(agreedNow(world, field)).toBe(true);
      const kept = back === 'crm' ? theirs : mine;
      for (const field of Object.keys(kept) as SyncedField[]) expect(agree(field, stateOf(world).crm[field] ?? null, canonicalOfEdit(field, kept))).toBe(true);
    }), { numRuns: 80 });
  });

  test('that say the same settle without a write', () => {
    fc.assert(fc.property(plainEdit, (change) => {
      const world = settledWorld(asIs, asIs);
      edit(world, 'crm', change);
      edit(world, 'partner', change);
      const plans = conduct(world);
      expect(plans[0]).toMatchObject({ ...quiet, conflicts: [], reasons: [] });
    }), runs);
  });

  test('of products keep what either side added and drop what either side removed', () => {
    const ids = ['A', 'B', 'C', 'D', 'E'];
    const set = fc.subarray(ids, { minLength: 1 });
    fc.assert(fc.property(set, set, set, (agreed, mine, theirs) => {
      const world = settledWorld(asIs, asIs, { ...startRow, solutions: agreed });
      edit(world, 'crm', { solutions: mine });
      edit(world, 'partner', { solutions: theirs });
      const expected = ids.filter((id) => (agreed.includes(id) ? mine.includes(id) && theirs.includes(id) : mine.includes(id) || theirs.includes(id)));
      const [plan] = conduct(world);
      if (expected.length === 0) {
        expect(plan!.reasons.map((each) => each.code)).toEqual(['solution-missing']);
        expect(stateOf(world)).toMatchObject({ crm: { solutions: mine }, partner: { solutions: theirs } });
      } else expect(stateOf(world)).toMatchObject({ crm: { solutions: expected }, partner: { solutions: expected } });
    }), runs);
  });
});

describe('a choice', () => {
  test('for either side makes both agree, and the value that lost is a line of the audit', () => {
    fc.assert(fc.property(gentleWorld, fc.constantFrom('money', 'closingDate', 'notes'), fc.constantFrom('crm' as const, 'partner' as const), (start, group, keep) => {
      const world = conflicted(start(), group);
      const before = stateOf(world);
      const { field, crm, partner } = world.link.conflicts[0]!;
      choose(world, JSON.stringify({ choices: [{ field, keep, seen: { crm, partner } }] }));
      conduct(world);
      expect(world.link.conflicts).toEqual([]);
      expect(world.choices).toBeNull();
      for (const each of fieldsOf(group)) {
        expect(agreedNow(world, each)).toBe(true);
        expect(agree(each, stateOf(world)[keep][each] ?? null, before[keep][each] ?? null)).toBe(true);
      }
      expect(world.audit.filter((line) => line.includes(': not kept: '))).not.toEqual([]);
      expect(world.audit.join('\n')).toContain(String(before[keep === 'crm' ? 'partner' : 'crm'][field as SyncedField]).replace(/\r?\n/g, '\\n'));
    }), { numRuns: 80 });
  });

  test('on values that are no longer there decides nothing, is emptied, and is said', () => {
    fc.assert(fc.property(gentleWorld, fc.constantFrom('money', 'closingDate', 'notes'), fc.constantFrom('crm' as const, 'partner' as const), (start, group, keep) => {
      const world = conflicted(start(), group);
      const before = stateOf(world);
      const { field, crm } = world.link.conflicts[0]!;
      choose(world, JSON.stringify({ choices: [{ field, keep, seen: { crm, partner: 'something else' } }] }));
      const [plan] = conduct(world);
      expect(plan!.conflicts.map((each) => each.field)).toContain(field);
      expect(stateOf(world)).toEqual(before);
      expect(world.choices).toBeNull();
      expect(world.audit.filter((line) => line.endsWith('the choice no longer fitted the values'))).toHaveLength(1);
    }), { numRuns: 60 });
  });

  test('answers one conflict and leaves the other', () => {
    const world = conflicted(conflicted(settledWorld(asIs, asIs), 'notes'), 'money');
    expect(world.link.conflicts.map((each) => each.field)).toEqual(['dealValue', 'notes']);
    const { field, crm, partner } = world.link.conflicts[1]!;
    choose(world, JSON.stringify({ choices: [{ field, keep: 'partner', seen: { crm, partner } }] }));
    conduct(world);
    expect(world.link.conflicts.map((each) => each.field)).toEqual(['dealValue']);
    expect(world.crm.row.notes).toBe('their notes');
    expect(world.crm.row.dealValue).toBe('61000');
  });

  test('for the seller’s value that cannot go out stays until it can', () => {
    const world = settledWorld(asIs, asIs);
    edit(world, 'crm', { closingDate: '2026-11-22' });
    edit(world, 'partner', { closingDate: '2027-02-01' });
    conduct(world);
    const { field, crm, partner } = world.link.conflicts[0]!;
    choose(world, JSON.stringify({ choices: [{ field, keep: 'crm', seen: { crm, partner } }] }));
    expect(conduct(world).at(-1)!.reasons.map((each) => each.code)).toEqual(['closing-date-past']);
    expect(world.choices).not.toBeNull();
    expect(stateOf(world)).toMatchObject({ crm: { closingDate: '2026-11-22' }, partner: { closingDate: '2027-02-01' } });
  });

  test('that cannot be carried out stays, with the reason, and nothing flickers', () => {
    const world = settledWorld(asIs, asIs);
    edit(world, 'crm', { notes: 'mine' });
    edit(world, 'partner', { notes: 'x'.repeat(61) });
    conduct(world);
    const { field, crm, partner } = world.link.conflicts[0]!;
    choose(world, JSON.stringify({ choices: [{ field, keep: 'partner', seen: { crm, partner } }] }));
    const first = conduct(world).at(-1)!;
    const second = conduct(world).at(-1)!;
    expect(first.reasons.map((each) => each.code)).toEqual(['text-too-long']);
    expect(shownOf(second, second.reasons)).toBe(shownOf(first, first.reasons));
    edit(world, 'partner', { notes: 'short' });
    expect(conduct(world).at(-1)!.conflicts.map((each) => each.partner)).toEqual(['short']);
    expect(world.choices).toBeNull();
  });

  test('for a field that is no longer in conflict is emptied in silence', () => {
    const world = settledWorld(asIs, asIs);
    choose(world, JSON.stringify({ choices: [{ field: 'notes', keep: 'crm', seen: { crm: 'a', partner: 'b' } }] }));
    conduct(world);
    expect(world.choices).toBeNull();
    expect(world.audit).toEqual([]);
  });
});

describe('bells', () => {
  test('in any order, doubled or not, end the same', () => {
    const bells = fc.shuffledSubarray(['crm', 'partner', 'crm', 'partner', 'both'] as const, { minLength: 5 });
    fc.assert(fc.property(gentle, gentle, plainEdit, plainEdit, bells, bells, (crm, partner, mine, theirs, one, other) => {
      const ends = [one, other].map((order) => {
        const world = settledWorld(crm, partner);
        edit(world, 'crm', mine);
        edit(world, 'partner', theirs);
        for (const rang of order) conduct(world, { rang });
        return { state: stateOf(world), conflicts: world.link.conflicts.map((each) => [each.field, each.crm, each.partner]), open: world.link.planned, audit: [...world.audit].sort() };
      });
      expect(ends[0]).toEqual(ends[1]);
    }), { numRuns: 150 });
  });

  test('that find an own write write nothing', () => {
    fc.assert(fc.property(anyWorld, oneGroupEdit, fc.constantFrom('crm' as const, 'partner' as const), (start, change, side) => {
      const world = start();
      edit(world, side, change);
      conduct(world, { rang: side });
      const before = [world.partner.writes.length, world.crm.writes.length, world.serviceWrites];
      conduct(world, { rang: 'partner' });
      conduct(world, { rang: 'crm' });
      expect([world.partner.writes.length, world.crm.writes.length, world.serviceWrites]).toEqual(before);
    }), runs);
  });
});

const canonicalPart = (values: Readonly<Partial<Record<FieldKey, Json>>>, groups: readonly string[]): object =>
  Object.fromEntries(Object.entries(values).filter(([field]) => groups.includes(groupOf[field as SyncedField])));

const canonicalOfEdit = (field: SyncedField, change: Edit): Json => stateOf(settledWorld(asIs, asIs, { ...startRow, ...change })).crm[field] ?? null;

function opposed(group: string): readonly [Edit, Edit] {
  if (group === 'money') return [{ dealValue: '61000' }, { dealValue: '62000' }];
  return group === 'notes' ? [{ notes: 'my notes' }, { notes: 'their notes' }] : [{ closingDate: '2027-03-01' }, { closingDate: '2027-04-01' }];
}

function conflicted(world: World, group: string): World {
  const [mine, theirs] = opposed(group);
  edit(world, 'crm', mine);
  edit(world, 'partner', theirs);
  conduct(world);
  return world;
}
