// The Salesforce page: an opportunity as its seller sees it, made of the records that the stand-in keeps.
import type { Salesforce } from '../../salesforce/startSalesforce';
import { reasonsIn, type CrmStatus } from '../feed/observation';

export interface OpportunityView {
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly amount: number | null;
  readonly currency: string;
  /** `YYYY-MM-DD`. */
  readonly closing: string;
  readonly stage: string;
  readonly isShared: boolean;
  /** The picklist's own value; null while nobody shared it. */
  readonly status: string | null;
  /** Field keys of what it waits for. */
  readonly waitsFor: readonly string[];
  readonly referral: string | null;
  readonly link: string | null;
  readonly products: string;
  readonly description: string;
}

const SHOWN: Readonly<Record<string, CrmStatus['shown']>> = { 'Needs attention': 'attention', Conflict: 'conflict' };

/** Newest first. */
export function viewOpportunities(salesforce: Salesforce): readonly OpportunityView[] {
  const accounts = new Map(salesforce.rows('Account').map(({ id, cells }) => [id, String(cells.Name ?? '')]));
  return [...salesforce.rows('Opportunity')].reverse().map(({ id, cells }) => {
    const text = (name: string): string | null => (typeof cells[name] === 'string' && cells[name] !== '' ? cells[name] : null);
    const shown = SHOWN[text('Sync_Status__c') ?? ''];
    return {
      id, name: text('Name') ?? '', account: accounts.get(text('AccountId') ?? '') ?? '', amount: typeof cells.Amount === 'number' ? cells.Amount : null, currency: text('CurrencyIsoCode') ?? 'USD',
      closing: text('CloseDate') ?? '', stage: text('StageName') ?? '', isShared: cells.Sync_with_Partner_Center__c === true,
      status: text('Sync_Status__c'), waitsFor: shown ? reasonsIn(cells.Sync_Details__c, shown) : [], referral: text('Referral_Identifier__c'), link: text('Referral_Link__c'),
      products: text('Products__c') ?? '', description: text('Description') ?? '',
    };
  });
}
