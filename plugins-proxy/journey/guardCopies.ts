// The copy guard: a copied environment or a restored database sends nothing and writes no value until somebody adopts it.
import { reason } from '../../core/index';
import { show } from './present';
import { finish, type Pair, type Run, type RunOutcome } from './run';

/** Whether this record, or what is known of its connections, says that memory and reality have parted. */
export async function isCopied(run: Run, pair: Pair): Promise<boolean> {
  const { store, partner } = run.deps;
  const [crmState, partnerState] = await Promise.all([store.connectionState(run.crm.connection), store.connectionState(partner.connection)]);
  if (crmState.copied || partnerState.copied) return true;
  const why = (await suspicion(run, pair, crmState.adoptedOn)) ?? foreignOrganization(run, pair, partnerState.organizationId);
  if (why) await store.markCopied(why.connection, why.text);
  return why !== null;
}

interface Suspicion {
  readonly connection: string;
  readonly text: string;
}

/** A record that shows a later sync than this database ever stored or planned, or an identifier that no link or attempt knows. */
async function suspicion(run: Run, pair: Pair, adoptedOn: string | null): Promise<Suspicion | null> {
  const { shown } = pair.crm;
  const connection = run.crm.connection;
  const isAdopted = adoptedOn !== null && (shown.lastSyncedOn === null || time(shown.lastSyncedOn) <= time(adoptedOn));
  if (isAdopted) return null;
  const known = [pair.link.lastSyncedOn, pair.link.plannedRecord?.lastSyncedOn, ...pair.link.planned.map((plan) => plan.lastSyncedOn)].filter((each): each is string => typeof each === 'string');
  const latest = Math.max(0, ...known.map(time));
  if (shown.lastSyncedOn !== null && time(shown.lastSyncedOn) > latest + 1_000) return { connection, text: 'A record was synced later than this database remembers.' };
  if (shown.identifier === null || shown.identifier.toLowerCase() === pair.link.referralId?.toLowerCase()) return null;
  const isKnown = await run.deps.store.knowsReferral(run.deps.partner.connection, shown.identifier.toLowerCase());
  return isKnown ? null : { connection, text: 'A record carries a referral that this database does not know.' };
}

/** Our own referrals belong to one organisation; another one means another Partner Center account. */
function foreignOrganization(run: Run, pair: Pair, organizationId: string | null): Suspicion | null {
  const seen = pair.fresh.partner ? pair.partner?.organizationId : undefined;
  if (!seen || !organizationId || seen === organizationId || seen.toLowerCase() === run.deps.partner.microsoftOrganizationId) return null;
  return { connection: run.deps.partner.connection, text: 'Referrals belong to another organisation than before.' };
}

/** The record says why; no value is written on either side. */
export async function showCopied(run: Run, pair: Pair): Promise<RunOutcome> {
  if (pair.crm.version === '') return finish(run);
  const quiet = { ...pair, link: { ...pair.link, auditDue: false } };
  const shown = await show(run, { ...quiet, link: pair.link.rev === 0 ? pair.link : quiet.link }, { reasons: [reason('environment-copied')], conflicts: [], travelled: false });
  return finish(run, { link: { ...shown.link, crm: shown.crm, auditDue: pair.link.auditDue } });
}

const time = (iso: string): number => Date.parse(iso);
