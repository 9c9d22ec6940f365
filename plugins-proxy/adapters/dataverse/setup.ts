// `cosell setup dataverse`: registers the address that Dataverse rings and the steps that ring it; a second run changes nothing.
//
// Registered by Web API and not shipped in the solution: the address and the key are each customer's own, and upgrading a managed solution that
// contains webhooks fails with "AuthValue is Invalid".
import { createHmac } from 'node:crypto';
import { DynamicsWebApi, type RequestError } from 'dynamics-web-api';
import type { Timings } from '../../timings';
import type { SignIn } from '../signIn/createSignIn';
import type { Row } from './dataverseClient';
import type { Mapping } from './mapping';
import { endpointName, stepPrefix, wantedSteps, type WantedStep } from './setupSteps';

export type SetupAction = 'created' | 'changed' | 'unchanged' | 'removed' | 'skipped';

export interface SetupReport {
  readonly endpoint: { readonly name: string; readonly action: SetupAction };
  readonly steps: readonly { readonly name: string; readonly action: SetupAction }[];
  readonly warnings: readonly string[];
  /** With `dryRun`: whether a run would change something. */
  readonly changed: boolean;
}

export interface SetupOptions {
  readonly client: DynamicsWebApi;
  /** `COSELL_PUBLIC_URL` */
  readonly publicUrl: string;
  /** `COSELL_DATAVERSE_WEBHOOK_KEY` */
  readonly key: string;
  readonly mapping: Mapping;
  /** Tells what would be done and does nothing. */
  readonly dryRun?: boolean;
  /** Takes everything away instead. */
  readonly remove?: boolean;
  /** One line for each thing done. */
  readonly log?: (line: string) => void;
}

/** The library's client for an environment, signed in as the service. */
export const createSetupClient = (options: { readonly url: string; readonly signIn: SignIn; readonly timings: Pick<Timings, 'answer'> }): DynamicsWebApi =>
  new DynamicsWebApi({
    serverUrl: `${new URL(options.url).origin}/`,
    dataApi: { version: '9.2' },
    timeout: options.timings.answer,
    propagateErrors: true,
    onTokenRefresh: () => options.signIn.token(new URL(options.url).origin),
  });

/** @throws Error that says which step failed, with Dataverse's own words for the admin */
export async function setupDataverse(options: SetupOptions): Promise<SetupReport> {
  const run = openRun(options);
  return options.remove ? removeAll(run) : register(run, options);
}

interface Run {
  readonly client: DynamicsWebApi;
  list(collection: string, select: readonly string[], filter: string): Promise<readonly Row[]>;
  /** Makes a change, or only tells of it. */
  change<T>(what: string, deed: () => Promise<T>): Promise<T | undefined>;
  readonly dryRun: boolean;
}

function openRun({ client, dryRun = false, log = () => undefined }: SetupOptions): Run {
  return {
    client,
    dryRun,
    list: async (collection, select, filter) => (await told(`read ${collection}`, client.retrieveMultiple<Row>({ collection, select: [...select], filter }))).value,
    async change(what, deed) {
      log(dryRun ? `Would ${what}.` : `${what.charAt(0).toUpperCase()}${what.slice(1)}.`);
      return dryRun ? undefined : told(what, deed());
    },
  };
}

async function told<T>(what: string, deed: Promise<T>): Promise<T> {
  try {
    return await deed;
  } catch (error) {
    const { status, code, message } = error as RequestError;
    throw new Error(`Dynamics 365 did not ${what} (${[status, code].filter(Boolean).join(' ') || 'no answer'}): ${message} What was done before stays; mend this and run the command again.`, { cause: error });
  }
}

async function register(run: Run, options: SetupOptions): Promise<SetupReport> {
  const warnings = portWarnings(options.publicUrl);
  const endpoint = await settleEndpoint(run, options, warnings);
  const steps = await settleSteps(run, endpoint.id, options.mapping, warnings);
  const actions = [endpoint.action, ...steps.map((step) => step.action)];
  return { endpoint: { name: endpointName, action: endpoint.action }, steps, warnings, changed: actions.some((action) => action !== 'unchanged' && action !== 'skipped') };
}

function portWarnings(publicUrl: string): string[] {
  const { port, host } = new URL(publicUrl);
  if (['', '80', '443'].includes(port)) return [];
  return [`Dataverse calls ports 80 and 443 only; ${host} will not be rung. Put the service behind a proxy on 443 and set COSELL_PUBLIC_URL.`];
}

const WEBHOOK = 8;

const endpointColumns = ['serviceendpointid', 'name', 'url', 'contract', 'authtype', 'description'];

async function settleEndpoint(run: Run, options: SetupOptions, warnings: string[]): Promise<{ readonly id: string; readonly action: SetupAction }> {
  const wanted = wantedEndpoint(options.publicUrl, options.key);
  const [found, ...others] = await run.list('serviceendpoints', endpointColumns, `name eq '${endpointName}'`);
  if (others.length > 0) warnings.push(`There are ${others.length + 1} service endpoints called "${endpointName}"; the first is used. Remove them with --remove and set up again.`);
  if (!found) {
    const id = await run.change(`register the address ${wanted.url}`, () => run.client.create<Row, string>({ collection: 'serviceendpoints', data: { ...wanted, name: endpointName, contract: WEBHOOK } }));
    return { id: id ?? '', action: 'created' };
  }
  const id = String(found.serviceendpointid);
  const same = found.url === wanted.url && found.authtype === wanted.authtype && found.description === wanted.description;
  if (same) return { id, action: 'unchanged' };
  await run.change(`change the registered address to ${wanted.url} and its key`, () => run.client.update({ collection: 'serviceendpoints', key: id, data: wanted }));
  return { id, action: 'changed' };
}

/** Authtype 5: the key travels in a header. The key can never be read back, so a short fingerprint of it stands in the description. */
function wantedEndpoint(publicUrl: string, key: string): { url: string; authtype: number; authvalue: string; description: string } {
  const url = `${publicUrl.replace(/\/+$/, '')}/dataverse/events`;
  // 32 bits: enough to notice another key, too few to find the key by trying.
  const fingerprint = createHmac('sha256', key).update(url).digest('hex').slice(0, 8);
  return {
    url,
    authtype: 5,
    authvalue: `<settings><setting name="x-cosell-key" value="${escapeXml(key)}"/></settings>`,
    description: `Rings the co-sell service. Made by "cosell setup dataverse"; key ${fingerprint}.`,
  };
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (sign) => entities[sign] ?? sign);

const stepColumns = [
  'sdkmessageprocessingstepid', 'name', 'mode', 'stage', 'filteringattributes', 'statecode', '_sdkmessageid_value', '_sdkmessagefilterid_value', '_eventhandler_value',
];

async function settleSteps(run: Run, endpoint: string, mapping: Mapping, warnings: string[]): Promise<{ name: string; action: SetupAction }[]> {
  const found = await run.list('sdkmessageprocessingsteps', stepColumns, `startswith(name,'${stepPrefix}')`);
  const settled: { name: string; action: SetupAction }[] = [];
  for (const step of wantedSteps(mapping)) {
    const same = found.filter((row) => row.name === step.name);
    settled.push({ name: step.name, action: await settleStep(run, endpoint, step, same, warnings) });
  }
  const known = new Set(settled.map((step) => step.name));
  for (const row of found.filter((each) => !known.has(String(each.name)))) settled.push({ name: String(row.name), action: await removeStep(run, row) });
  return settled;
}

async function settleStep(run: Run, endpoint: string, step: WantedStep, found: readonly Row[], warnings: string[]): Promise<SetupAction> {
  const place = await findPlace(run, step);
  if (!place) {
    warnings.push(`"${step.name}" was left out: this environment has no message ${step.message}. Install the solution (and Dynamics 365 Sales), then run the command again.`);
    return 'skipped';
  }
  const [first, ...doubles] = found;
  for (const row of doubles) await removeStep(run, row);
  if (first?.statecode === 1) warnings.push(`"${step.name}" is switched off and stays so; its changes are found by reconcile only.`);
  if (first && isPlaced(first, place, endpoint)) return changeStep(run, step, first, doubles.length > 0);
  // Message and endpoint of a step are fixed once it stands.
  if (first) await removeStep(run, first);
  await run.change(`add the step "${step.name}"`, () => run.client.create({ collection: 'sdkmessageprocessingsteps', data: newStep(step, place, endpoint) }));
  return first ? 'changed' : 'created';
}

interface Place {
  readonly message: string;
  readonly filter: string | undefined;
}

/** A bound Custom API need not have a filter row for its table: the message alone says enough then. */
async function findPlace(run: Run, { message, table }: WantedStep): Promise<Place | undefined> {
  const [filter] = await run.list('sdkmessagefilters', ['sdkmessagefilterid', '_sdkmessageid_value'], `primaryobjecttypecode eq '${table}' and sdkmessageid/name eq '${message}'`);
  if (filter) return { message: String(filter._sdkmessageid_value), filter: String(filter.sdkmessagefilterid) };
  const [alone] = await run.list('sdkmessages', ['sdkmessageid'], `name eq '${message}'`);
  return alone ? { message: String(alone.sdkmessageid), filter: undefined } : undefined;
}

const isPlaced = (row: Row, place: Place, endpoint: string): boolean =>
  row._sdkmessageid_value === place.message && (row._sdkmessagefilterid_value ?? undefined) === place.filter && row._eventhandler_value === endpoint;

async function changeStep(run: Run, step: WantedStep, row: Row, changedAlready: boolean): Promise<SetupAction> {
  const wanted = stepSettings(step);
  const attributes = String(row.filteringattributes ?? '').split(',').map((name) => name.trim()).filter(Boolean).sort().join(',');
  if (row.mode === wanted.mode && row.stage === wanted.stage && attributes === step.filteringAttributes) return changedAlready ? 'changed' : 'unchanged';
  await run.change(`change the step "${step.name}"`, () => run.client.update({ collection: 'sdkmessageprocessingsteps', key: String(row.sdkmessageprocessingstepid), data: wanted }));
  return 'changed';
}

const POST_OPERATION = 40;

/** Finished jobs of asynchronous steps delete themselves: a busy environment would otherwise keep one row for every bell. */
const stepSettings = (step: WantedStep): { mode: number; stage: number; asyncautodelete: boolean; filteringattributes: string | null } => ({
  mode: step.synchronous ? 0 : 1,
  stage: POST_OPERATION,
  asyncautodelete: !step.synchronous,
  filteringattributes: step.filteringAttributes || null,
});

const newStep = (step: WantedStep, place: Place, endpoint: string): Row => ({
  ...stepSettings(step),
  name: step.name,
  rank: 1,
  supporteddeployment: 0,
  'sdkmessageid@odata.bind': `/sdkmessages(${place.message})`,
  ...(place.filter === undefined ? {} : { 'sdkmessagefilterid@odata.bind': `/sdkmessagefilters(${place.filter})` }),
  'eventhandler_serviceendpoint@odata.bind': `/serviceendpoints(${endpoint})`,
});

async function removeStep(run: Run, row: Row): Promise<SetupAction> {
  await run.change(`remove the step "${String(row.name)}"`, () => run.client.deleteRecord({ collection: 'sdkmessageprocessingsteps', key: String(row.sdkmessageprocessingstepid) }));
  return 'removed';
}

/** Steps first: an endpoint that steps still use cannot be deleted. */
async function removeAll(run: Run): Promise<SetupReport> {
  const endpoints = await run.list('serviceendpoints', endpointColumns, `name eq '${endpointName}'`);
  const rows = await run.list('sdkmessageprocessingsteps', stepColumns, `startswith(name,'${stepPrefix}')`);
  const steps: { name: string; action: SetupAction }[] = [];
  for (const row of rows) steps.push({ name: String(row.name), action: await removeStep(run, row) });
  for (const row of endpoints) await run.change('remove the registered address', () => run.client.deleteRecord({ collection: 'serviceendpoints', key: String(row.serviceendpointid) }));
  const action: SetupAction = endpoints.length > 0 ? 'removed' : 'unchanged';
  return { endpoint: { name: endpointName, action }, steps, warnings: [], changed: endpoints.length + rows.length > 0 };
}
