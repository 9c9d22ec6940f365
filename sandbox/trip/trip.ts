// `npm run trip`: tells the whole trip on the running try-out. Ends with 1 when anything differs in the end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedIds } from '../dataverse/seed';
import { seedIds as salesforceIds } from '../salesforce/seed';
import type { TryOutFile } from '../start/tryOut';
import type { CrmDesk } from './crmDesk';
import { openDataverseDesk } from './dataverseDesk';
import { openSalesforceDesk } from './salesforceDesk';
import { tellTrip, type TripReport } from './tellTrip';

const TIMEOUT_MS = 30_000;
// The audience stays, whatever the address is (contract: service configuration).
const REFERRALS_RESOURCE = 'https://api.partner.microsoft.com';

async function main(): Promise<void> {
  const file = join(process.env.COSELL_DATA_DIR || './data', 'try-out.json');
  const tryOut = readTryOut(file);
  if (!tryOut || !(await answers(tryOut))) {
    console.error(`The try-out does not run${tryOut ? `: nobody answers at ${tryOut.service.url}` : ` (there is no ${file})`}.\n  - Start it in another terminal: npm start`);
    process.exitCode = 1;
    return;
  }
  const token = userToken(tryOut);
  const tell = (crm: CrmDesk, receives: boolean): Promise<TripReport> => {
    console.log(`A seller works in ${crm.name}, a colleague in the Partner Center portal. Times: from the deed until both sides show it.\n`);
    return tellTrip({ crm, receives, partnerCenter: { url: tryOut.partnerCenter.url, token }, say: (line) => console.log(line), timeoutMs: TIMEOUT_MS });
  };
  const reports = [await tell(openDataverseDesk({ url: tryOut.dataverse.url, sellerToken: `seller:${seedIds.dana}` }), true)];
  if (tryOut.salesforce) {
    console.log('');
    // New deals of the portal go to one CRM, here to Dynamics 365 (COSELL_INBOUND_CRM).
    reports.push(await tell(openSalesforceDesk({ url: tryOut.salesforce.loginUrl, sellerToken: await salesforceToken(tryOut.salesforce.loginUrl) }), false));
  }
  const [steps, differences] = [reports.flatMap((each) => each.steps), reports.flatMap((each) => each.differences)];
  if (differences.length > 0) process.exitCode = 1;
  console.log(differences.length === 0 ? `\n${steps.length} steps, no difference.` : `\n${steps.length} steps, ${differences.length} differences:\n${differences.map((line) => `  - ${line}`).join('\n')}`);
}

/** As somebody who signed in at the org's pages has it. */
async function salesforceToken(url: string): Promise<string> {
  const answer = await fetch(`${url}/__sandbox/sellerToken`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ userId: salesforceIds.dana }) });
  if (!answer.ok) throw new Error(`Salesforce's stand-in gave no token: ${answer.status} ${await answer.text()}`);
  return ((await answer.json()) as { token: string }).token;
}

function readTryOut(file: string): TryOutFile | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as TryOutFile;
  } catch {
    return undefined;
  }
}

const answers = ({ service }: TryOutFile): Promise<boolean> => fetch(`${service.url}/healthz`).then((answer) => answer.ok, () => false);

/** Signs in as the service does, by the refresh token; one access token is enough for the whole trip. */
function userToken({ entra, partnerCenter }: TryOutFile): () => Promise<string> {
  let token: Promise<string> | undefined;
  const signIn = async (): Promise<string> => {
    const { tenantId, clientId, clientSecret, refreshToken } = partnerCenter;
    const form = new URLSearchParams({ grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken, resource: REFERRALS_RESOURCE });
    const answer = await fetch(`${entra.url}/${tenantId}/oauth2/token`, { method: 'POST', body: form });
    if (!answer.ok) throw new Error(`The sign-in was refused: ${answer.status} ${await answer.text()}`);
    return ((await answer.json()) as { access_token: string }).access_token;
  };
  return () => (token ??= signIn());
}

await main();
