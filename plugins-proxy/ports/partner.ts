// The Partner Center port: referrals as the journey sees them. Adapters try once (a 401 signs in again once; an idempotent GET on a reset connection once).
import type { Json, PartnerSnapshot, Reason, Values } from '../../core/index';

export type PartnerRead = { readonly type: 'found'; readonly snapshot: PartnerSnapshot } | { readonly type: 'gone' };

export type PartnerWritten =
  /** `readAfter`: the answer did not hold the record, a read after it did; that may show what somebody wrote since. */
  | { readonly type: 'written'; readonly snapshot: PartnerSnapshot; readonly readAfter?: true }
  /** 412: somebody wrote since. */
  | { readonly type: 'stale' }
  | { readonly type: 'gone' }
  /** A definite no (400, 404 on a value, 413, 415, 422). `reasons` name fields where the answer's target does. */
  | { readonly type: 'refused'; readonly reasons: readonly Reason[] };

/** What a referral's update carries; only those named. `visibility: 'visible'` opens the consent; `status` is written last. */
export interface PartnerChange {
  readonly values: Values;
  readonly externalReferenceId?: string;
  /** Who is who of `values.team`, as the CRM knows them: the referral's own members are kept as they are. */
  readonly people?: Json;
  /** Accepting or declining what Microsoft sent. */
  readonly answer?: { readonly accept: boolean; readonly reason: string | null };
  readonly statusReason?: string | null;
}

export type PartnerCreated = { readonly type: 'created'; readonly snapshot: PartnerSnapshot } | { readonly type: 'refused'; readonly reasons: readonly Reason[] };

export interface ListedReferral {
  readonly id: string;
  readonly engagementId: string;
  readonly externalReferenceId: string | null;
  readonly organizationId: string;
  readonly version: string;
  readonly status: string;
  readonly substatus: string;
  readonly createdOn: string;
  readonly updatedOn: string;
  readonly expiresOn: string | null;
}

export interface ReferralPage {
  readonly referrals: readonly ListedReferral[];
  /** Opaque cursor of the next page, or `null`. */
  readonly next: string | null;
  /** Partner Center's own time (`Date` header), ISO. */
  readonly serverNow: string;
}

export interface PartnerPort {
  readonly connection: string;
  readonly displayName: string;
  /** `msft`: the organisation whose referrals are Microsoft's. */
  readonly microsoftOrganizationId: string;
  /** Gets a token where none is held; at once otherwise. The calls themselves do it too: this lets the gate look again in between. */
  signIn?(): Promise<void>;
  read(id: string, signal?: AbortSignal): Promise<PartnerRead>;
  write(id: string, change: PartnerChange, version: string, signal?: AbortSignal): Promise<PartnerWritten>;
  /** The body of a deal of our own (POST 1) from canonical values; pure, so that it can be stored before it is sent. */
  ownBody(values: Values): Json;
  /** The body that asks Microsoft (POST 2) within an engagement; pure. */
  microsoftBody(values: Values, engagementId: string): Json;
  /** Sends a stored body. The request id stays the same on a retry of the same attempt. */
  create(body: Json, requestId: string, signal?: AbortSignal): Promise<PartnerCreated>;
  /** Newest created first. */
  listNewest(next: string | null, signal?: AbortSignal): Promise<ReferralPage>;
  /** Oldest created first: the inventory. */
  listOldest(next: string | null, signal?: AbortSignal): Promise<ReferralPage>;
  /** Last updated first: reconcile. */
  listUpdated(next: string | null, signal?: AbortSignal): Promise<ReferralPage>;
  listEngagement(engagementId: string, signal?: AbortSignal): Promise<readonly ListedReferral[]>;
  /** The portal's address of a referral. */
  linkTo(referralId: string, engagementId: string): string;
}
