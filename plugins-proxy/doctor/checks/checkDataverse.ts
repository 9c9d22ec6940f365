// Doctor: what has to stand in Dataverse: columns, the address it rings, its steps, the Custom API.
import type { SetupReport } from '../../adapters/dataverse/setup';
import type { Check } from '../check';
import type { DoctorDataverse, DoctorDeps } from '../doctorDeps';
import { fail, ok, warn, type Finding } from '../finding';

export function checkDataverse({ dataverse }: DoctorDeps): readonly Check[] {
  if (!dataverse) return [];
  const { connection } = dataverse.port;
  return [
    { name: 'dataverse.columns', connection, run: (signal) => columns(dataverse, signal) },
    { name: 'dataverse.steps', connection, run: () => registered(dataverse) },
  ];
}

/** What was learnt before is forgotten first: the solution may have been installed a minute ago. */
async function columns({ port }: DoctorDataverse, signal: AbortSignal): Promise<Finding> {
  port.refresh();
  const { missing } = await port.describe(signal);
  if (missing.length === 0) return ok('dataverse.columns', 'All columns of the contract and of the mapping are there.');
  const shown = missing.slice(0, 8).join(', ') + (missing.length > 8 ? ` and ${missing.length - 8} more` : '');
  return missing.some((column) => column.includes('.cosell_'))
    ? fail('dataverse.columns', `Columns are missing: ${shown}.`, 'Install the solution CosellReferralSync, or its newer version, in this environment.')
    : fail('dataverse.columns', `Columns of the mapping are missing: ${shown}.`, 'Install Dynamics 365 Sales, or take these columns out of the file that COSELL_MAPPING_FILE names.');
}

async function registered({ setup }: DoctorDataverse): Promise<readonly Finding[]> {
  if (!setup) return [warn('dataverse.steps', 'Not compared: there is no public address.', 'Set COSELL_PUBLIC_URL, then run: cosell setup dataverse.')];
  const report = await setup();
  return [endpoint(report), steps(report), customApi(report)];
}

const SETUP = 'Run: cosell setup dataverse.';

function endpoint({ endpoint: { action } }: SetupReport): Finding {
  if (action === 'unchanged') return ok('dataverse.endpoint', 'Dataverse rings the public address of this service.');
  return action === 'created'
    ? fail('dataverse.endpoint', 'No address is registered in Dataverse, so it rings nobody.', SETUP)
    : fail('dataverse.endpoint', 'Dataverse rings another address, or with another key.', `If this service is meant, run: cosell setup dataverse. Otherwise leave it to the other one.`);
}

const CUSTOM_API = 'cosell_SyncReferral';
const withoutPrefix = (name: string): string => name.replace(/^.*?: /, '');

function steps({ steps: all, warnings }: SetupReport): Finding {
  const own = all.filter((step) => !step.name.includes(CUSTOM_API));
  const wrong = own.filter((step) => step.action === 'created' || step.action === 'changed' || step.action === 'removed');
  const skipped = own.filter((step) => step.action === 'skipped');
  const off = warnings.filter((warning) => warning.includes('is switched off'));
  if (wrong.length > 0) return fail('dataverse.steps', `Steps are missing or differ: ${wrong.map((step) => withoutPrefix(step.name)).join(', ')}.`, SETUP);
  if (skipped.length > 0) return fail('dataverse.steps', `This environment lacks the messages of these steps: ${skipped.map((step) => withoutPrefix(step.name)).join(', ')}.`, `Install Dynamics 365 Sales. ${SETUP}`);
  if (off.length > 0) return warn('dataverse.steps', off.join(' '), 'Switch them on in the Plug-in Registration Tool, unless that is meant.');
  return ok('dataverse.steps', `${own.length} steps ring this service.`);
}

function customApi({ steps: all }: SetupReport): Finding {
  const step = all.find((each) => each.name.includes(CUSTOM_API));
  if (!step || step.action === 'skipped') return fail('dataverse.custom-api', `The Custom API ${CUSTOM_API} is not there, so the form cannot ring.`, `Install the solution CosellReferralSync. ${SETUP}`);
  if (step.action !== 'unchanged') return fail('dataverse.custom-api', `The Custom API ${CUSTOM_API} is there, but its step does not ring this service.`, SETUP);
  return ok('dataverse.custom-api', `The Custom API ${CUSTOM_API} is there and rings this service.`);
}
