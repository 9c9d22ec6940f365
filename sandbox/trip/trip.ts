// `npm run trip`: tells the whole trip on the running try-out. Ends with 1 when anything differs in the end.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seedIds } from '../dataverse/seed';
import type { TryOutFile } from '../start/tryOut';
import { tellTrip } from './tellTrip';

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
  console.log('A seller works in Dynamics 365, a colleague in the Partner Center portal. Times: from the deed until both sides show it.\n');
  const { steps, differences } = await tellTrip({
    dataverse: { url: tryOut.dataverse.url, sellerToken: `seller:${seedIds.dana}` },
    partnerCenter: { url: tryOut.partnerCenter.url, token: userToken(tryOut) },
    say: (line) => console.log(line),
    timeoutMs: TIMEOUT_MS,
  });
  if (differences.length > 0) process.exitCode = 1;
  console.log(differences.length === 0 ? `\n${steps.length} steps, no difference.` : `\n${steps.length} steps, ${differences.length} differences:\n${differences.map((line) => `  - ${line}`).join('\n')}`);
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
