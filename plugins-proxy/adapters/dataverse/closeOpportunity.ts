// Wins, loses and reopens opportunities: the platform has messages for it and refuses a plain write of the state (WinOpportunity and LoseOpportunity, Dataverse Web API reference).
import type { Reason } from '../../../core/index';
import type { CrmRef } from '../../ports/crm';
import type { DataverseAnswer, DataverseClient, Row } from './dataverseClient';
import { rowsOf } from './tableFacts';

export type Closed = { readonly type: 'closed' } | { readonly type: 'gone' } | { readonly type: 'refused'; readonly reasons: readonly Reason[] };

/** State, message, and the status reason that each outcome takes: 3 Won, 4 Canceled, 5 Out-Sold. */
const outcomes = {
  won: { state: 1, message: 'WinOpportunity', status: 3, subject: 'Won in Partner Center' },
  lost: { state: 2, message: 'LoseOpportunity', status: 5, subject: 'Lost in Partner Center' },
  canceled: { state: 2, message: 'LoseOpportunity', status: 4, subject: 'Closed in Partner Center' },
} as const;
const OPEN = 0;

/** An opportunity that is closed as wanted already is left alone, whatever its status reason. @throws RemoteFailure */
export async function closeOpportunity(
  client: DataverseClient, ref: CrmRef, as: keyof typeof outcomes, why: string | null, refuse: (answer: DataverseAnswer) => readonly Reason[], signal?: AbortSignal,
): Promise<Closed> {
  const outcome = outcomes[as];
  const path = `opportunities(${ref.id})`;
  const now = await client.send({ method: 'GET', path: `${path}?$select=statecode`, what: 'read an opportunity', signal });
  if (now.status === 404) return { type: 'gone' };
  if (now.status >= 300) return { type: 'refused', reasons: refuse(now) };
  if (now.body.statecode === outcome.state) return { type: 'closed' };
  if (now.body.statecode !== OPEN) {
    // Won to lost and back goes by way of open only.
    const reopened = await client.send({ method: 'PATCH', path, what: 'reopen an opportunity', headers: { 'if-match': '*' }, body: { statecode: OPEN }, signal });
    if (reopened.status >= 300) return outcomeOf(reopened, refuse);
  }
  const body = { Status: outcome.status, OpportunityClose: closeActivity(ref, outcome.subject, why) };
  return outcomeOf(await client.send({ method: 'POST', path: outcome.message, what: 'close an opportunity', body, signal }), refuse);
}

/** No actual revenue: what was really earned is the seller's to say (contract, "Default columns"). */
const closeActivity = (ref: CrmRef, subject: string, why: string | null): Row => ({
  subject,
  'opportunityid@odata.bind': `/opportunities(${ref.id})`,
  ...(why === null ? {} : { description: why }),
});

function outcomeOf(answer: DataverseAnswer, refuse: (answer: DataverseAnswer) => readonly Reason[]): Closed {
  if (answer.status === 404) return { type: 'gone' };
  return answer.status >= 300 ? { type: 'refused', reasons: refuse(answer) } : { type: 'closed' };
}

/** Why an opportunity was closed, for Partner Center's status reason: the status label and what the seller wrote while closing; `null` when gone. */
export async function statusReason(client: DataverseClient, ref: CrmRef, signal?: AbortSignal): Promise<string | null> {
  const formatted = 'OData.Community.Display.V1.FormattedValue';
  const headers = { prefer: `odata.include-annotations="${formatted}"` };
  const [deal, closes] = await Promise.all([
    client.send({ method: 'GET', path: `opportunities(${ref.id})?$select=statuscode`, what: 'read an opportunity', headers, signal }),
    client.send({ method: 'GET', path: `opportunitycloses?$select=description&$filter=_opportunityid_value eq ${ref.id}&$orderby=createdon desc&$top=1`, what: 'read why an opportunity was closed', signal }),
  ]);
  if (deal.status >= 300) return null;
  // The activity is an extra: without the right to read it the label alone must do.
  const description = closes.status < 300 ? rowsOf(closes.body)[0]?.description : null;
  const parts = [deal.body[`statuscode@${formatted}`], description].filter((part): part is string => typeof part === 'string' && part.trim() !== '');
  return parts.length > 0 ? parts.join(': ') : null;
}
