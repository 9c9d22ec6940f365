// Opportunity form, opened from the start page: a made-up deal, so that a person who tries it out has nothing to type first.
import { bracedId, type Value } from './record/values';
import { readRows } from './record/webApi';

/** Deals by the account that they are with; the first whose name no opportunity has yet. */
const DEALS = [
  { account: 'Adventure Works Cycles', name: 'Adventure Works – Bike telemetry', value: 248_000, days: 120, notes: 'Wants to see live data from the test riders.' },
  { account: 'Northwind Traders', name: 'Northwind – Cold chain alerts', value: 96_500, days: 90, notes: 'Asked for a pilot in two warehouses.' },
  { account: 'Wingtip Toys', name: 'Wingtip – Store assistant', value: 131_000, days: 150, notes: 'Decision after the spring season.' },
  { account: 'Contoso Retail', name: 'Contoso – Shelf analytics', value: 74_900, days: 75, notes: 'First talk was good.' },
] as const;

export async function suggestDeal(): Promise<Readonly<Record<string, Value>>> {
  const taken = new Set((await readRows('opportunities?$select=name')).map(({ name }) => name));
  const deal = DEALS.find(({ name }) => !taken.has(name));
  if (!deal) return {};
  const [account] = await readRows(`accounts?$select=name,_primarycontactid_value&$filter=${encodeURIComponent(`name eq '${deal.account}'`)}&$top=1`);
  const contact = account?._primarycontactid_value;
  const closing = new Date();
  closing.setDate(closing.getDate() + deal.days);
  return {
    name: deal.name, estimatedvalue: deal.value, estimatedclosedate: new Date(closing.getFullYear(), closing.getMonth(), closing.getDate()), description: deal.notes,
    ...(account ? { parentaccountid: [{ id: bracedId(String(account.accountid)), name: String(account.name), entityType: 'account' }] } : {}),
    ...(contact ? { parentcontactid: [{ id: bracedId(String(contact)), name: String(account?.['_primarycontactid_value@OData.Community.Display.V1.FormattedValue'] ?? ''), entityType: 'contact' }] } : {}),
  };
}
