// The Salesforce page's desk: the org's opportunities, and a seller's change to one of them, saved as in Salesforce's own pages.
import { Problem } from '../../salesforce/problem';
import type { Salesforce } from '../../salesforce/startSalesforce';
import { openChannel } from '../server/live';
import { PageProblem, type PageAnswer, type PageRequest, type PageRoute } from '../server/pageServer';
import { viewOpportunities, type OpportunityView } from './opportunityView';

export interface SalesforceState {
  readonly opportunities: readonly OpportunityView[];
  /** The catalogue: id and name. */
  readonly solutions: readonly (readonly [string, string])[];
}

/** What the page's form holds; anything else is nobody's business here. */
const CHANGEABLE: Readonly<Record<string, (value: unknown) => boolean>> = {
  Amount: (value) => value === null || (typeof value === 'number' && Number.isFinite(value)), CloseDate: isText, Description: isText, Products__c: isText, Sync_with_Partner_Center__c: (value) => typeof value === 'boolean',
};

export function openSalesforcePage(salesforce: Salesforce): { routes: readonly PageRoute[]; close(): void } {
  const channel = openChannel({ path: /^\/salesforce\/live$/, show: (): SalesforceState => ({ opportunities: viewOpportunities(salesforce), solutions: salesforce.rows('Cosell_Solution__c').map(({ cells }) => [String(cells.Solution_Code__c), String(cells.Name)] as const) }) });
  salesforce.onWrite(channel.touch);
  return { routes: [channel.route, { method: 'POST', path: /^\/salesforce\/opportunities\/(?<id>\w+)$/, handle: (request) => change(salesforce, request) }], close: channel.close };
}

/** What the org refuses is shown as it would say it. */
async function change({ person }: Salesforce, { params, body }: PageRequest): Promise<PageAnswer> {
  const values = readValues((await body()).toString('utf8'));
  try {
    person.edit('Opportunity', params.id ?? '', values);
    return { body: {} };
  } catch (error) {
    if (error instanceof Problem) return { status: error.status, body: { error: { message: error.message } } };
    throw error;
  }
}

function readValues(text: string): Readonly<Record<string, unknown>> {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    throw new PageProblem(400, 'The body is not JSON.');
  }
  if (typeof values !== 'object' || values === null || Array.isArray(values)) throw new PageProblem(400, 'The body is not a record.');
  const wrong = Object.entries(values).find(([name, value]) => !CHANGEABLE[name]?.(value));
  if (wrong) throw new PageProblem(400, `${wrong[0]} takes no such value here.`);
  return values as Readonly<Record<string, unknown>>;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
