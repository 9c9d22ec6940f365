// Doctor: what it looks at.
import type { Pool } from 'pg';
import type { DataverseAdapter } from '../adapters/dataverse/createDataverseAdapter';
import type { SetupReport } from '../adapters/dataverse/setup';
import type { SalesforceAdapter } from '../adapters/salesforce/createSalesforceAdapter';
import type { SalesforceSignIn } from '../adapters/salesforce/signIn';
import type { WebhookRegistration } from '../adapters/partnerCenter/webhookRegistration';
import type { SignIn } from '../adapters/signIn/createSignIn';
import type { PartnerPort } from '../ports/partner';
import type { Store } from '../ports/store';
import type { SharedGates } from '../schedule/gates';
import type { Settings } from '../settings';
import type { LastFailure } from './failureMemory';

export interface DoctorPartner {
  /** Not behind the gate: doctor looks at the gate itself and makes no call while it is closed. */
  readonly port: Pick<PartnerPort, 'connection' | 'displayName' | 'listNewest'>;
  readonly signIn: Pick<SignIn, 'token'>;
  readonly webhooks: Pick<WebhookRegistration, 'show'>;
}

export interface DoctorDataverse {
  /** Not behind the gate, as above. */
  readonly port: Pick<DataverseAdapter, 'connection' | 'displayName' | 'describe' | 'identity' | 'changedSince' | 'refresh'>;
  readonly signIn: Pick<SignIn, 'token'>;
  /** A dry run of `setupDataverse`; `null` while there is no public address to compare with. */
  readonly setup: (() => Promise<SetupReport>) | null;
}

export interface DoctorSalesforce {
  /** Not behind the gate, as above. */
  readonly port: Pick<SalesforceAdapter, 'connection' | 'displayName' | 'describe' | 'identity' | 'changedSince' | 'refresh' | 'budget'>;
  readonly signIn: Pick<SalesforceSignIn, 'session'>;
}

export interface DoctorDeps {
  readonly settings: Settings;
  /** Where the service listens. */
  readonly url: () => string | null;
  readonly pool: Pool;
  readonly embedded: boolean;
  readonly store: Pick<Store, 'connectionState' | 'inventory'>;
  readonly gates: Pick<SharedGates, 'all'>;
  /** What this process saw last of a connection; see failureMemory. */
  readonly lastFailure: (connection: string) => LastFailure | undefined;
  readonly partner: DoctorPartner;
  /** `null`: Dynamics 365 is off. */
  readonly dataverse: DoctorDataverse | null;
  /** `null`: Salesforce is off. */
  readonly salesforce: DoctorSalesforce | null;
  /** Changes that only reconcile found since this process started, by connection. */
  readonly foundByReconcile: () => Promise<Readonly<Record<string, number>>>;
  /** Milliseconds since 1970 (this host's clock). */
  readonly now?: () => number;
  /** Longest time of one check, 5000 ms. */
  readonly limitMs?: number;
}
