// What a side looked like when it was read: cells by field, with the mapping already applied.
import type { MoneyScale } from './canonical/money';
import type { FieldKey } from './fields';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Unreadable is never empty; a computed value may be read but not written. */
export type Cell =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'computed'; readonly value: Json };

export type Cells = Readonly<Partial<Record<FieldKey, Cell>>>;

export interface Snapshot {
  /** Opaque: an eTag, a row version, a modification stamp. */
  readonly version: string;
  readonly cells: Cells;
}

export interface PartyRef {
  readonly kind: 'account' | 'contact' | 'user';
  readonly id: string;
  readonly name: string | null;
}

export interface CrmSnapshot extends Snapshot {
  /**
   * Read so soon after the record's last change that a later change may carry the same version (a CRM that stamps whole seconds). Whoever writes what a
   * seller may have written too reads first; reconcile looks once more.
   */
  readonly unsettled?: true;
  /** Each side's amount is compared at the digits of its own currency: a deal may change its currency. */
  readonly moneyScale: MoneyScale;
  readonly createdOn: string;
  readonly modifiedOn: string;
  /** What the seller asks for. */
  readonly control: {
    readonly sync: boolean;
    readonly requestedAction: 'syncNow' | 'accept' | 'decline' | null;
    readonly requestedReason: string | null;
    readonly choices: string | null;
  };
  /** What the service wrote there last, as it stands now. */
  readonly shown: Shown;
  readonly refs: { readonly customer: PartyRef | null; readonly contact: PartyRef | null; readonly owner: PartyRef | null };
  /** Fields under column security: their values are not printed in the audit. */
  readonly secured: readonly FieldKey[];
}

/** The columns that only the service writes (the audit is written, never read back). Statuses as in status.ts, or `null` when empty. */
export interface Shown {
  readonly identifier: string | null;
  readonly link: string | null;
  readonly status: string | null;
  readonly details: string | null;
  readonly microsoftStatus: string | null;
  readonly microsoftCrmId: string | null;
  readonly lastSyncedOn: string | null;
}

export interface PartnerSnapshot extends Snapshot {
  readonly id: string;
  readonly engagementId: string;
  readonly organizationId: string;
  readonly direction: 'incoming' | 'outgoing';
  /** As the API words them: `Active`, `Accepted`. */
  readonly status: string;
  readonly substatus: string;
  readonly type: 'Independent' | 'Shared';
  readonly category: 'coSell' | 'marketplaceLead' | 'qualifiedLead';
  readonly createdOn: string;
  readonly updatedOn: string;
  readonly expiresOn: string | null;
  readonly msxId: string | null;
  readonly externalReferenceId: string | null;
}
