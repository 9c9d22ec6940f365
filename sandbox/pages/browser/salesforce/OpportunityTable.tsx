// Salesforce: the table of opportunities. What the service wrote stands there as the fields hold it.
import type { OpportunityView } from '../../salesforce/opportunityView';
import { Icon, type IconName } from '../look/Icon';
import { readSettings } from '../settings';
import { day, hasWord, money, say, sayAny, sayList, type WordKey } from '../words';
import { openHere } from '../portal/DealList';
import { addressWith } from '../useAddress';

/** What the package calls a field. */
export const labelOf = (field: string): string => readSettings().packageWords?.labels[field] ?? field;

export function OpportunityTable({ opportunities, onChange }: { readonly opportunities: readonly OpportunityView[]; readonly onChange: (id: string) => void }): JSX.Element {
  return (
    <table className="deals">
      <thead>
        <tr>
          <th scope="col">{say('sf.name')}</th>
          <th scope="col">{say('sf.account')}</th>
          <th scope="col" className="number-cell">{say('sf.amount')}</th>
          <th scope="col">{say('sf.closing')}</th>
          <th scope="col">{say('sf.stage')}</th>
          <th scope="col">{labelOf('Sync_Status__c')}</th>
          <th scope="col">{labelOf('Referral_Identifier__c')}</th>
        </tr>
      </thead>
      <tbody>
        {opportunities.map((opportunity) => (
          <tr key={opportunity.id}>
            <td><a href={addressWith({ change: opportunity.id })} onClick={(event) => openHere(event, () => onChange(opportunity.id))}>{opportunity.name}</a></td>
            <td>{opportunity.account}</td>
            <td className="number-cell">{opportunity.amount === null ? '' : money(opportunity.amount, opportunity.currency, 0)}</td>
            <td className="date">{opportunity.closing ? day(opportunity.closing, 'medium') : ''}</td>
            <td className="quiet">{opportunity.stage}</td>
            <td><StatusCell opportunity={opportunity} /></td>
            <td className="quiet"><ReferralCell opportunity={opportunity} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const MARKS: Readonly<Record<string, readonly [icon: IconName, tone: string]>> = {
  'Not shared': ['circle', 'quiet'], Pending: ['sync', 'brand'], Synced: ['check', 'ok'], 'Needs attention': ['warning', 'warn'], Conflict: ['branch', 'berry'], Failed: ['failed', 'bad'],
};

function StatusCell({ opportunity: { status, waitsFor } }: { readonly opportunity: OpportunityView }): JSX.Element | null {
  if (status === null) return null;
  const [icon, tone] = MARKS[status] ?? ['circle', 'quiet'];
  return (
    <>
      <span className={`cell-icon tone-${tone}`}><Icon name={icon} size={14} />{readSettings().packageWords?.values.Sync_Status__c?.[status] ?? status}</span>
      {waitsFor.length > 0 ? <span className="small line">{sayList(waitsFor.map(fieldName))}</span> : null}
    </>
  );
}

const OWN_NAMES: Readonly<Record<string, WordKey>> = { name: 'sf.name', dealValue: 'sf.amount', closingDate: 'sf.closing', notes: 'sf.description', 'customer.name': 'sf.account' };

/** As it is called here, where the seller looks for it. */
const fieldName = (key: string): string => (OWN_NAMES[key] ? say(OWN_NAMES[key]) : hasWord(`deal.${key}`) ? sayAny(`deal.${key}`) : key);

function ReferralCell({ opportunity: { referral, link } }: { readonly opportunity: OpportunityView }): JSX.Element | null {
  if (referral === null) return null;
  const text = `${referral.slice(0, 8)}…`;
  return link === null ? <span title={referral}>{text}</span> : <a href={link} title={referral}>{text}</a>;
}
