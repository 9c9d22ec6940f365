// The told trip: the other side, read through the Referrals API; what people do in the portal goes through the stand-in's control.
import { randomUUID } from 'node:crypto';
import type { DealEdit, DealInput } from '../partnerCenter/portal';
import type { Referral } from '../partnerCenter/referral';

export interface TripPartnerCenter {
  readonly url: string;
  /** A user's access token for the Referrals API. */
  token(): Promise<string>;
}

export interface PartnerDesk {
  read(id: string): Promise<Referral>;
  /** All referrals of an engagement that the list shows by now. */
  engagement(engagementId: string): Promise<readonly Referral[]>;
  newDeal(input: DealInput): Promise<Referral>;
  edit(id: string, change: DealEdit): Promise<Referral>;
  lose(id: string, reason: string): Promise<Referral>;
}

/** Every method throws an Error with the system's own words when it is refused. */
export function openPartnerDesk({ url, token }: TripPartnerCenter): PartnerDesk {
  const call = async <T>(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<T> => {
    const answer = await fetch(url + path, { method, headers: { 'content-type': 'application/json', ...headers }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`Partner Center refused ${method} ${path.replace(/\?.*$/s, '')}: ${answer.status} ${text}`);
    return JSON.parse(text) as T;
  };
  const get = async <T>(path: string): Promise<T> => call<T>('GET', path, undefined, { authorization: `Bearer ${await token()}`, 'client-request-id': randomUUID() });
  return {
    read: (id) => get(`/v1.0/engagements/referrals/${id}`),
    engagement: async (engagementId) => (await get<{ value: Referral[] }>(`/v1.0/engagements/referrals?$filter=${encodeURIComponent(`engagementId eq '${engagementId}'`)}`)).value,
    newDeal: (input) => call('POST', '/__sandbox/deals', input),
    edit: (id, change) => call('POST', `/__sandbox/referrals/${id}/edit`, change),
    lose: (id, reason) => call('POST', `/__sandbox/referrals/${id}/lose`, { reason }),
  };
}
