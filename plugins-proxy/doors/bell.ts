// What a door makes of an event: a hint to look at a record again, never data.

export interface CrmBell {
  readonly type: 'crm';
  readonly connection: string;
  readonly kind: 'opportunity' | 'lead' | 'account' | 'contact';
  /** Canonical: lower case, no braces (Dataverse). */
  readonly id: string;
  /** 0 a person waits, 1 a change, 5 background. */
  readonly priority: 0 | 1 | 5;
}

export interface PartnerBell {
  readonly type: 'partner';
  readonly connection: string;
  /** Lower case. */
  readonly referralId: string;
  /** A related referral of the same engagement: Microsoft's side. */
  readonly microsoft: boolean;
}

export type Bell = CrmBell | PartnerBell;

/** Resolves once the bells are durable; throws when they cannot be made so. */
export type RingBells = (bells: readonly Bell[]) => Promise<void>;
