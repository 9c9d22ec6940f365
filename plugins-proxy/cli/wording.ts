// The command line's words: those of the form, the list and the console.
import { fieldLabel, type FieldKey, type ReasonCode, type SyncStatus } from '../../core/index';

export const statusWords: Readonly<Record<SyncStatus, string>> = {
  notShared: 'Not shared', pending: 'Pending', synced: 'Synced', needsAttention: 'Needs attention', conflict: 'Conflict', failed: 'Failed',
};

/** As options take them: `needs-attention`. */
export const statusOptions: Readonly<Record<string, SyncStatus>> = {
  'not-shared': 'notShared', pending: 'pending', synced: 'synced', 'needs-attention': 'needsAttention', conflict: 'conflict', failed: 'failed',
};

export const actorWords: Readonly<Record<string, string>> = { you: 'The seller', admin: 'You', wait: 'We retry' };

/** What happened. What to do. */
const reasons: Readonly<Record<Exclude<ReasonCode, 'unexpected'>, string>> = {
  'name-missing': 'The opportunity has no name. Enter a topic.',
  'customer-missing': 'No customer is chosen. Choose the account.',
  'customer-country-missing': 'The customer’s country is missing. Add the country to the account’s address.',
  'customer-country-unknown': '“{value}” is not a country that Partner Center knows. Correct the country in the account’s address.',
  'customer-address-missing': 'The customer’s street or city is missing. Complete the account’s address.',
  'contact-missing': 'Microsoft needs a customer contact to help. Choose a contact with e-mail and phone, or choose “No help needed”.',
  'solution-missing': 'No product is chosen. Choose at least one solution.',
  'solution-unknown': 'Partner Center does not know {id}. Remove it or pick the solution from the list.',
  'solutions-too-many': '{n} products are chosen; 50 is the limit. Remove some.',
  'deal-value-missing': 'The deal value is missing. Enter the estimated revenue.',
  'deal-value-zero': 'The deal value is zero. Enter an amount above zero.',
  'currency-unknown': '{system} does not take the currency {code}. Choose another currency.',
  'closing-date-missing': 'The closing date is missing. Enter the estimated close date.',
  'closing-date-past': 'The closing date has passed. Enter a date from today on.',
  'text-too-long': '{field} is longer than {system} takes ({max}). Shorten the text.',
  'frozen-field-changed': '{field} was changed, but is fixed once shared. Put back the shared value; tell Microsoft in the deal.',
  'referral-terminal': 'The referral is closed ({status}) and takes no more changes. Start a new opportunity if the deal goes on.',
  'account-ambiguous': '{n} accounts could be this customer. Choose the right one; it is remembered.',
  'linked-elsewhere': 'This referral already belongs to “{name}”. Open that opportunity, or ask your admin to move the link.',
  'referral-gone': 'The referral can’t be found in Partner Center. Your admin can link it again or create a new one.',
  'sign-in-expired': 'The sign-in to Partner Center has expired. Your admin signs in again; waiting changes then go out.',
  'no-permission': 'The service may not change this record in {system}. Your admin gives the service user the role {role}.',
  'mapping-error': 'Mapping row “{row}” can’t convert {value}. Your admin corrects the row; this record is then sent.',
  'help-needs-visibility': 'Help is asked, but the deal is private. Make it visible to Microsoft sellers, or choose “No help needed”.',
  'value-not-taken': '{system} did not take the new value of {field}. It may be calculated there; your admin can change the mapping.',
  'field-unreadable': 'The service may not read {field}. Your admin gives it the column permission, or takes the field out of the mapping.',
  'field-refused': '{system} refused {field}: {message}. Other fields are in sync.',
  'environment-copied': 'This environment looks like a copy. Nothing is sent until your admin confirms it.',
  throttled: '{system} asks us to slow down. Nothing to do. Next try {when}.',
  'remote-down': '{system} can’t be reached. Nothing to do. Next try {when}.',
};

export interface ShownReason {
  readonly code: string;
  readonly field?: string | undefined;
  readonly params?: Readonly<Record<string, string | number>> | undefined;
}

/** The sentence of a reason; a code that is not known here says so. What was not told stands as `…`. */
export function reasonSentence(reason: ShownReason): string {
  const sentence = (reasons as Readonly<Record<string, string>>)[reason.code];
  if (sentence === undefined) return `Something is missing. Ask your admin; reference ${reason.code}.`;
  const params: Readonly<Record<string, string | number>> = { ...(reason.field ? { field: fieldLabel(reason.field as FieldKey) } : {}), ...reason.params };
  return sentence.replace(/\{(\w+)\}/g, (_whole, name: string) => String(params[name] ?? '…'));
}
