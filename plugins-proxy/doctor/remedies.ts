// Doctor: what to do about a remote system that does not do what we ask, by what it did.
import type { FailureClass } from '../ports/failure';

interface Names {
  readonly signIn: string;
  readonly address: string;
  readonly role: string;
  readonly health: string;
}

const MICROSOFT = "Microsoft's service health page";

const names: Readonly<Record<string, Names>> = {
  dataverse: {
    signIn: 'Check COSELL_DATAVERSE_TENANT_ID, COSELL_DATAVERSE_CLIENT_ID and COSELL_DATAVERSE_CLIENT_SECRET (secrets expire), and that the application user is enabled; then start the service again.',
    address: 'COSELL_DATAVERSE_URL and COSELL_AUTHORITY_URL',
    role: 'Give the application user the role Co-sell Sync Service.',
    health: MICROSOFT,
  },
  salesforce: {
    signIn: 'Check COSELL_SALESFORCE_LOGIN_URL, COSELL_SALESFORCE_CLIENT_ID, COSELL_SALESFORCE_USERNAME and the certificate of the External Client App (certificates expire), and that the integration user is active and pre-authorized; then start the service again.',
    address: 'COSELL_SALESFORCE_LOGIN_URL',
    role: 'Give the integration user the permission set Co-sell Sync Service.',
    health: 'status.salesforce.com',
  },
  'partner-center': {
    signIn: 'Sign in to Partner Center again, put the new refresh token into COSELL_PARTNER_CENTER_REFRESH_TOKEN and start the service again; waiting changes then go out. Check COSELL_PARTNER_CENTER_CLIENT_SECRET too: secrets expire.',
    address: 'COSELL_PARTNER_CENTER_URL, COSELL_PARTNER_CENTER_WEBHOOKS_URL and COSELL_AUTHORITY_URL',
    role: 'Give the signed-in user the Partner Center role Referrals admin.',
    health: MICROSOFT,
  },
};

const unknown: Names = { signIn: 'Check the settings of its sign-in and start the service again.', address: 'its address in the settings', role: 'Give the service user the right to do this.', health: 'its status page' };

/** `slow`: no answer in time. */
export type Trouble = FailureClass | 'slow';

/** One or two sentences. @param status of the answer, where there was one */
export function remedyFor(connection: string | undefined, trouble: Trouble, status?: number): string {
  const own = names[connection ?? ''] ?? unknown;
  switch (trouble) {
    case 'auth':
      return own.signIn;
    case 'throttled':
      return 'Nothing to do: calls wait for as long as it asks, then go on by themselves. If this comes back every day, spread bulk changes over more time.';
    case 'unreachable':
      return status === undefined
        ? `Calls go on by themselves once it answers. Check ${own.address}, and the network, proxy and firewall between this host and there.`
        : `Calls go on by themselves once it is back. If this lasts over an hour, look at ${own.health}.`;
    case 'slow':
      return `Run cosell doctor again. If it stays slow, check the network, proxy and firewall between this host and ${connection === undefined ? 'the database' : own.address.replace(/ and COSELL_AUTHORITY_URL$/, '')}.`;
    case 'forbidden':
      return own.role;
    case 'remote':
      return `It failed on its side (${status ?? 'no status'}). Run cosell doctor again; if it stays, look at ${own.health}.`;
    case 'bug':
      return `Check ${own.address}: what answered did not understand the question. Otherwise look at the log of the service.`;
  }
}
