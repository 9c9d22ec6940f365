// Lists of referrals, page by page. A page's nextLink is never followed: its scheme and path are wrong in the documents' own sample.
import type { Json } from '../../../core/index';
import type { ListedReferral, ReferralPage } from '../../ports/partner';
import { failureOfAnswer, failureOfContent } from './failures';
import { nameOf, type HttpAnswer } from './httpCall';
import type { PartnerHttp } from './partnerHttp';
import { toListedReferral } from './referralSnapshot';
import { at, rawTextAt } from './wire';

export const REFERRALS = '/v1.0/engagements/referrals';

const PAGE = 100;
const MOST_PAGES_OF_AN_ENGAGEMENT = 50;
const select = 'id,engagementId,externalReferenceId,organizationId,eTag,status,substatus,createdDateTime,updatedDateTime,expirationDateTime';

interface Cursor {
  /** `$skiptoken` of the server, or how many to skip. */
  readonly token?: string;
  readonly skip?: number;
  /** The first id of the page before: a server that ignores both would give that page for ever. */
  readonly after: string;
}

/**
 * One page of a list.
 * @param query OData options such as `$orderby`
 * @param next the cursor that the page before gave, or `null`
 */
export async function listPage(http: PartnerHttp, query: Readonly<Record<string, string>>, next: string | null, signal?: AbortSignal): Promise<ReferralPage> {
  const cursor = next === null ? undefined : (JSON.parse(next) as Cursor);
  const call = { method: 'GET' as const, path: `${REFERRALS}?${toQuery(query, cursor)}`, signal };
  const answer = await http.send(call);
  if (answer.status !== 200) throw failureOfAnswer(answer, nameOf(call));
  const value = at(answer.body, 'value');
  if (!Array.isArray(value)) throw failureOfContent('no list', nameOf(call), answer.status);
  const referrals = (value as readonly Json[]).map((each) => toListedReferral(each, answer.serverNow)).filter((each): each is ListedReferral => each !== undefined);
  const first = referrals[0]?.id;
  if (cursor && first !== undefined && first === cursor.after) throw failureOfContent('the same page again', nameOf(call), answer.status);
  return { referrals, next: nextOf(answer, value.length, first, cursor), serverNow: answer.serverNow };
}

/** All referrals of one engagement: the partner's own, Microsoft's, other partners'. */
export async function listEngagement(http: PartnerHttp, engagementId: string, signal?: AbortSignal): Promise<ListedReferral[]> {
  const all: ListedReferral[] = [];
  const query = { $filter: `engagementId eq '${engagementId.replaceAll("'", "''")}'` };
  let next: string | null = null;
  for (let pages = 0; pages < MOST_PAGES_OF_AN_ENGAGEMENT; pages += 1) {
    const page: ReferralPage = await listPage(http, query, next, signal);
    all.push(...page.referrals);
    next = page.next;
    if (next === null) break;
  }
  return all;
}

function toQuery(query: Readonly<Record<string, string>>, cursor: Cursor | undefined): string {
  const options: Record<string, string> = { $select: select, ...query, $top: String(PAGE) };
  if (cursor?.token !== undefined) options.$skiptoken = cursor.token;
  if (cursor?.skip !== undefined) options.$skip = String(cursor.skip);
  return Object.entries(options).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
}

/** From the nextLink only what continues; a full page without one continues too, because `$top` may silence the link. */
function nextOf(answer: HttpAnswer, length: number, first: string | undefined, cursor: Cursor | undefined): string | null {
  const link = rawTextAt(answer.body, '@odata.nextLink');
  if (first === undefined || (link === null && length < PAGE)) return null;
  const options = link === null ? undefined : optionsOf(link);
  const token = options?.get('$skiptoken') ?? undefined;
  const skip = Number(options?.get('$skip') ?? (cursor?.skip ?? 0) + length);
  const following: Cursor = token === undefined ? { skip, after: first } : { token, after: first };
  return JSON.stringify(following);
}

function optionsOf(link: string): URLSearchParams {
  const query = link.indexOf('?');
  return new URLSearchParams(query < 0 ? '' : link.slice(query + 1));
}
