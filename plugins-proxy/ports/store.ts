// The store port: what the journey and the doors remember, in PostgreSQL. Every write checks the lease of the run that makes it.
import type { Link } from '../../core/index';

/** Sides to read again, as bits of `work.sides`. */
export const side = { crm: 1, partner: 2, microsoft: 4, both: 8 } as const;

export type Priority = 0 | 1 | 5;

export interface Ring {
  readonly key: string;
  readonly sides: number;
  /** 0 a person waits, 1 a change, 5 background. */
  readonly priority: Priority;
  /** Earliest time, as milliseconds from now. */
  readonly delayMs?: number;
}

/** A claimed row of work: what the run must see, and the right to write. */
export interface Lease {
  readonly key: string;
  readonly owner: number;
  /** `wanted` at claim; a bell during the run leaves more. */
  readonly wanted: string;
  readonly sides: number;
  /** When the first bell of this run rang: *took* counts from here. ISO. */
  readonly rungOn: string;
  /** Tries in a row without success, this one included. */
  readonly attempts: number;
  /** Class of the last failure, or `null`. */
  readonly failedAs?: string | null;
  /** The database's time at claim, ISO. */
  readonly claimedOn: string;
  /** The record's link as it stood at claim, `null` when it had none; left out: ask the store. */
  readonly link?: Link | null;
}

export interface TimelineLine {
  /** With `n`, unique within a link: storing a line again changes nothing. */
  readonly plan: string;
  readonly n: number;
  readonly at: string;
  readonly text: string;
}

export interface SeenReferral {
  readonly id: string;
  readonly engagementId: string;
  readonly externalReferenceId: string | null;
  readonly organizationId: string;
  readonly closed: boolean;
  readonly createdOn: string;
  readonly updatedOn: string;
}

export interface Commit {
  readonly lease: Lease;
  /** Inserted when `rev` is 0, else replaced; a stale `rev` throws. The row comes back with its new `rev`. */
  readonly link?: Link;
  readonly lines?: readonly TimelineLine[];
  readonly seen?: readonly SeenReferral[];
  /** The partner connection of `seen`, where no link says it. */
  readonly seenConnection?: string;
  readonly ring?: readonly Ring[];
  /** The run is over: `done` = the `wanted` of the lease, attempts 0, lease free, all in this transaction. */
  readonly finish?: boolean;
  /**
   * Only what was learnt since the last plan or attempt, which the next run would learn again: not waited for until it is on the disk, nor is a
   * finish. Everybody sees it at once, and it outlives this process; it may be lost, with all that came after it, when the database's server dies.
   */
  readonly learnt?: boolean;
}

export interface ConnectionState {
  readonly organizationId: string | null;
  /** Why nothing is written on this connection until somebody adopts it; `null` when all is well. */
  readonly copied: string | null;
  readonly adoptedOn: string | null;
}

/** Another process took over, or the database session was lost: the run must stop without writing. */
export class LeaseLost extends Error {
  constructor(key: string) {
    super(`The lease on ${key} is gone; another process goes on with it.`);
    this.name = 'LeaseLost';
  }
}

/** The link was written by another run since it was read, or another link has its ids: the run is made again. */
export class LinkChanged extends Error {
  constructor(linkId: string) {
    super(`Link ${linkId} was changed by another run; it is read again.`);
    this.name = 'LinkChanged';
  }
}

export interface Store {
  /** The database's time, ISO. */
  now(): Promise<string>;
  linkByCrm(connection: string, kind: string, crmId: string): Promise<Link | undefined>;
  /** By our own referral's id or Microsoft's. */
  linkByReferral(connection: string, referralId: string): Promise<Link | undefined>;
  linkById(id: string): Promise<Link | undefined>;
  /** The link whose referral belongs to an engagement. */
  linkByEngagement(connection: string, engagementId: string): Promise<Link | undefined>;
  /** One transaction. Returns the link as stored. @throws LeaseLost */
  commit(change: Commit): Promise<Link | undefined>;
  /** Newest entries first, as many whole ones as fit into `maxChars` with a line break each, and the newest entry's number (0 when none). */
  timelineTail(linkId: string, maxChars: number): Promise<{ readonly text: string; readonly newest: number }>;
  seenByExternalId(connection: string, externalId: string): Promise<readonly SeenReferral[]>;
  /** Whether any link or attempt knows this referral id. */
  knowsReferral(connection: string, referralId: string): Promise<boolean>;
  /** Creates under way, of records that are neither switched off nor deleted. */
  openAttempts(partnerConnection: string): Promise<number>;
  connectionState(connection: string): Promise<ConnectionState>;
  rememberOrganization(connection: string, organizationId: string): Promise<void>;
  markCopied(connection: string, why: string): Promise<void>;
  /** Accepts what was taken for a copy; rings every link with both sides. */
  adopt(connection: string, organizationId: string | null): Promise<number>;
  inventory(connection: string): Promise<{ readonly startedOn: string | null; readonly complete: boolean }>;
}
