// `npm start`, in order: folder, hold, stand-ins, service, set-up, pages, addresses; and back in the opposite order.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startPages, type Pages } from '../pages/startPages';
import type { Salesforce } from '../salesforce/startSalesforce';
import { openCredentials, type Credentials } from './credentials';
import { prepareFolders, type Folders } from './folders';
import { holdFolder } from './holdFolder';
import { keep } from './keepFile';
import { stopLeftService } from './leftService';
import { makeFirstDeals } from './makeFirstDeals';
import { makeSalesforceDeals } from './makeSalesforceDeals';
import { choosePorts, isPortFree } from './ports';
import { serviceEnvironment, type Environment } from './serviceEnvironment';
import type { ServiceTimings } from './serviceLife';
import { startSalesforceStandIn, type SalesforceAddresses } from './salesforceStandIn';
import { setUp } from './setUp';
import { partnerName, sellableSolutions, startStandIns, type StandIns } from './standIns';
import { StartProblem } from './startProblem';
import { watchService } from './watchService';

export interface TryOutOptions {
  readonly dataDir: string;
  /** Where the service listens. */
  readonly port: number;
  readonly env: Environment;
  /** Files of the built service and command line. */
  readonly programs: { readonly service: string; readonly cosell: string };
  /** The script of the pages, for browsers, and the package that a customer installs, which they show. */
  readonly pages: { readonly bundle: string; readonly packageFile: string };
  /** Plain lines for the person at the terminal. */
  readonly say: (line: string) => void;
  /** Aborted to stop while it still starts. */
  readonly signal: AbortSignal;
  /** Starts Salesforce's stand-in, too, on the package in this folder, and points the service at it. */
  readonly salesforcePackage?: string;
  readonly timings?: Partial<ServiceTimings> & { readonly pause?: number };
}

/** `try-out.json`: addresses and throw-away credentials of everything that was started. */
export interface TryOutFile {
  readonly service: { readonly url: string; readonly adminToken: string };
  readonly entra: { readonly url: string };
  readonly dataverse: { readonly url: string; readonly tenantId: string; readonly clientId: string; readonly clientSecret: string };
  readonly partnerCenter: { readonly url: string; readonly webhooksUrl: string; readonly tenantId: string; readonly clientId: string; readonly clientSecret: string; readonly refreshToken: string };
  readonly salesforce?: SalesforceAddresses;
  readonly pages: Pages['addresses'];
}

export interface TryOut {
  readonly addresses: TryOutFile;
  /** Page with the opportunities of Salesforce, where it is played. */
  readonly salesforceList?: string;
  /** Where the addresses are written. */
  readonly file: string;
  /** Settles when the first start's deals stand in both systems; the pages work before. */
  readonly dealsMade: Promise<void>;
  servicePid(): number;
  /** Settles with the reason when the service cannot be kept running; `stop` is still to be called. */
  readonly givenUp: Promise<StartProblem>;
  /** The service drains and stops its PostgreSQL, then the stand-ins go. */
  stop(): Promise<void>;
}

/** @throws StartProblem for what the person can put right; nothing stays behind then */
export async function startTryOut(options: TryOutOptions): Promise<TryOut> {
  const undo: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (let step = undo.pop(); step; step = undo.pop()) await step();
  };
  try {
    return { ...(await bringUp(options, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function bringUp(options: TryOutOptions, undo: (() => Promise<void>)[]): Promise<Omit<TryOut, 'stop'>> {
  const { say, signal, port, programs } = options;
  const folders = prepareFolders(options.dataDir);
  const hold = await holdFolder(folders.data);
  undo.push(hold.release);
  rmSync(folders.addresses, { force: true });
  const recordFile = join(folders.tryOut, 'service.json');
  await stopLeftService(recordFile, programs.service, say);
  await demandPort(port);

  const credentials = openCredentials(join(folders.tryOut, 'credentials.json'));
  const ports = await choosePorts(join(folders.tryOut, 'ports.json'));
  const standIns = await startStandIns(folders.tryOut, credentials, ports);
  undo.push(standIns.close);
  const url = `http://127.0.0.1:${port}`;
  const org = options.salesforcePackage === undefined ? undefined : await startSalesforceStandIn({ folder: folders.tryOut, port: ports.salesforce, metadataDir: options.salesforcePackage, serviceUrl: url });
  if (org) undo.push(org.salesforce.close);
  signal.throwIfAborted();

  const env = { ...serviceEnvironment(options.env, { dataDir: folders.data, port, portal: `http://127.0.0.1:${ports.pages}/partner-center` }, credentials, standIns), ...org?.variables };
  const timings = { readyWithin: 60_000, stopWithin: 60_000, ...options.timings };
  const service = await watchService({ program: programs.service, env, url, logFile: join(folders.tryOut, 'service.log'), recordFile, timings, say, pause: options.timings?.pause }, signal);
  undo.push(service.stop);

  await setUp(programs.cosell, env, signal);
  const pages = await startPages({ ...standIns, port: ports.pages, ...options.pages, service, organization: partnerName, solutions: sellableSolutions, salesforce: org && { org: org.salesforce, metadataDir: org.metadataDir } });
  undo.push(pages.close);
  const addresses = { ...addressesOf(url, folders, credentials, standIns, pages), ...(org ? { salesforce: org.addresses } : {}) };
  keep(folders.addresses, addresses);
  undo.push(async () => rmSync(folders.addresses, { force: true }));
  const ending = new AbortController();
  const dealsMade = makeAllDeals(standIns, org?.salesforce, AbortSignal.any([signal, ending.signal])).catch((error: unknown) => {
    if (!ending.signal.aborted && !signal.aborted) say(`The first deals could not all be made: ${error instanceof Error ? error.message : String(error)}`);
  });
  undo.push(async () => {
    ending.abort();
    await dealsMade;
  });
  return { addresses, ...(pages.salesforceList ? { salesforceList: pages.salesforceList } : {}), file: folders.addresses, dealsMade, servicePid: service.pid, givenUp: service.givenUp };
}

/** In both CRMs at once, as two sellers would. */
async function makeAllDeals(standIns: StandIns, salesforce: Salesforce | undefined, signal: AbortSignal): Promise<void> {
  await Promise.all([makeFirstDeals({ ...standIns, signal }), ...(salesforce ? [makeSalesforceDeals({ salesforce, partnerCenter: standIns.partnerCenter, signal })] : [])]);
}

async function demandPort(port: number): Promise<void> {
  if (await isPortFree(port)) return;
  throw new StartProblem(`Port ${port}, where the service listens, is taken by another program.`, 'Stop that program.', `Or choose another port: COSELL_PORT=${port < 65_000 ? port + 100 : 7_071} npm start`);
}

function addressesOf(url: string, folders: Folders, { dataverse, partnerCenter }: Credentials, standIns: StandIns, pages: Pages): TryOutFile {
  const { webhookKey: _key, organizationId: _organization, ...dataverseApp } = dataverse;
  const { organizationId: _own, ...partnerApp } = partnerCenter;
  return {
    service: { url, adminToken: readFileSync(join(folders.data, 'admin-token'), 'utf8').trim() },
    entra: { url: standIns.entra.url },
    dataverse: { url: standIns.dataverse.url, ...dataverseApp },
    partnerCenter: { url: standIns.partnerCenter.url, webhooksUrl: standIns.partnerCenter.webhooksUrl, ...partnerApp },
    pages: pages.addresses,
  };
}
