// Admin API: what it needs of a running service.
import type { Pool } from 'pg';
import type { SetupReport } from '../adapters/dataverse/setup';
import type { WebhookRegistration } from '../adapters/partnerCenter/webhookRegistration';
import type { Finding } from '../doctor/finding';
import type { CrmPort } from '../ports/crm';
import type { Store } from '../ports/store';

/** A CRM as the admin API sees it. */
export type AdminCrm = Pick<CrmPort, 'connection' | 'displayName' | 'canonicalId' | 'identity'>;

export interface AdminDeps {
  /** A database that `migrate` has brought up to date. */
  readonly pool: Pool;
  readonly store: Pick<Store, 'adopt' | 'connectionState'>;
  /** `COSELL_ADMIN_TOKEN`, or the one made in the data folder; never empty. */
  readonly adminToken: string;
  readonly version: string;
  readonly crms: readonly AdminCrm[];
  /** Connection of Partner Center. */
  readonly partnerConnection: string;
  /** `COSELL_PUBLIC_URL`: where the webhook and the steps are to point. */
  readonly publicUrl: string | null;
  readonly doctor: () => Promise<readonly Finding[]>;
  /** With the service's own sign-in: a refresh token that is rotated here is stored by the service. */
  readonly webhooks: Pick<WebhookRegistration, 'show' | 'register' | 'sendTest' | 'testResult'>;
  /** Registers address and steps with the settings of the service; `null` while Dynamics 365 is off or there is no public address. */
  readonly setupDataverse: ((options: { readonly dryRun: boolean; readonly remove: boolean; readonly log: (line: string) => void }) => Promise<SetupReport>) | null;
}
