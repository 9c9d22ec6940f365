// The kinds of values that settings hold, each with what is wrong and what to do when it is not one.
import { z } from 'zod';

const LOOPBACK = /^(?:localhost|(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/i;

export const word = z.string().regex(/^\S+$/, 'has blanks in it; give it without any.');
export const anyText = z.string();

/** An address of a remote system, without a slash at the end: https, or http to this very host. */
export const address = z.string().transform((text, context) => {
  const url = parseUrl(text);
  if (!url) return refuse(context, 'is not an address; give it whole, such as https://host.example.');
  if (url.username || url.password || url.search || url.hash) return refuse(context, 'carries more than an address; leave out user, password, query and fragment.');
  if (!isSafe(url)) return refuse(context, 'is not https; only addresses on this host may be http.');
  return url.href.replace(/\/+$/, '');
});

/** Origins, separated by commas. Certificate issuers may be http: what they serve counts only when its signature does. */
export const origins = (alsoHttp: boolean) =>
  z.string().transform((text, context) => {
    const urls = text.split(',').map((each) => each.trim()).filter(Boolean).map(parseUrl);
    if (urls.length === 0) return refuse(context, 'names no origin; give at least one, such as https://host.example.');
    if (urls.some((url) => !url || url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '')) return refuse(context, 'has an entry that is not an origin; give scheme, host and port only, with commas between them.');
    if (urls.some((url) => url && !isSafe(url) && !(alsoHttp && url.protocol === 'http:'))) return refuse(context, alsoHttp ? 'has an origin that is neither https nor http; correct it.' : 'has an origin that is not https; only this host may be http.');
    return urls.flatMap((url) => (url ? [url.origin] : []));
  });

export const port = z.string().regex(/^\d{1,5}$/, 'is not a port; give a whole number from 0 to 65535.').transform(Number).refine((value) => value <= 65_535, 'is not a port; give a whole number from 0 to 65535.');

export const minutes = z.string().regex(/^\d+(\.\d+)?$/, 'is not a number of minutes; give one such as 15 or 0.5, or 0 to switch it off.').transform(Number);

export const timeZone = z.string().refine(isTimeZone, 'is not a time zone; give an IANA name such as UTC or Asia/Shanghai.');

export const currency = z.string().regex(/^[A-Z]{3}$/, 'is not a currency; give three capital letters such as USD.');

export const namespace = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,14}$/, 'is not a namespace; give up to 15 letters and digits, a letter first.');

export const crmName = z.enum(['dataverse', 'salesforce'], 'is neither dataverse nor salesforce; give one of the two.');

/** A PostgreSQL address; it may carry a password. */
export const databaseUrl = z.string().refine((text) => ['postgres:', 'postgresql:'].includes(parseUrl(text)?.protocol ?? ''), 'is not a PostgreSQL address; give it as postgres://user:password@host:5432/database.');

/** The portal's link; `{referralId}` and `{engagementId}` are filled in. */
export const linkTemplate = z.string().transform((text, context) => {
  const url = parseUrl(linkWithIds(text));
  if (!url || /[{}]|%7[bd]/i.test(url.href)) return refuse(context, 'is not an address with {referralId} and {engagementId} as its only placeholders; correct it.');
  if (!isSafe(url)) return refuse(context, 'is not https; only addresses on this host may be http.');
  return text;
});

/** A template with both ids, GUIDs, filled in: as long as a record's link will be. */
export const linkWithIds = (template: string): string => template.replace(/\{(?:referralId|engagementId)\}/g, '00000000-0000-4000-8000-000000000000');

function refuse(context: z.RefinementCtx, message: string): never {
  context.addIssue({ code: 'custom', message });
  return z.NEVER;
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

const isSafe = (url: URL): boolean => url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.test(url.hostname));

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
