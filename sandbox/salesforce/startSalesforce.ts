// A Salesforce org on this machine: sign-in, REST API, the package's triggers imitated, and a control to make trouble with.
//
// Strict where salesforce.md and the vendor's guides speak, refusing where they are silent, and nasty as a real org is: sessions end early, money is
// rounded and records are touched by the customer's own automation, pages come smaller than asked for, rows in no order, bells late and doubled.
import { startStandIn, type StandInAnswer, type StandInServer } from '../kit/standIn';
import type { FaultKind } from '../kit/faults';
import { createAccess } from './access';
import { controlRoutes, createControl, type SalesforceControl } from './control';
import { createSignIn } from './oauth';
import { createRandom, type Org } from './org';
import { createQueries } from './rest/queries';
import { createRefusals } from './refusals';
import { restRoutes } from './rest/restApi';
import { createUsage } from './rest/usage';
import { openRowStore } from './rowStore';
import { createAutomation } from './saving/automation';
import { saveRow } from './saving/saveRows';
import { allRights, personRights, readPermissionSet, rightsOf } from './schema/permissionSets';
import { readTriggers } from './schema/readTriggers';
import { createSchema } from './schema/schema';
import { seedIds, seedOrg } from './seed';
import { createBells } from './trigger/bells';
import { sharedAmong } from './trigger/packageTrigger';

export interface SalesforceOptions {
  readonly host?: string;
  readonly port?: number;
  /** Folder of the package: `objects/**\/*.field-meta.xml` and, where they are there, permission sets, triggers and records of shared fields. */
  readonly metadataDir: string;
  /** The External Client App and the one user it may sign in as, who is `seedIds.serviceUser`. */
  readonly clientId: string;
  readonly username: string;
  /** Certificate or public key that was uploaded, PEM, RSA of at least 2048 bits. */
  readonly publicKey: string;
  /** Accepted as `aud` beside the org's own address; the production login host. */
  readonly audiences?: readonly string[];
  /** Where the package's bell rings: the door's whole address, and the key typed into the external credential. */
  readonly doorbell?: { readonly url: string; readonly key: string };
  /** Everything is kept here; in memory when left out. */
  readonly dataFile?: string;
  /** Of a new org, 18 characters; one that was set later is kept. */
  readonly organizationId?: string;
  /** Of the managed package; the names have no prefix when left out. */
  readonly namespace?: string;
  /** CurrencyType and CurrencyIsoCode exist (true). */
  readonly multiCurrency?: boolean;
  /** OpportunityTeamMember exists (true). */
  readonly teamSelling?: boolean;
  /** State and Country/Territory Picklists: codes beside names, unknown countries refused (false). */
  readonly countryPicklists?: boolean;
  /** Standard duplicate rules; `alert` when nasty, else `off`. */
  readonly duplicateRules?: 'off' | 'alert' | 'block';
  /** Everything of the header's last sentence; on unless false. */
  readonly nasty?: boolean;
  /** Longest page of a query (2,000). */
  readonly pageSize?: number;
  /** Calls a day (100,000). */
  readonly dailyApiCalls?: number;
  /** Life of a session without a request (7,200 s). */
  readonly sessionSeconds?: number;
  /** Least wait of a bell's job (100 ms), its callout's time-out (10 s), and the finalizer's delays (1, 2, 4 and 8 min). */
  readonly bellDelayMs?: number;
  readonly bellTimeoutMs?: number;
  readonly bellRetryMs?: readonly number[];
  /** Of the dice (1). */
  readonly seed?: number;
  now?(): number;
}

export interface Salesforce extends StandInServer, SalesforceControl {
  readonly organizationId: () => string;
}

const AUTOMATION_SHARE = 0.2;
const EXPIRY_SHARE = 0.01;
/** The permission sets of contract, "Names that can never change". */
const SERVICE_SET = 'Cosell_Sync_Service';
const SELLER_SET = 'Cosell_Seller';

/** Starts it, seeding a new org. @throws when the port is taken, the package cannot be read or the key is too weak. */
export async function startSalesforce(options: SalesforceOptions): Promise<Salesforce> {
  const { metadataDir, namespace, nasty = true } = options;
  const now = options.now ?? Date.now;
  const random = createRandom(options.seed ?? 1);
  const schema = createSchema({ metadataDir, namespace, multiCurrency: options.multiCurrency ?? true, teamSelling: options.teamSelling ?? true, countryPicklists: options.countryPicklists ?? false });
  const store = openRowStore(options.dataFile, options.organizationId ?? seedIds.organization);
  if (store.isNew) seedOrg(store, schema, { serviceUsername: options.username, organizationId: store.settings.organizationId }, now());
  if (options.doorbell) store.settings.doorbell = options.doorbell;
  store.saveSettings();

  const timers = createTimers();
  const [service, seller] = [SERVICE_SET, SELLER_SET].map((name) => readPermissionSet(metadataDir, name, namespace));
  const access = createAccess({
    store, schema, now, random, integrationUser: seedIds.serviceUser, integrationRights: service ? rightsOf(service) : allRights(['Cosell_Integration']), personRights: personRights(seller),
    sessionSeconds: options.sessionSeconds ?? 7_200, expiryShare: nasty ? EXPIRY_SHARE : 0,
  });
  const bells = createBells({
    store, now, random, nasty, delayMs: options.bellDelayMs ?? 100, retryMs: options.bellRetryMs ?? [60_000, 120_000, 240_000, 480_000], timeoutMs: options.bellTimeoutMs ?? 10_000, later: timers.later,
    shared: (recordIds) => sharedAmong(store, schema, recordIds),
  });
  const parts: { url: string; org?: Org } = { url: '' };
  const org = (): Org => parts.org as Org;
  parts.org = {
    store, schema, access, bells, now, random, nasty, triggers: readTriggers(metadataDir), refusals: createRefusals(), later: timers.later, url: () => parts.url,
    duplicateRules: options.duplicateRules ?? (nasty ? 'alert' : 'off'), pageSize: options.pageSize ?? 2_000,
    automation: createAutomation({ share: nasty ? AUTOMATION_SHARE : 0, rounds: nasty, org, update: (object, id, cells, by) => void saveRow(org(), object, { id, cells }, by) }),
  };
  const usage = createUsage(options.dailyApiCalls ?? 100_000, now);
  const queries = createQueries(org());
  const signIn = createSignIn(org, { clientId: options.clientId, username: options.username, publicKey: options.publicKey }, options.audiences ?? ['https://login.salesforce.com']);
  const control = createControl({ org: org(), usage, queries, signIn });
  const server = await startStandIn({ name: 'Salesforce', host: options.host, port: options.port, refuse }, [...signIn.routes, ...controlRoutes(control), ...restRoutes({ org: org(), queries, usage })]);
  parts.url = server.url;
  bells.resumeAll();
  return {
    ...server, ...control, organizationId: () => store.settings.organizationId,
    close: async () => {
      timers.stop();
      bells.close();
      await server.close();
    },
  };
}

function createTimers(): { later(ms: number, task: () => void): void; stop(): void } {
  const waiting = new Set<NodeJS.Timeout>();
  let stopped = false;
  return {
    later(ms, task) {
      if (stopped) return;
      const timer = setTimeout(() => {
        waiting.delete(timer);
        task();
      }, ms);
      waiting.add(timer);
    },
    stop() {
      stopped = true;
      for (const timer of waiting) clearTimeout(timer);
    },
  };
}

/** There is no 429 and no Retry-After: the limit is 403 REQUEST_LIMIT_EXCEEDED (salesforce.md section 7, "REST shapes"). */
function refuse(kind: FaultKind): StandInAnswer {
  if (kind === '429') return { status: 403, headers: { 'sforce-limit-info': 'api-usage=100000/100000' }, body: [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }] };
  if (kind === '503') return { status: 503, body: [{ message: 'The server is temporarily unable to respond to this request.', errorCode: 'SERVER_UNAVAILABLE' }] };
  return { status: 500, body: [{ message: 'An unexpected error occurred. Please include this ErrorId if you contact support.', errorCode: 'UNKNOWN_EXCEPTION' }] };
}

export { seedIds };
