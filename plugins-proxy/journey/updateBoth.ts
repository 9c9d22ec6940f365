// Update both: settle what was open, plan, write Partner Center, write the CRM. U2 store the plan, U3 write the partner, U4 store it, U5 write the CRM, U6 store it.
import { auditEntry, instantToDate, planUpdate, settlePlanned, type Link, type Plan, type Planned, type Reason, type Values } from '../../core/index';
import { lineText, type Round, type RoundEnd, type Trip } from './round';
import { askMicrosoft, MicrosoftRefused, StillUnknown } from './askMicrosoft';
import { canonicalValues } from './halves';
import { nameReferral } from './nameReferral';
import { nextMark, show, toSeconds } from './present';
import { after, linesAbout, remember, type Pair, type Run, type RunOutcome } from './run';
import { writeCrm } from './writeCrm';
import { writePartner } from './writePartner';

const ROUNDS = 4;

/** Carries out what the plan says until both sides hold it. A record that others keep writing to is looked at again later. */
export async function updateBoth(run: Run, start: Pair, known: { pair?: Pair }, trip: Trip = 'update'): Promise<RunOutcome> {
  let pair = await nameReferral(run, await settleOpen(run, start));
  for (let round = 0; round < ROUNDS; round += 1) {
    const ended = await oneRound(run, pair, known, trip);
    if (ended.type === 'end') return ended.outcome;
    // What was read anew may show that an older plan arrived late.
    pair = await settleOpen(run, ended.pair);
    known.pair = pair;
  }
  // ✔ must not stand beside what Microsoft does not have yet.
  const afterMs = run.deps.timings.recordBackOff;
  const shown = await show(run, pair, { reasons: [], conflicts: pair.link.conflicts, travelled: false, unfinished: { progress: 'writing', nextTryOn: toSeconds(after(run.now(), afterMs)) } });
  await remember(run, { ...shown.link, crm: shown.crm });
  return { type: 'later', afterMs, why: 'the record keeps changing' };
}

/** Open plans are settled first: what arrived is agreed with the other side's value of then, so a crash is never mistaken for an edit. */
async function settleOpen(run: Run, pair: Pair): Promise<Pair> {
  const { link, crm, partner } = pair;
  if (link.planned.length === 0 || !partner) return pair;
  const settled = settlePlanned(link.planned, link.agreed, crm, partner, { moneyScale: crm.moneyScale });
  const shownOn = crm.shown.lastSyncedOn === null ? NaN : Date.parse(crm.shown.lastSyncedOn);
  const isShown = link.planned.find((plan) => Date.parse(plan.lastSyncedOn) === shownOn);
  const lines = settled.arrived.flatMap((each) => [
    ...linesAbout(each.partner, each.plan.toPartner, each.plan.id, each.plan.on, each.plan.lines.partner),
    ...linesAbout(each.crm, each.plan.toCrm, `${each.plan.id}/crm`, each.plan.on, each.plan.lines.crm),
  ]);
  const next: Link = {
    ...link,
    agreed: settled.agreed,
    planned: settled.open,
    lastSyncedOn: isShown ? isShown.lastSyncedOn : link.lastSyncedOn,
    auditDue: isShown ? false : link.auditDue || lines.length > 0,
    crm,
    partner,
  };
  return { ...pair, link: await remember(run, next, { lines }) };
}

async function oneRound(run: Run, pair: Pair, known: { pair?: Pair }, trip: Trip): Promise<Exclude<RoundEnd, { type: 'go' }>> {
  if (!pair.partner) throw new Error('A linked record has no referral.');
  const plan = planUpdate({
    link: pair.link,
    crm: pair.crm,
    partner: pair.partner,
    today: instantToDate(run.now(), run.deps.timeZone)!,
    names: { crm: run.crm.displayName, partner: run.deps.partner.displayName },
    limits: await run.crm.describe(run.signal),
  });
  const planned = plannedOf(run, pair, plan);
  const atPartner = await writePartner(run, { pair: { ...pair, link: { ...pair.link, kept: standing(pair) } }, plan, planned, found: standing(pair) }, known);
  if (atPartner.type !== 'go') return atPartner;
  const asked = await askIfPlanned(run, atPartner.round, known);
  if (asked.type === 'end') return asked;
  return writeCrm(run, asked.round, known, trip);
}

/** Reasons of the record's birth that a person has not answered yet, by choosing the customer or contact. */
const standing = ({ link, crm }: Pair): readonly Reason[] =>
  link.kept.filter(({ field }) => !(field === 'customer.name' && crm.refs.customer !== null) && !(field === 'customer.contact' && crm.refs.contact !== null));

/** The plan as it is stored before anything is written: whole groups for both sides, and the halves to settle with. */
function plannedOf(run: Run, pair: Pair, plan: Plan): Planned {
  const toPartner: Values = plan.open ? { ...plan.toPartner, visibility: 'visible' } : plan.toPartner;
  const crmNow = canonicalValues(pair.crm.cells, pair.crm.moneyScale);
  const partnerNow = canonicalValues(pair.partner!.cells, pair.crm.moneyScale);
  const fields = [...Object.keys(toPartner), ...Object.keys(plan.toCrm)] as (keyof Values)[];
  const at = run.now();
  const lines = (when: 'partner' | 'crm'): string[] => plan.lines.filter((line) => line.when === when).map((line) => lineText(run, at, line));
  return {
    id: run.deps.newId(),
    on: at,
    toPartner,
    toCrm: plan.toCrm,
    halves: Object.fromEntries(fields.map((field) => [field, { crm: crmNow[field] ?? null, partner: partnerNow[field] ?? null }])),
    expects: { crm: pair.crm.version, partner: pair.partner!.version },
    lastSyncedOn: nextMark(run, pair.link, pair.crm),
    lines: { partner: [...lines('partner'), ...(plan.open ? [auditEntry(at, run.crm.displayName, run.deps.partner.displayName, 'Visibility: private → visible')] : [])], crm: lines('crm') },
  };
}

/** Help asked now, or an open attempt to ask. A definite no is a reason; an unknown outcome is Pending. */
async function askIfPlanned(run: Run, round: Round, known: { pair?: Pair }): Promise<{ readonly type: 'go'; readonly round: Round } | { readonly type: 'end'; readonly outcome: RunOutcome }> {
  if (!round.plan.askHelp && !round.pair.link.attempts.microsoft) return { type: 'go', round };
  try {
    return { type: 'go', round: { ...round, pair: await askMicrosoft(run, round.pair, known) } };
  } catch (error) {
    if (error instanceof MicrosoftRefused) return { type: 'go', round: { ...round, pair: error.pair, found: [...round.found, ...error.reasons] } };
    if (!(error instanceof StillUnknown)) throw error;
    const at = known.pair ?? round.pair;
    const shown = await show(run, { ...round.pair, link: at.link }, { reasons: [], conflicts: round.plan.conflicts, travelled: false, unfinished: { progress: 'confirming', nextTryOn: toSeconds(after(run.now(), error.afterMs)) } });
    await remember(run, { ...shown.link, crm: shown.crm });
    return { type: 'end', outcome: { type: 'later', afterMs: error.afterMs, why: error.message } };
  }
}
