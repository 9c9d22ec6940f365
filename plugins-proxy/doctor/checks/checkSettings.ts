// Doctor: the settings that the service runs with; no secret and no user name is told.
import type { Settings } from '../../settings';
import type { Check } from '../check';
import type { DoctorDeps } from '../doctorDeps';
import { fail, ok, warn, type Finding } from '../finding';

export const checkSettings = ({ settings, url }: DoctorDeps): readonly Check[] => [
  { name: 'settings', run: async () => ok('settings', summary(settings, url())) },
  { name: 'public-address', run: async () => publicAddress(settings) },
  { name: 'reconcile', run: async () => reconcile(settings) },
  { name: 'link-template', run: async () => linkTemplate(settings.partnerCenter.linkTemplate) },
  ...(settings.dataverse || settings.salesforce ? [] : [{ name: 'crm', run: async () => noCrm() }]),
];

function summary(settings: Settings, url: string | null): string {
  const crms = [settings.dataverse && `Dynamics 365 at ${settings.dataverse.url}`, settings.salesforce && `Salesforce by ${settings.salesforce.loginUrl}`].filter(Boolean);
  return [
    `Listens at ${url ?? `${settings.host}, port ${settings.port}`}`,
    `public address ${settings.publicUrl ?? 'not set'}`,
    crms.length > 0 ? crms.join(' and ') : 'no CRM',
    `Partner Center at ${settings.partnerCenter.url}, dates meant in ${settings.partnerCenter.timeZone}`,
    `new referrals go to ${settings.inboundCrm ?? 'nowhere'}`,
    `field mapping ${settings.mapping === null ? 'built in' : 'from COSELL_MAPPING_FILE'}`,
  ].join('; ') + '.';
}

function publicAddress({ publicUrl, dataverse, salesforce, reconcileMinutes }: Settings): Finding {
  if (publicUrl === null) {
    const else_ = reconcileMinutes === 0 ? 'and reconcile is off: changes are not found at all' : `changes are found every ${reconcileMinutes} min only`;
    return (reconcileMinutes === 0 ? fail : warn)('public-address', `COSELL_PUBLIC_URL is not set, so Partner Center and the CRM cannot ring; ${else_}.`, `Set it to the address under which they reach this service, then run cosell webhook register${dataverse ? ' and cosell setup dataverse' : ''}${salesforce ? ', and put it into the named credential Cosell_Sync' : ''}.`);
  }
  const { port, hostname } = new URL(publicUrl);
  if (dataverse && port !== '' && port !== '80' && port !== '443') {
    return warn('public-address', `${publicUrl} is on port ${port}; Dataverse calls ports 80 and 443 only.`, 'Put the service behind a proxy on port 443 and set COSELL_PUBLIC_URL to that address. Against the local stand-ins this does not matter.');
  }
  if (/^(localhost|127\.|\[::1\])/.test(hostname)) return warn('public-address', `${publicUrl} is this very host; nobody else can call it.`, 'Set COSELL_PUBLIC_URL to an address that Partner Center and the CRM reach. Against the local stand-ins this does not matter.');
  return ok('public-address', `Partner Center and the CRM ring at ${publicUrl}.`);
}

const reconcile = ({ reconcileMinutes }: Settings): Finding =>
  reconcileMinutes === 0
    ? warn('reconcile', 'Reconcile is off: a change whose event is lost is never found.', 'Set COSELL_RECONCILE_MINUTES, to 15 for instance.')
    : ok('reconcile', `Missed changes are looked for every ${reconcileMinutes} min.`);

function linkTemplate(template: string): Finding {
  if (template.includes('{referralId}') || template.includes('{engagementId}')) return ok('link-template', 'Referral Link opens the very referral.');
  return ok('link-template', 'Referral Link opens the list of referrals.', 'Set COSELL_REFERRAL_LINK_TEMPLATE to an address of the portal with {referralId} or {engagementId} in it, and the link opens the very referral.');
}

const noCrm = (): Finding => fail('crm', 'No CRM is set, so there is nothing to keep the same.', 'Set the COSELL_DATAVERSE_ or the COSELL_SALESFORCE_ variables and start the service again.');
