// Test kit: a CRM as a test sees it, by field key and by meaning. Its names, forms and quirks stay inside the implementation, one for each stand-in.
import type { SyncStatus } from '../../core/index';
import type { CountedRequest } from '../../sandbox/kit/standIn';
import type { Fault } from '../../sandbox/kit/faults';

export type CrmName = 'dataverse' | 'salesforce';

/**
 * The CRMs that a test file runs for: both, or the one that this run of Jest is about, so that the runs share the processors (jest.config.mjs).
 * For `describe.each`: what sellers call it, and its name.
 */
export const crms: readonly (readonly [label: string, name: CrmName])[] = ([['Dynamics 365', 'dataverse'], ['Salesforce', 'salesforce']] as const).filter(
  ([, name]) => (globalThis as { crmsUnderTest?: readonly string[] }).crmsUnderTest?.includes(name) ?? true,
);

/** What a person types into an opportunity, by field key; `null` empties, what is left out stays. */
export interface Typed {
  readonly name?: string | null;
  readonly dealValue?: number | null;
  /** ISO code. */
  readonly currency?: string;
  readonly closingDate?: string | null;
  readonly notes?: string | null;
  /** As text, `;` between the ids. */
  readonly solutions?: string | null;
  /** How likely the deal is, in per cent. */
  readonly salesStage?: number;
  readonly help?: 'ProofOfConceptOrDemo' | 'PostSalesCustomerSuccess';
  readonly notesToMicrosoft?: string;
  readonly visibility?: 'private' | 'visible';
  /** The id of an account. */
  readonly customer?: string | null;
  /** The id of a contact. */
  readonly contact?: string | null;
  readonly sync?: boolean;
  readonly choices?: string;
  readonly requestedAction?: 'syncNow';
  /** Nobody types it, but a data load may bring it. */
  readonly identifier?: string | null;
}

/** Fields without which a CRM saves no opportunity at all, so that the service never meets one (Object Reference, Opportunity: Name and CloseDate are required). */
export const demanded: Readonly<Record<CrmName, readonly (keyof Typed)[]>> = { dataverse: [], salesforce: ['name', 'closingDate'] };

/** An opportunity as it stands in the CRM. */
export interface Deal {
  readonly id: string;
  readonly name: string | null;
  readonly dealValue: number | null;
  readonly currency: string | null;
  readonly closingDate: string | null;
  readonly notes: string | null;
  readonly solutions: string | null;
  readonly state: 'open' | 'won' | 'lost';
  readonly customer: string | null;
  readonly contact: string | null;
  readonly sync: boolean;
  readonly choices: string | null;
  readonly status: SyncStatus | null;
  readonly identifier: string | null;
  readonly link: string | null;
  readonly details: string | null;
  readonly audit: string;
  readonly lastSyncedOn: string | null;
  readonly microsoftStatus: string | null;
}

export interface TypedCustomer {
  readonly name?: string;
  readonly street?: string | null;
  readonly city?: string | null;
  readonly country?: string | null;
}

/** A person who works in the CRM as people do; every deed throws with the CRM's own words when it is refused. */
export interface CrmSeller {
  /** Saves an opportunity that Partner Center takes as it is; what is given overrides. Answers its id. */
  opportunity(typed?: Typed): Promise<string>;
  edit(id: string, typed: Typed): Promise<void>;
  /** Saves a column that nobody shares. */
  editUnshared(id: string): Promise<void>;
  /** Whether the CRM works the amount out by itself from now on. */
  letAmountBeComputed(id: string, isComputed: boolean): Promise<void>;
  win(id: string): Promise<void>;
  lose(id: string): Promise<void>;
  reopen(id: string): Promise<void>;
  remove(id: string): Promise<void>;
  undelete(id: string): Promise<void>;
  customer(typed: TypedCustomer): Promise<string>;
  editCustomer(id: string, typed: TypedCustomer): Promise<void>;
  /** The contact's telephone number. */
  editContact(id: string, phone: string): Promise<void>;
}

/** One write, whoever made it. */
export interface CrmWrite {
  readonly table: 'opportunity' | 'account' | 'contact' | 'other';
  readonly id: string;
  readonly by: 'service' | 'other';
  /** Keys of the fields that it carried: those of `Deal`, where `status` is the sync status and `state` the opportunity's own. */
  readonly fields: readonly string[];
  /** The sync status that it set. */
  readonly status?: SyncStatus;
}

/** What the service asks a CRM for. */
export type CallKind = 'read' | 'write' | 'create' | 'createCustomer' | 'createContact' | 'close' | 'any';

/** How the CRM tells that a record was saved. */
export interface CrmBells {
  pause(): void;
  resume(): void;
  /** What the next saves would tell reaches nobody; 0 ends it. */
  loseNext(count: number): void;
  redeliverLast(times: number): Promise<unknown>;
  /** No doubled and no shuffled ones. */
  setExact(exact: boolean): void;
  areUnderWay(): boolean;
  /** Rings for one opportunity that nobody changed. */
  ring(id: string): Promise<void>;
}

/** What differs by nature, as facts. */
export interface CrmFacts {
  /** Of its connection in the service. */
  readonly name: CrmName;
  /** As sellers and audits call it. */
  readonly label: string;
  /** What the service needs there, as `no-permission` names it. */
  readonly role: string;
  /** Ids of what stands there from the beginning. */
  readonly seeds: { readonly customer: string; readonly customerWithoutCountry: string; readonly contact: string };
  /** Looks like an id, and is nobody's. */
  readonly nobodysId: string;
  /** Longest texts. */
  readonly longest: { readonly name: number; readonly notes: number };
  /** Digits of an amount after the point, whatever the currency. */
  readonly moneyDigits: number;
  /** Reads that belong to a write: one after it where its answer does not hold the record, and one before it where a seller's field is written without a version. */
  readonly readsOfAWrite: { readonly ofOurs: number; readonly ofSellers: number };
  /** Whether a save that changes nothing rings. */
  readonly ringsForNothing: boolean;
  /** An amount that it refuses, and the column that its answer names. */
  readonly refusedAmount: { readonly amount: number; readonly column: string };
}

export interface TestCrm extends CrmFacts {
  readonly seller: CrmSeller;
  readonly bells: CrmBells;
  deal(id: string): Deal | undefined;
  deals(): readonly Deal[];
  /** Ids of the accounts of that name, or of all. */
  accounts(name?: string): readonly string[];
  /** Ids of the contacts with that address, or of all. */
  contacts(email?: string): readonly string[];
  /** Everything that the opportunity holds, to be compared. */
  picture(id: string): string;
  /** How often the opportunity was closed. */
  closings(id: string): number;
  /** Every write since start or the last `forget`, oldest first. */
  writes(): readonly CrmWrite[];
  /** The service's calls since start or the last `forget`, by meaning; any other kind under its own name. */
  calls(): Readonly<Record<string, number>>;
  requests(): readonly CountedRequest[];
  forget(): void;
  /** The service's next calls of a kind fail; people work on. */
  addFault(at: CallKind, fault: Omit<Fault, 'match'>): void;
  clearFaults(): void;
  /** Waits until the second of the last change is over, where the CRM's clock shows no more. */
  clockTick(): Promise<void>;
  /** As when an environment is copied: same records, another organisation. */
  becomeCopy(): void;
  /** Column security against the service; both true lifts it. */
  secure(field: 'dealValue' | 'notes', may: { readonly read: boolean; readonly write: boolean }): void;
  /** Takes from the service the right to read or write opportunities, or gives it back. */
  setRight(right: 'read' | 'write', has: boolean): void;
  /** Robin Seller may not own opportunities: nobody gives her one. */
  keepFromRobin(): void;
  /** Settings of the service for this CRM. */
  env(): Readonly<Record<string, string>>;
  close(): Promise<void>;
}
