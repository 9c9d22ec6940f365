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
  | { readonly type: 'written'; readonly snapshot: CrmSnapshot }
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

/** A new record for a referral: `id` chosen by us, so that a repeat makes no second one. */
export interface NewRecord {
  readonly id: string;
  readonly values: Values;
  readonly present: Presentation;
  readonly customerId: string | null;
  readonly contactId: string | null;
  readonly ownerId: string | null;
}

export type Created = { readonly type: 'created'; readonly snapshot: CrmSnapshot } | { readonly type: 'exists' } | { readonly type: 'refused'; readonly reasons: readonly Reason[] };

/** What the CRM can hold, learnt from its metadata. */
export interface CrmDescription {
  /** Longest text by field, in characters. */
  readonly maxLengths: Readonly<Partial<Record<string, number>>>;
  /** ISO codes of the currencies that the CRM has, with the fraction digits it keeps for each. */
  readonly currencies: Readonly<Record<string, number>>;
  /** Columns of the mapping or the contract that are missing; empty when the package is installed. */
  readonly missing: readonly string[];
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
   * One write under the version, representation returned (its values as the CRM holds them now; what lives on other records is kept from `base`).
   * `values` may be empty. Never touches the record's state.
   */
  write(ref: CrmRef, change: CrmChange, base: CrmSnapshot, signal?: AbortSignal): Promise<CrmWritten>;
  /** Wins or loses the opportunity (reopens it first when it is closed the other way). Takes no version and moves it; read afterwards. */
  close(ref: CrmRef, as: 'won' | 'lost' | 'canceled', reason: string | null, signal?: AbortSignal): Promise<{ readonly type: 'closed' } | { readonly type: 'gone' } | { readonly type: 'refused'; readonly reasons: readonly Reason[] }>;
  /** Why the deal was closed, in the CRM's words (status label and close description); `null` when there is nothing. */
  statusReason?(ref: CrmRef, signal?: AbortSignal): Promise<string | null>;
  create(record: NewRecord, signal?: AbortSignal): Promise<Created>;
  matchCustomer(customer: Customer, signal?: AbortSignal): Promise<Match>;
  /** Makes the customer under this id, or finds it made; returns its id. */
  ensureCustomer(id: string, customer: Customer, signal?: AbortSignal): Promise<string>;
  matchContact(customerId: string, person: Person, signal?: AbortSignal): Promise<Match>;
  ensureContact(id: string, customerId: string, person: Person, signal?: AbortSignal): Promise<string>;
  /** The first active user with one of these e-mail addresses. */
  findUserByEmail(emails: readonly string[], signal?: AbortSignal): Promise<string | null>;
  /** Records changed at or after the mark (ISO, the CRM's own time), oldest first, one page; `next` continues, `null` at the end. */
  changedSince(kind: ChangedRecord['kind'], mark: string, next: string | null, signal?: AbortSignal): Promise<{ readonly records: readonly ChangedRecord[]; readonly next: string | null; readonly serverNow: string }>;
  describe(signal?: AbortSignal): Promise<CrmDescription>;
  /** Who the CRM is and who we are there; checked at every sign-in. */
  identity(signal?: AbortSignal): Promise<{ readonly organizationId: string; readonly userId: string }>;
  /** The CRM's own id from whatever form an outside system stored it in; `null` when it cannot be one. */
  canonicalId(text: string): string | null;
  /** Id of a record that the service makes, derived from a stable name: the same name, the same id. */
  idFor(name: string): string;
}
