// The columns that the managed solution adds to opportunity and lead. Names, lengths and choice numbers: contract, "Fields".
import { choice, choicesFrom, memo, moment, text, yesNo, type Column, type Key } from './table';

/** `481200000` and on: the publisher's choice-value prefix times ten thousand. */
const FIRST_CHOICE = 481_200_000;
const own = { custom: true, securable: true } as const;

const shared: readonly Column[] = [
  yesNo('cosell_syncwithpartnercenter', { ...own, label: 'Sync with Partner Center' }),
  text('cosell_referralidentifier', 100, { ...own, label: 'Referral Identifier' }),
  text('cosell_referrallink', 500, { ...own, label: 'Referral Link', format: 'Url' }),
  choice('cosell_syncstatus', choicesFrom(FIRST_CHOICE, ['Not shared', 'Pending', 'Synced', 'Needs attention', 'Conflict', 'Failed']), { ...own, label: 'Sync status' }),
  memo('cosell_syncdetails', 20_000, { ...own, label: 'Sync details' }),
  choice('cosell_requestedaction', choicesFrom(FIRST_CHOICE, ['Sync now', 'Accept', 'Decline']), { ...own, label: 'Requested action' }),
  text('cosell_requestedreason', 250, { ...own, label: 'Requested reason' }),
  text('cosell_microsoftreferralstatus', 100, { ...own, label: 'Microsoft referral status' }),
  moment('cosell_lastsyncedon', { ...own, label: 'Last synced on' }),
  memo('cosell_audit', 100_000, { ...own, label: 'Audit' }),
];

export const leadCosellColumns = shared;

export const cosellColumns: readonly Column[] = [
  ...shared,
  choice(
    'cosell_howcanmicrosofthelp',
    choicesFrom(FIRST_CHOICE, ['Workload-specific value proposition', 'Customer technical architecture', 'Proof of concept or demo', 'Quotes or licensing', 'Post-sales customer success', 'General or other']),
    { ...own, label: 'How can Microsoft help?' },
  ),
  memo('cosell_notestomicrosoft', 2_000, { ...own, label: 'Notes to Microsoft' }),
  memo('cosell_products', 4_000, { ...own, label: 'Products' }),
  choice('cosell_referralvisibility', choicesFrom(FIRST_CHOICE, ['Private', 'Visible to Microsoft sellers']), { ...own, label: 'Referral visibility' }),
  memo('cosell_conflictchoices', 20_000, { ...own, label: 'Conflict choices' }),
  text('cosell_microsoftcrmidentifier', 100, { ...own, label: 'Microsoft CRM Identifier' }),
];

export const referralKey: Key = { name: 'cosell_referralidentifier_key', label: 'Referral Identifier', columns: ['cosell_referralidentifier'] };
