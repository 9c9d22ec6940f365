// "What just happened" on the start page: what the stand-ins saw, one thing at a time. Nothing here comes from inside the service.

/** Whose move it was. The platform's own and a customer's plug-in tell nothing about a trip. */
export type CrmActor = 'person' | 'service';

/** A CRM by the name that people call it. */
export type CrmSystem = 'Dynamics 365' | 'Salesforce';

/**
 * Every observation names the deal by all the names it has: an opportunity's id, an engagement's. Two of one deal have a name in common.
 * `at` is milliseconds.
 */
export type Observation =
  | { readonly type: 'crmWritten'; readonly at: number; readonly keys: readonly string[]; readonly name: string; readonly system: CrmSystem; readonly by: CrmActor; readonly created: boolean; readonly shared: boolean; readonly fields: readonly string[]; readonly status?: CrmStatus; readonly microsoft?: string }
  | { readonly type: 'customerWritten'; readonly at: number; readonly keys: readonly string[]; readonly name: string; readonly system: CrmSystem }
  | { readonly type: 'crmRang'; readonly at: number; readonly keys: readonly string[]; readonly heard: boolean }
  | { readonly type: 'crmRefused'; readonly at: number; readonly keys: readonly string[]; readonly system: CrmSystem }
  | { readonly type: 'referralChanged'; readonly at: number; readonly keys: readonly string[]; readonly name: string; readonly by: 'portal' | 'service'; readonly change: ReferralChange; readonly fields: readonly string[] }
  | { readonly type: 'eventSent'; readonly at: number; readonly keys: readonly string[]; readonly outcome: 'heard' | 'notHeard' | 'lost' }
  | { readonly type: 'referralRead'; readonly at: number; readonly keys: readonly string[]; readonly microsofts: boolean }
  | { readonly type: 'partnerRefused'; readonly at: number; readonly keys: readonly string[]; readonly why: 'down' | 'signIn' };

/** What the service made of the record: the columns that a seller sees. */
export interface CrmStatus {
  readonly shown: 'notShared' | 'pending' | 'synced' | 'attention' | 'conflict' | 'failed';
  /** Field keys of reasons or conflicts. */
  readonly fields: readonly string[];
}

export type ReferralChange = 'created' | 'invited' | 'changed' | 'accepted' | 'declined' | 'won' | 'lost' | 'expired' | 'msAccepted' | 'msDeclined' | 'msWon' | 'msLost' | 'msExpired';

/** Field keys that the record's *Sync details* name for what is shown; none where they cannot be read. */
export function reasonsIn(details: unknown, shown: CrmStatus['shown']): readonly string[] {
  try {
    const { reasons = [], conflicts = [] } = JSON.parse(String(details ?? '{}')) as { reasons?: { field?: string }[]; conflicts?: { field?: string }[] };
    return [...new Set((shown === 'conflict' ? conflicts : reasons).flatMap(({ field }) => field ?? []))];
  } catch {
    return [];
  }
}
