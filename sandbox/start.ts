// `npm start`: the whole product on one machine, with stand-ins for everything that is not ours. Ctrl-C stops it in order.
import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ignoredVariables } from './start/serviceEnvironment';
import { StartProblem } from './start/startProblem';
import { startTryOut, type TryOut } from './start/tryOut';

const say = (line: string): void => console.log(line);
/** What a customer installs; `npm start` builds it before this program runs. */
function managedPackage(): string {
  const folder = fileURLToPath(new URL('../', import.meta.url));
  const found = readdirSync(folder).filter((file) => /^CosellReferralSync_.*_managed\.zip$/.test(file)).sort().at(-1);
  if (!found) throw new StartProblem('The managed package is missing in dist/.', 'Build it: npm run build');
  return join(folder, found);
}

const built = (file: string): string => fileURLToPath(new URL(`../plugins-proxy/${file}`, import.meta.url));

async function main(): Promise<void> {
  const stopping = stopOnSignals();
  try {
    const ignored = ignoredVariables(process.env);
    if (ignored.length > 0) say(`The try-out uses its own settings; not used: ${ignored.join(', ')}.`);
    say('Starting the stand-ins and the service ...');
    const tryOut = await startTryOut({
      dataDir: process.env.COSELL_DATA_DIR || './data',
      port: readPort(process.env.COSELL_PORT),
      env: process.env,
      programs: { service: built('main.js'), cosell: built('cosell.js') },
      pages: { bundle: fileURLToPath(new URL('./pages.js', import.meta.url)), packageFile: managedPackage() },
      say,
      signal: stopping,
      salesforcePackage: fileURLToPath(new URL('../../salesforce/force-app', import.meta.url)),
    });
    await runUntilStopped(tryOut, stopping);
  } catch (error) {
    if (stopping.aborted && !(error instanceof StartProblem)) return say('Stopped.');
    console.error(error instanceof StartProblem ? error.message : error);
    process.exitCode = 1;
  }
}

async function runUntilStopped(tryOut: TryOut, stopping: AbortSignal): Promise<void> {
  describe(tryOut).forEach(say);
  const stopped = new Promise<undefined>((resolve) => (stopping.aborted ? resolve(undefined) : stopping.addEventListener('abort', () => resolve(undefined), { once: true })));
  const problem = await Promise.race([stopped, tryOut.givenUp]);
  await tryOut.stop();
  if (problem) throw problem;
  say('Stopped.');
}

/** A terminal sends Ctrl-C to every process of the group and npm passes it on once more, so a signal that comes again means nothing new. */
function stopOnSignals(): AbortSignal {
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (!stopping.signal.aborted) say('\nStopping: the service finishes what it began, then the database and the stand-ins stop.');
      stopping.abort();
    });
  }
  // The terminal or the pipe may go first; stopping in order matters more than telling of it.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  return stopping.signal;
}

function readPort(text: string | undefined): number {
  const port = Number(text?.trim() || 7071);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new StartProblem(`COSELL_PORT is ${text}, which is not a port.`, 'Give a whole number from 1 to 65535.');
}

function describe({ addresses, salesforceList, file }: TryOut): string[] {
  return [
    '',
    'Co-sell Referral Sync is running. Ctrl-C stops everything.',
    '',
    `  Begin here                   ${addresses.pages.start}`,
    `  Dynamics 365, form           ${addresses.pages.form}`,
    `  Dynamics 365, list           ${addresses.pages.list}`,
    `  Partner Center, portal       ${addresses.pages.portal}`,
    ...(salesforceList ? [`  Salesforce, list             ${salesforceList}`] : []),
    '',
    `  service                      ${addresses.service.url}`,
    `  Dynamics 365 (stand-in)      ${addresses.dataverse.url}`,
    ...(addresses.salesforce ? [`  Salesforce (stand-in)        ${addresses.salesforce.loginUrl}`] : []),
    `  Partner Center (stand-in)    ${addresses.partnerCenter.url}   webhooks ${addresses.partnerCenter.webhooksUrl}`,
    `  sign-in (stand-in)           ${addresses.entra.url}`,
    `  addresses and credentials    ${relative('', file) || file}`,
    '',
    'Watch a deal travel there and back: npm run trip (in a second terminal)',
  ];
}

await main();
