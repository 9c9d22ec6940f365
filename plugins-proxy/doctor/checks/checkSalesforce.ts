// Doctor: what has to stand in the Salesforce org: the package's fields, rights on them, a currency, calls that are left for the day.
import type { Check } from '../check';
import type { DoctorDeps, DoctorSalesforce } from '../doctorDeps';
import { fail, ok, warn, type Finding } from '../finding';

export function checkSalesforce({ salesforce, settings }: DoctorDeps): readonly Check[] {
  if (!salesforce) return [];
  const { connection } = salesforce.port;
  return [
    { name: 'salesforce.fields', connection, run: (signal) => fields(salesforce, signal) },
    { name: 'salesforce.currency', connection, run: (signal) => currency(salesforce, settings.salesforce?.currency ?? null, signal) },
    { name: 'salesforce.calls', connection, run: (signal) => calls(salesforce, signal) },
  ];
}

/** What was learnt before is forgotten first: the package may have been installed a minute ago. */
async function fields({ port }: DoctorSalesforce, signal: AbortSignal): Promise<Finding> {
  port.refresh();
  const { missing } = await port.describe(signal);
  if (missing.length === 0) return ok('salesforce.fields', 'All fields of the contract and of the mapping are there, and the service may see them.');
  const shown = missing.slice(0, 8).join(', ') + (missing.length > 8 ? ` and ${missing.length - 8} more` : '');
  return missing.some((field) => field.endsWith('__c'))
    ? fail('salesforce.fields', `Fields are missing, or the service may not see them: ${shown}.`, 'Give the integration user the permission set Co-sell Sync Service; if it has it, deploy the package, or its newer version. In a managed package of your own, set COSELL_SALESFORCE_NAMESPACE.')
    : fail('salesforce.fields', `Fields of the mapping are missing, or the service may not see them: ${shown}.`, 'Give the integration user the permission set Co-sell Sync Service, or take these fields out of the file that COSELL_MAPPING_FILE names.');
}

/** Without multi-currency no API tells it. */
async function currency({ port }: DoctorSalesforce, set: string | null, signal: AbortSignal): Promise<Finding> {
  const codes = Object.keys((await port.describe(signal)).currencies);
  if (codes.length === 0) return fail('salesforce.currency', 'The org has one currency, and which it is cannot be read: no deal with an amount can be shared.', 'Set COSELL_SALESFORCE_CURRENCY to its ISO code (Setup, Company Information) and start the service again.');
  if (set !== null && codes.length > 1) return ok('salesforce.currency', `The org has several currencies (${codes.join(', ')}); COSELL_SALESFORCE_CURRENCY is not used.`);
  return ok('salesforce.currency', codes.length > 1 ? `Each deal has its currency: ${codes.join(', ')}.` : `Amounts are in ${codes[0]}.`);
}

const WARN_FROM = 0.8;

/** Told with every answer; all programs of the org use them up together. */
async function calls({ port }: DoctorSalesforce, signal: AbortSignal): Promise<Finding> {
  await port.describe(signal);
  const budget = port.budget?.() ?? null;
  if (budget === null) return ok('salesforce.calls', 'How many API calls are left is told with the first answer.');
  const told = `${budget.used} of ${budget.limit} API calls of the last 24 hours are used, by all programs together.`;
  if (budget.used < budget.limit * WARN_FROM) return ok('salesforce.calls', told);
  return warn('salesforce.calls', told, 'See Setup, System Overview, for who uses them. When they are used up, changes wait and go on by themselves; more calls can be bought.');
}
