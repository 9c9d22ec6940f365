// `npm start`, the first time: makes the deals as people would, through the Web API and the portal, so that every state of them is a real one.
import { setTimeout as sleep } from 'node:timers/promises';
import { seedIds, type Dataverse } from '../dataverse/startDataverse';
import { stableId } from '../dataverse/model';
import type { PartnerCenter } from '../partnerCenter/partnerCenter';
import { firstCustomers, firstDeals, firstIncoming, firstSolutions, type FirstCustomer, type FirstDeal } from './firstDeals';

export interface Desks {
  readonly dataverse: Dataverse;
  readonly partnerCenter: PartnerCenter;
  readonly signal: AbortSignal;
}

const FIRST_CHOICE = 481_200_000;
const PENDING = FIRST_CHOICE + 1;
const SETTLE_WITHIN_MS = 30_000;

/** Does nothing where somebody has worked already. Ends when the service has settled all of them, or was given time enough. @throws what the stand-ins refuse */
export async function makeFirstDeals(desks: Desks): Promise<void> {
  const { dataverse, partnerCenter, signal } = desks;
  if (dataverse.rows('opportunity').length > 0 || partnerCenter.referrals().length > 0) return;
  for (const [code, name, type] of firstSolutions) await create(desks, 'cosell_solutions', stableId(`solution ${code}`), { cosell_name: name, cosell_solutioncode: code, cosell_solutiontype: type });
  for (const customer of firstCustomers) await makeCustomer(desks, customer);
  for (const deal of firstDeals) await create(desks, 'opportunities', idOf(deal), rowOf(deal));
  partnerCenter.createDeal({ ...firstIncoming, fromMicrosoft: true, closingDate: dayIn(firstIncoming.closesIn) });
  await settled(desks);
  if (signal.aborted) return;
  for (const deal of firstDeals) await goOn(desks, deal);
  await settled(desks);
}

const idOf = (deal: FirstDeal): string => stableId(`opportunity ${deal.topic}`);
const accountOf = (name: string): string => stableId(`account ${name}`);
const contactOf = (name: string): string => stableId(`contact of ${name}`);
const dayIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

async function makeCustomer(desks: Desks, { name, address: [street, city, state, postalCode], country, contact: [firstname, lastname] }: FirstCustomer): Promise<void> {
  const domain = `${name.replaceAll(/[^a-z]/gi, '').toLowerCase()}.example`;
  await create(desks, 'accounts', accountOf(name), { name, telephone1: '+1 425 555 0170', address1_line1: street, address1_city: city, address1_stateorprovince: state, address1_postalcode: postalCode, ...(country ? { address1_country: country } : {}) });
  await create(desks, 'contacts', contactOf(name), { firstname, lastname, emailaddress1: `${firstname.toLowerCase()}@${domain}`, telephone1: '+1 425 555 0171', 'parentcustomerid_account@odata.bind': `/accounts(${accountOf(name)})` });
  await send(desks, 'PATCH', `accounts(${accountOf(name)})`, { 'primarycontactid@odata.bind': `/contacts(${contactOf(name)})` }, { 'if-match': '*' });
}

function rowOf({ customer, topic, value, closesIn, share }: FirstDeal): Record<string, unknown> {
  return {
    name: topic, estimatedvalue: value, estimatedclosedate: dayIn(closesIn), description: 'Met at the customer’s site.',
    'parentaccountid@odata.bind': `/accounts(${accountOf(customer)})`, 'parentcontactid@odata.bind': `/contacts(${contactOf(customer)})`, 'transactioncurrencyid@odata.bind': `/transactioncurrencies(${seedIds.currency('USD')})`,
    ...(share ? { cosell_syncwithpartnercenter: true, cosell_products: 'SOL-34104-EBB;SOL-15974-MQF', cosell_referralvisibility: FIRST_CHOICE + 1 } : {}),
    ...(share?.help === undefined ? {} : { cosell_howcanmicrosofthelp: FIRST_CHOICE + share.help, cosell_notestomicrosoft: 'Customer wants a pilot soon. Please bring someone who knows capacity planning.' }),
  };
}

/** What happens to a shared deal later. */
async function goOn({ dataverse, partnerCenter, ...desks }: Desks, deal: FirstDeal): Promise<void> {
  const referralId = dataverse.row('opportunity', idOf(deal))?.cells.cosell_referralidentifier;
  if (typeof referralId !== 'string') return;
  if (deal.then === 'accepted') partnerCenter.microsoftAccepts(referralId);
  if (deal.then === 'lost') partnerCenter.lose(referralId);
  if (deal.then !== 'bothChanged') return;
  // Neither side tells the service until both have changed.
  dataverse.pauseSteps();
  partnerCenter.pauseDelivery();
  await send({ dataverse, partnerCenter, ...desks }, 'PATCH', `opportunities(${idOf(deal)})`, { estimatedvalue: deal.value + 35_000 }, { 'if-match': '*' });
  partnerCenter.edit(referralId, { dealValue: deal.value - 10_000 });
  partnerCenter.resumeDelivery();
  dataverse.resumeSteps();
}

/** Until the service has said something about every shared deal and is not on its way with one. */
async function settled({ dataverse, partnerCenter, signal }: Desks): Promise<void> {
  for (const until = Date.now() + SETTLE_WITHIN_MS; Date.now() < until && !signal.aborted; await sleep(100)) {
    const shared = dataverse.rows('opportunity').filter(({ cells }) => cells.cosell_syncwithpartnercenter === true);
    const isQuiet = partnerCenter.waitingEvents().every(({ state }) => state === 'offline') && dataverse.rows('asyncoperation').every(({ cells }) => cells.statecode !== 0);
    if (isQuiet && shared.length > 0 && shared.every(({ cells }) => typeof cells.cosell_syncstatus === 'number' && cells.cosell_syncstatus !== PENDING)) return;
  }
}

/** With an id of its own, so that a start that was broken off goes on where it was. */
const create = (desks: Desks, set: string, id: string, row: Record<string, unknown>): Promise<void> => send(desks, 'PATCH', `${set}(${id})`, row, { 'if-none-match': '*' });

async function send({ dataverse, signal }: Desks, method: string, path: string, body: Record<string, unknown>, headers: Record<string, string>): Promise<void> {
  const answer = await fetch(`${dataverse.url}/api/data/v9.2/${path}`, { method, signal, headers: { authorization: `Bearer ${dataverse.sellerToken(seedIds.dana)}`, 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) });
  if (!answer.ok && answer.status !== 412) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  await answer.body?.cancel();
}
