// The referral that a Partner Center event is about. Its address is never called: only the id at its end counts.
import type { PartnerBell } from './bell';
import { toGuid } from './guid';
import type { JsonRecord } from './parseJson';

export type PartnerCenterEvent =
  | { readonly type: 'bell'; readonly bell: Omit<PartnerBell, 'connection'> }
  | { readonly type: 'ignored' }
  | { readonly type: 'malformed' };

/** Event names, and whether they tell of another party's referral in the engagement (partner-center-webhook-events). */
const events: Readonly<Record<string, { readonly microsoft: boolean }>> = {
  'referral-created': { microsoft: false },
  'referral-updated': { microsoft: false },
  'related-referral-created': { microsoft: true },
  'related-referral-updated': { microsoft: true },
};

/** Members come in PascalCase on the wire and in camelCase in the definition: any case is read. */
export function readPartnerCenterEvent(body: JsonRecord): PartnerCenterEvent {
  const name = memberOf(body, 'eventname');
  if (typeof name !== 'string' || name === '') return { type: 'malformed' };
  const key = name.trim().toLowerCase();
  const event = Object.hasOwn(events, key) ? events[key] : undefined;
  if (!event) return { type: 'ignored' };
  const referralId = idAtEnd(memberOf(body, 'resourceuri'));
  return referralId === undefined ? { type: 'malformed' } : { type: 'bell', bell: { type: 'partner', referralId, microsoft: event.microsoft } };
}

function memberOf(body: JsonRecord, wanted: string): unknown {
  const key = Object.keys(body).find((each) => each.toLowerCase() === wanted);
  return key === undefined ? undefined : body[key];
}

/** The last segment of the path, where it is a GUID. */
const idAtEnd = (uri: unknown): string | undefined => (typeof uri === 'string' ? toGuid(uri.replace(/[?#].*$/s, '').replace(/\/+$/, '').split('/').at(-1)) : undefined);
