// What the seller is told: the status word, the reasons behind it, and who acts.
import type { FieldKey } from './fields';

/** In the order of their choice numbers. */
export const syncStatuses = ['notShared', 'pending', 'synced', 'needsAttention', 'conflict', 'failed'] as const;
export type SyncStatus = (typeof syncStatuses)[number];

export type Actor = 'you' | 'admin' | 'wait';

/** Every reason and who acts on it (ui.md, "Reasons"). */
export const reasonActors = {
  'name-missing': 'you',
  'customer-missing': 'you',
  'customer-country-missing': 'you',
  'customer-country-unknown': 'you',
  'customer-address-missing': 'you',
  'contact-missing': 'you',
  'solution-missing': 'you',
  'solution-unknown': 'you',
  'solutions-too-many': 'you',
  'deal-value-missing': 'you',
  'deal-value-zero': 'you',
  'currency-unknown': 'you',
  'closing-date-missing': 'you',
  'closing-date-past': 'you',
  'text-too-long': 'you',
  'frozen-field-changed': 'you',
  'referral-terminal': 'you',
  'account-ambiguous': 'you',
  'linked-elsewhere': 'you',
  'referral-gone': 'admin',
  'sign-in-expired': 'admin',
  'no-permission': 'admin',
  'mapping-error': 'admin',
  'help-needs-visibility': 'you',
  'value-not-taken': 'admin',
  'field-unreadable': 'admin',
  'field-refused': 'admin',
  'environment-copied': 'admin',
  throttled: 'wait',
  'remote-down': 'wait',
} as const satisfies Record<string, Actor>;

/** `unexpected`, an admin's, has no words of its own: a code that a reader does not know shows as "ask your admin", which is just what is to be done. */
export type ReasonCode = keyof typeof reasonActors | 'unexpected';

export interface Reason {
  readonly code: ReasonCode;
  readonly field?: FieldKey;
  readonly actor: Actor;
  readonly params?: Readonly<Record<string, string | number>>;
}

/** Builds a reason with its actor. */
export const reason = (code: ReasonCode, field?: FieldKey, params?: Readonly<Record<string, string | number>>): Reason => ({
  code,
  ...(field ? { field } : {}),
  actor: code === 'unexpected' ? 'admin' : reasonActors[code],
  ...(params ? { params } : {}),
});

/**
 * The one status word. Order when several apply: Conflict, Failed, Needs attention, Pending, Synced.
 * @param unfinished the run could not finish: something still has to be written
 */
export function statusOf(reasons: readonly Reason[], conflicts: number, unfinished: boolean): SyncStatus {
  if (conflicts > 0) return 'conflict';
  if (reasons.some((each) => each.actor === 'admin' && each.code !== 'referral-gone')) return 'failed';
  if (reasons.some((each) => each.actor === 'you' || each.code === 'referral-gone')) return 'needsAttention';
  if (unfinished || reasons.length > 0) return 'pending';
  return 'synced';
}
