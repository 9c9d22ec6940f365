// A journey in small over two systems in memory: reads, settles, plans, writes under versions, remembers halves as journey/ does, and dies where it is told to.
import {
  canonical, groupValues, planUpdate, reason, refusalHash, ruleOf, sameValue, settlePlanned,
  type Agreed, type CrmSnapshot, type FieldKey, type Json, type Link, type PartnerSnapshot, type Plan, type Planned, type Reason, type Refusal, type Values,
} from '../../core/index';
import { crmOf, limits, linkOf, names, partnerOf, startRow, statusPair, syncedFields, today, type Edit, type Normalise, type Row, type SyncedField } from './sides';

export interface System {
  row: Row;
  version: number;
  readonly normalise: Normalise;
  /** Every write of values that arrived here. */
  readonly writes: Values[];
}

export interface World {
  readonly crm: System;
  readonly partner: System;
  link: Link;
  choices: string | null;
  shown: string;
  lastSyncedOn: string | null;
  clock: number;
  readonly audit: string[];
  readonly told: Set<string>;
  /** A request that was sent and has neither arrived nor been answered. */
  inFlight: { readonly values: Values; readonly expects: string } | null;
  serviceWrites: number;
}

export type Kill = 'U2' | 'U3' | 'U4' | 'U5';
export class Died extends Error {}

const context = { moneyScale: 2 };
const canonicals = (cells: CrmSnapshot['cells']): Values => Object.fromEntries(Object.keys(cells).map((field) => [field, canonical(field as FieldKey, cells, context)]).filter(([, value]) => value !== undefined)) as Values;

const store = (system: System, values: Edit | Values): void => {
  const changed = Object.entries(values).map(([field, value]) => [field, system.normalise(field as SyncedField, value ?? null)] as const);
  system.row = { ...system.row, ...Object.fromEntries(changed) };
  system.version += 1;
};

/** A pair that was just shared: both hold the row, each in its own form. */
export function settledWorld(crm: Normalise, partner: Normalise, row: Row = startRow): World {
  const through = (normalise: Normalise): Row => Object.fromEntries(syncedFields.map((field) => [field, normalise(field, row[field])])) as unknown as Row;
  const world: World = {
    crm: { row: through(crm), version: 1, normalise: crm, writes: [] }, partner: { row: through(partner), version: 1, normalise: partner, writes: [] },
    link: linkOf(), choices: null, shown: '', lastSyncedOn: null, clock: 0, audit: [], told: new Set(), inFlight: null, serviceWrites: 0,
  };
  const at = { crm: canonicals(readCrm(world).cells), partner: canonicals(readPartner(world).cells) };
  const agreed: Agreed = Object.fromEntries(syncedFields.map((field) => [field, { crm: at.crm[field] ?? null, partner: at.partner[field] ?? null }]));
  world.link = { ...world.link, agreed, crm: readCrm(world), partner: readPartner(world) };
  return world;
}

export const readCrm = (world: World): CrmSnapshot => {
  const blank = crmOf(world.crm.row);
  return { ...blank, version: `c${world.crm.version}`, control: { ...blank.control, choices: world.choices }, shown: { ...blank.shown, lastSyncedOn: world.lastSyncedOn } };
};
export const readPartner = (world: World): PartnerSnapshot => partnerOf(world.partner.row, { version: `p${world.partner.version}`, ...statusPair(world.partner.row.status) });

/** A person edits; a closed referral takes nothing, not even in the portal. */
export function edit(world: World, side: 'crm' | 'partner', change: Edit): void {
  if (Object.keys(change).length === 0 || (side === 'partner' && world.partner.row.status !== 'Active')) return;
  store(world[side], change);
}

export function choose(world: World, choices: string): void {
  world.choices = choices;
  world.crm.version += 1;
}

export const planFor = (world: World, crm = readCrm(world), partner = readPartner(world), link = world.link): Plan => planUpdate({ link, crm, partner, today, names, limits });

/** Values that read back as others are remembered as refused (journey/halves). */
function notTaken(link: Link, crm: CrmSnapshot, partner: PartnerSnapshot, sent: Values, written: 'crm' | 'partner'): Record<string, Refusal> {
  const refusals: Record<string, Refusal> = {};
  for (const [key, value] of Object.entries(sent)) {
    const field = key as FieldKey;
    const rule = ruleOf(field);
    if (rule.kind === 'text' || field === 'status') continue;
    const now = canonical(field, written === 'crm' ? crm.cells : partner.cells, context);
    if (now === undefined || sameValue(now, value)) continue;
    const hash = refusalHash(link, partner, groupValues(rule.group, crm, partner, written === 'crm' ? 'partner' : 'crm'));
    refusals[`${written}:${rule.group}`] = { hash, side: written, reasons: [reason('value-not-taken', field, { system: names[written] })] };
  }
  return refusals;
}

const halvesNow = (fields: readonly string[], crm: CrmSnapshot, partner: PartnerSnapshot): Agreed => {
  const [crmNow, partnerNow] = [canonicals(crm.cells), canonicals(partner.cells)];
  return Object.fromEntries(fields.map((field) => [field, { crm: crmNow[field as FieldKey] ?? null, partner: partnerNow[field as FieldKey] ?? null }]));
};

const textsOf = (plan: Plan, when: 'partner' | 'crm' | 'now'): string[] => plan.lines.filter((line) => line.when === when).map((line) => line.text);

const plannedOf = (world: World, plan: Plan, crm: CrmSnapshot, partner: PartnerSnapshot): Planned => {
  world.clock += 1;
  const on = new Date(Date.UTC(2026, 10, 23, 10, 0, world.clock)).toISOString();
  return {
    id: `plan${world.clock}`, on, toPartner: plan.toPartner, toCrm: plan.toCrm, halves: halvesNow([...Object.keys(plan.toPartner), ...Object.keys(plan.toCrm)], crm, partner),
    expects: { crm: crm.version, partner: partner.version }, lastSyncedOn: on.replace('.000Z', 'Z'), lines: { partner: textsOf(plan, 'partner'), crm: textsOf(plan, 'crm') },
  };
};

/** What a record shows of a plan. */
export const shownOf = (plan: Pick<Plan, 'conflicts'>, reasons: readonly Reason[]): string =>
  JSON.stringify([[...new Set(reasons.map((each) => `${each.code}/${each.field}`))].sort(), plan.conflicts.map((each) => [each.field, each.crm, each.partner])]);

function settleOpen(world: World, crm: CrmSnapshot, partner: PartnerSnapshot): void {
  if (world.link.planned.length === 0) return;
  const settled = settlePlanned(world.link.planned, world.link.agreed, crm, partner, context);
  for (const each of settled.arrived) {
    if (each.partner.length > 0) tell(world, `${each.plan.id}/partner`, each.plan.lines.partner);
    if (each.crm.length > 0) tell(world, `${each.plan.id}/crm`, each.plan.lines.crm);
  }
  world.link = { ...world.link, agreed: settled.agreed, planned: settled.open };
}

/** The timeline holds the entries of a plan once. */
function tell(world: World, of: string, lines: readonly string[]): void {
  if (world.told.has(of)) return;
  world.told.add(of);
  world.audit.push(...lines);
}

export interface Trip {
  readonly rang?: 'crm' | 'partner' | 'both';
  readonly dieAfter?: Kill;
  /** The write to the partner is sent and lost on the way; it may arrive later. */
  readonly loseWrite?: boolean;
  /** Something happens after the sides were read. */
  readonly meanwhile?: () => void;
}

/** One run. @returns the plans that were made @throws Died at the point that it was told to */
export function conduct(world: World, trip: Trip = {}): Plan[] {
  const all = world.link.planned.length > 0 || trip.rang === undefined || trip.rang === 'both';
  let crm = all || trip.rang === 'crm' ? readCrm(world) : world.link.crm!;
  let partner = all || trip.rang === 'partner' ? readPartner(world) : world.link.partner!;
  trip.meanwhile?.();
  const plans: Plan[] = [];
  for (let round = 0; round < 6; round += 1) {
    settleOpen(world, crm, partner);
    const plan = planFor(world, crm, partner);
    plans.push(plan);
    const planned = plannedOf(world, plan, crm, partner);
    const plansAnything = Object.keys(plan.toPartner).length + Object.keys(plan.toCrm).length > 0;
    world.audit.push(...textsOf(plan, 'now'));
    world.link = { ...world.link, crm, partner, agreed: plan.agreed, refused: plan.refused, conflicts: plan.conflicts, planned: plansAnything ? [...world.link.planned, planned] : world.link.planned };
    die(trip, 'U2');
    const found: Reason[] = [];
    if (Object.keys(plan.toPartner).length > 0) {
      if (trip.loseWrite) {
        world.inFlight = { values: plan.toPartner, expects: partner.version };
        throw new Died('no answer');
      }
      if (partner.version !== `p${world.partner.version}`) {
        forget(world, planned);
        [crm, partner] = [readCrm(world), readPartner(world)];
        continue;
      }
      store(world.partner, plan.toPartner);
      world.partner.writes.push(plan.toPartner);
      die(trip, 'U3');
      partner = readPartner(world);
      const sent = Object.fromEntries(Object.entries(plan.toPartner).filter(([field]) => !(field in plan.toCrm))) as Values;
      const refused = notTaken(world.link, crm, partner, sent, 'partner');
      found.push(...Object.values(refused).flatMap((each) => each.reasons));
      const now = halvesNow(Object.keys(planned.toCrm), crm, partner);
      const others = world.link.planned.filter((each) => each.id !== planned.id && each.expects.partner !== planned.expects.partner);
      world.link = { ...world.link, partner, agreed: { ...world.link.agreed, ...halvesNow(Object.keys(sent), crm, partner) }, refused: { ...world.link.refused, ...refused }, planned: [...others, { ...planned, toPartner: {}, halves: now }] };
      tell(world, `${planned.id}/partner`, planned.lines.partner);
      die(trip, 'U4');
    }
    const shown = shownOf(plan, [...plan.reasons, ...found]);
    if (Object.keys(plan.toCrm).length > 0 || shown !== world.shown || plan.clearChoices) {
      if (crm.version !== `c${world.crm.version}`) {
        forget(world, planned);
        crm = readCrm(world);
        continue;
      }
      store(world.crm, plan.toCrm);
      if (Object.keys(plan.toCrm).length > 0) world.crm.writes.push(plan.toCrm);
      world.serviceWrites += 1;
      world.shown = shown;
      if (plansAnything) world.lastSyncedOn = planned.lastSyncedOn;
      if (plan.clearChoices) world.choices = null;
      die(trip, 'U5');
      crm = readCrm(world);
    }
    // A merged set is judged on both sides, once both hold it.
    const merged = Object.fromEntries(Object.entries(plan.toPartner).filter(([field]) => field in plan.toCrm)) as Values;
    const refused = { ...notTaken(world.link, crm, partner, plan.toCrm, 'crm'), ...notTaken(world.link, crm, partner, merged, 'partner') };
    world.link = { ...world.link, crm, agreed: { ...world.link.agreed, ...halvesNow(Object.keys(plan.toCrm), crm, partner) }, refused: { ...world.link.refused, ...refused } };
    forget(world, planned);
    tell(world, `${planned.id}/crm`, planned.lines.crm);
    if (Object.keys(refused).length === 0) return plans;
  }
  throw new Error('The record keeps changing.');
}

/** Goes on after a death until a run plans nothing. */
export function recover(world: World): Plan {
  let last: Plan | undefined;
  for (let n = 0; n < 4; n += 1) {
    const plans = conduct(world);
    last = plans[plans.length - 1];
    if (plans.length === 1 && Object.keys({ ...last?.toPartner, ...last?.toCrm }).length === 0) break;
  }
  return last!;
}

/** The lost request arrives: its version decides. */
export function land(world: World): void {
  const late = world.inFlight;
  world.inFlight = null;
  if (!late || late.expects !== `p${world.partner.version}`) return;
  store(world.partner, late.values);
  world.partner.writes.push(late.values);
}

export function dies(world: World, trip: Trip): boolean {
  try {
    conduct(world, trip);
    return false;
  } catch (error) {
    if (error instanceof Died) return true;
    throw error;
  }
}

const forget = (world: World, planned: Planned): void => {
  world.link = { ...world.link, planned: world.link.planned.filter((each) => each.id !== planned.id) };
};

const die = (trip: Trip, at: Kill): void => {
  if (trip.dieAfter === at) throw new Died(at);
};

/** Canonical values of both systems: what a stranger would compare. */
export const stateOf = (world: World): { crm: Values; partner: Values } => ({ crm: canonicals(readCrm(world).cells), partner: canonicals(readPartner(world).cells) });

export const settledValue = (world: World, side: 'crm' | 'partner', field: SyncedField): Json => stateOf(world)[side][field] ?? null;
