// The told trip: deals go there and back through the running product, each step timed, both sides compared at the end.
import { MICROSOFT } from '../partnerCenter/referral';
import { compareDeal } from './compareDeal';
import type { CrmDesk } from './crmDesk';
import { askForHelp, changeInCrm, changeInPortal, loseInPortal, openDeal, receiveDeal, shareDeal, winInCrm, type Deal, type Desks } from './deals';
import { openPartnerDesk, type TripPartnerCenter } from './partnerDesk';
import { NotInTime, waitUntil } from './waitUntil';

export interface TripOptions {
  /** Where the seller works. */
  readonly crm: CrmDesk;
  readonly partnerCenter: TripPartnerCenter;
  /** Whether new deals of the portal go to this CRM; without, one of its own is lost in the portal. */
  readonly receives: boolean;
  readonly say: (line: string) => void;
  /** How long each thing may take, milliseconds. */
  readonly timeoutMs: number;
}

export interface TripStep {
  readonly what: string;
  /** From the deed to the moment when both sides show it. */
  readonly ms: number;
  /** Why it failed; absent when it went well. */
  readonly problem?: string;
}

export interface TripReport {
  readonly steps: readonly TripStep[];
  /** Failed steps and every field in which the two sides differ at the end, one line each. */
  readonly differences: readonly string[];
}

/** Tells the trip line by line. Never throws for what the product does wrong: that is in the report. */
export async function tellTrip(options: TripOptions): Promise<TripReport> {
  const desks: Desks = { crm: options.crm, partner: openPartnerDesk(options.partnerCenter), timeoutMs: options.timeoutMs };
  const steps: TripStep[] = [];
  const step = async <T>(what: string, deed: () => Promise<T>): Promise<T | undefined> => {
    const began = Date.now();
    const { done, problem } = await deed().then((value) => ({ done: value, problem: undefined }), (error: unknown) => ({ done: undefined, problem: wordsOf(error) }));
    const ms = Date.now() - began;
    steps.push(problem === undefined ? { what, ms } : { what, ms, problem });
    options.say(`${problem === undefined ? '✔' : '✘'} ${`${(ms / 1_000).toFixed(1)} s`.padStart(7)}  ${what}${problem === undefined ? '' : `\n             ${problem}`}`);
    return done;
  };
  const deals = await makeDeals(desks, step, options.receives, new Date().toISOString().slice(5, 19).replaceAll(':', '.'));
  options.say(`\nBoth sides read back, field by field:`);
  const found: string[] = [];
  for (const deal of deals) found.push(...(await readBack(desks, deal, options.say)));
  return { steps, differences: [...steps.flatMap(({ what, problem }) => (problem === undefined ? [] : [`${what}: ${problem}`])), ...found] };
}

type Step = <T>(what: string, deed: () => Promise<T>) => Promise<T | undefined>;

/** @param mark tells this trip's deals from those of earlier ones */
async function makeDeals(desks: Desks, step: Step, receives: boolean, mark: string): Promise<Deal[]> {
  const { name } = desks.crm;
  const own = await step('private opportunity saved: referral in Partner Center, ✔, identifier, link and audit', () => shareDeal(desks, 'private', mark));
  const led = await step('partner-led opportunity saved: referral in Partner Center, ✔', () => shareDeal(desks, 'partner-led', mark));
  const shared = await step('co-sell opportunity saved: our referral and Microsoft\'s, ✔', () => shareDeal(desks, 'co-sell', mark));
  if (own) await step('private deal opened to Microsoft sellers: partner-led', () => openDeal(desks, own));
  if (own) await step('help asked for the same deal: co-sell, Microsoft\'s referral beside ours', () => askForHelp(desks, own));
  if (shared) await step(`amount, closing date and notes changed in ${name}: in Partner Center`, () => changeInCrm(desks, shared));
  if (shared) await step(`amount, closing date and notes changed in the portal: in ${name}`, () => changeInPortal(desks, shared));
  const received = receives ? await step('new deal in the portal: opportunity with account, contact and ✔', () => receiveDeal(desks, mark)) : undefined;
  const lost = receives ? received : own;
  if (led) await step(`won in ${name}: Closed/Won in Partner Center`, () => winInCrm(desks, led));
  if (lost) await step(`lost in the portal: lost in ${name}`, () => loseInPortal(desks, lost));
  return [own, led, shared, received].filter((deal) => deal !== undefined);
}

/** Reads until the sides are equal or the time is over: lists show a new referral late, and a last write may be on its way. */
async function readBack({ crm, partner, timeoutMs }: Desks, deal: Deal, say: (line: string) => void): Promise<string[]> {
  let last: string[] = [];
  const look = async (): Promise<{ found: true } | { not: string }> => {
    const [seen, referral] = [await crm.read(deal.id), await partner.read(deal.referralId)];
    const microsoft = (await partner.engagement(referral.engagementId)).find(({ organizationId }) => organizationId === MICROSOFT);
    last = compareDeal({ crm: crm.name, deal: seen, referral, microsoft, madeIn: deal.madeIn });
    return last.length === 0 ? { found: true } : { not: last.join('; ') };
  };
  try {
    await waitUntil(look, timeoutMs);
    say(`✔ ${deal.what}: equal`);
    return [];
  } catch (error) {
    const lines = error instanceof NotInTime ? last : [wordsOf(error)];
    for (const line of lines) say(`✘ ${deal.what}: ${line}`);
    return lines.map((line) => `${deal.what}: ${line}`);
  }
}

const wordsOf = (error: unknown): string => {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message} (${cause.message})` : message;
};
