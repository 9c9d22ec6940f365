// What the Partner Center adapter is made of: addresses, sign-in, time zone, waits.
import type { Timings } from '../../timings';

/** The audiences of the two APIs: they stay, whatever the addresses are set to. */
export const REFERRALS_AUDIENCE = 'https://api.partner.microsoft.com';
export const WEBHOOKS_AUDIENCE = 'https://api.partnercenter.microsoft.com';

/** Of any answer, in bytes. */
export const LARGEST_ANSWER = 16 * 1024 * 1024;

export const CONNECTION = 'partner-center';
export const DISPLAY_NAME = 'Partner Center';
/** The organisation id that denotes Microsoft. */
export const MICROSOFT = 'msft';

export interface PartnerCenterOptions {
  /** Base address of the Referrals API, without a path and without a slash at the end. */
  readonly url: string;
  /** Base address of the webhook registration API. */
  readonly webhooksUrl: string;
  /** An access token for one of the two audiences. Throws RemoteFailure when there is none to be had. */
  readonly token: (audience: string) => Promise<string>;
  /** Told after a 401 which token is no longer taken, so that the next one is fetched anew. */
  readonly invalidate: (token: string) => void;
  /** IANA zone in which the portal's users mean their dates. */
  readonly timeZone: string;
  /** The portal's address of a referral, with `{referralId}` and `{engagementId}`. */
  readonly linkTemplate: string;
  readonly timings: Pick<Timings, 'connect' | 'answer' | 'post'>;
}
