// The CRM port: what the journey asks of either CRM. Column names, query language, choice numbers and closing stay inside the adapter.
// Adapters try once, with two exceptions: a 401 signs in again once; an idempotent GET on a reset connection once. They throw RemoteFailure.
import type { CrmSnapshot, Reason, Shown, SyncStatus, Values } from '../../core/index';

export interface CrmRef {
  readonly kind: 'opportunity' | 'lead';
  /** Canonical: lower case, no braces (Dataverse); 18 characters (Salesforce). */
  readonly id: string;
}

/** The columns that the service shows; only those named are written. `lastSyncedOn` ISO UTC; `audit` the whole column; `clear` empties what the seller asked for. */
export interface Presentation extends Partial<Omit<Shown, 'status'>> {
  readonly status?: SyncStatus;
  readonly audit?: string;
  readonly sync?: boolean;
  readonly clear?: readonly ('requestedAction' | 'choices')[];
}

/** What is written: canonical values by field (status aside: that is `close`) and the service's columns. */
export interface CrmChange {
  readonly values: Values;
  readonly present: Presentation;
}

export type CrmRead = { readonly type: 'found'; readonly snapshot: CrmSnapshot } | { readonly type: 'gone' };

export type CrmWritten =
  /** `readAfter`: the answer did not hold the record, a read after it did; that may show what somebody wrote since. */
  | { readonly type: 'written'; readonly snapshot: CrmSnapshot; readonly readAfter?: true }
  /** 412: somebody wrote since. */
  | { readonly type: 'stale' }
  | { readonly type: 'gone' }
  /** A definite no about the values; `fields` where the answer tells. */
  | { readonly type: 'refused'; readonly reasons: readonly Reason[] };

export interface Customer {
  readonly name: string;
  readonly line1: string | null;
  readonly line2: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postalCode: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
}

export interface Person {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly phone: string | null;
}

export type Match = { readonly type: 'one'; readonly id: string } | { readonly type: 'none' } | { readonly type: 'several'; readonly count: number };

/** A new record for a referral: the referral makes it one of its kind, so that a repeat makes no second one. */
export interface NewRecord {
  /** Lower case. */
  readonly referralId: string;
  readonly values: Values;
  readonly present: Presentation;
  readonly customerId: string | null;
  readonly contactId: string | null;
  readonly ownerId: string | null;
}

/** With the record's own id, which need not be the one that it waited under (`plannedId`). `exists`: made before; what stands there now is left as it is. */
export type Created =
  | { readonly type: 'created'; readonly id: string; readonly snapshot: CrmSnapshot }
  | { readonly type: 'exists'; readonly id: string }
  | { readonly type: 'refused'; readonly reasons: readonly Reason[] };

/** A customer or contact that was made or found made, or a definite no: the deal is made without it, and says so. */
export type Ensured = { readonly type: 'there'; readonly id: string } | { readonly type: 'refused'; readonly reasons: readonly Reason[] };

/** What the CRM can hold, learnt from its metadata. */
export interface CrmDescription {
  /** Longest text by field, in characters. */
  readonly maxLengths: Readonly<Partial<Record<string, number>>>;
  /** ISO codes of the currencies that the CRM has, with the fraction digits it keeps for each. */
  readonly currencies: Readonly<Record<string, number>>;
  /** Columns of the mapping or the contract that are missing; empty when the package is installed. */
  readonly missing: readonly string[];
}

/** Calls that the CRM grants within a rolling day. */
export interface CallBudget {
  readonly used: number;
  readonly limit: number;
}

export interface ChangedRecord {
  readonly kind: 'opportunity' | 'lead' | 'account' | 'contact';
  readonly id: string;
  readonly version: string;
  readonly modifiedOn: string;
}

export interface CrmPort {
  /** Key of the connection, such as the one in work keys. */
  readonly connection: string;
  /** The CRM's name as people say it; the first node of the line, and in the audit. */
  readonly displayName: string;
  read(ref: CrmRef, signal?: AbortSignal): Promise<CrmRead>;
  /** The same, after what we may see was asked anew: a value that is withheld looks like one that was emptied. */
  readAnew(ref: CrmRef, signal?: AbortSignal): Promise<CrmRead>;
  /**
   * One write under the version, representation returned (its values as the CRM holds them now; what lives on other records may be kept from `base`).
   * `values` may be empty. Never touches the record's state. Where the CRM has no versions, a write of the service's own columns alone may pass by what
   * somebody else wrote since `base`: the representation then shows it.
   */
  write(ref: CrmRef, change: CrmChange, base: CrmSnapshot, signal?: AbortSignal): Promise<CrmWritten>;
  /** Wins or loses the opportunity (reopens it first when it is closed the other way). Takes no version and moves it; read afterwards. */
  close(ref: CrmRef, as: 'won' | 'lost' | 'canceled', reason: string | null, signal?: AbortSignal): Promise<{ readonly type: 'closed' } | { readonly type: 'gone' } | { readonly type: 'refused'; readonly reasons: readonly Reason[] }>;
  /** Why the deal was closed, in the CRM's words (status label and close description); `null` when there is nothing. */
  statusReason?(ref: CrmRef, signal?: AbortSignal): Promise<string | null>;
  create(record: NewRecord, signal?: AbortSignal): Promise<Created>;
  matchCustomer(customer: Customer, signal?: AbortSignal): Promise<Match>;
  /** Makes the customer under this key (`keyFor`), or finds it made. */
  ensureCustomer(key: string, customer: Customer, signal?: AbortSignal): Promise<Ensured>;
  matchContact(customerId: string, person: Person, signal?: AbortSignal): Promise<Match>;
  ensureContact(key: string, customerId: string, person: Person, signal?: AbortSignal): Promise<Ensured>;
  /** The first active user with one of these e-mail addresses. */
  findUserByEmail(emails: readonly string[], signal?: AbortSignal): Promise<string | null>;
  /** Records changed at or after the mark (ISO, the CRM's own time), oldest first, one page; `next` continues, `null` at the end. */
  changedSince(kind: ChangedRecord['kind'], mark: string, next: string | null, signal?: AbortSignal): Promise<{ readonly records: readonly ChangedRecord[]; readonly next: string | null; readonly serverNow: string }>;
  describe(signal?: AbortSignal): Promise<CrmDescription>;
  /** Who the CRM is and who we are there; checked at every sign-in. */
  identity(signal?: AbortSignal): Promise<{ readonly organizationId: string; readonly userId: string }>;
  /** The CRM's own id of a deal from whatever form an outside system stored it in; `null` when it cannot be one. */
  canonicalId(text: string): string | null;
  /** Key of a customer or contact that the service makes, derived from a stable name: the same name, the same key. 36 characters. */
  keyFor(name: string): string;
  /**
   * What the record of a referral goes by until it is made: the id that it will have, where the CRM lets us choose it; else the referral's own id,
   * which `canonicalId` then does not take for one of the CRM's.
   */
  plannedId(referralId: string): string;
  /** Calls of the day, as the CRM told with its last answer; `null` before the first, or where nothing is counted. */
  budget?(): CallBudget | null;
}
