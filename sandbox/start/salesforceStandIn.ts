// `npm start`: the stand-in of Salesforce beside the others, with its own throw-away app, user and key.
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startSalesforce, type Salesforce } from '../salesforce/startSalesforce';
import { keep, keepText, readKept, readKeptText } from './keepFile';
import type { Environment } from './serviceEnvironment';
import { sellableSolutions } from './standIns';

/** What `try-out.json` says of it. */
export interface SalesforceAddresses {
  readonly loginUrl: string;
  readonly clientId: string;
  readonly username: string;
  readonly privateKeyFile: string;
}

export interface SalesforceStandIn {
  readonly salesforce: Salesforce;
  readonly metadataDir: string;
  readonly addresses: SalesforceAddresses;
  /** The service's variables for it, the inbound CRM among them because both are on then. */
  readonly variables: Environment;
}

export interface SalesforcePlace {
  /** Where its journal, its app and its key are kept. */
  readonly folder: string;
  readonly port: number;
  /** The package's folder, `salesforce/` of the project. */
  readonly metadataDir: string;
  /** The service, where the bell rings. */
  readonly serviceUrl: string;
}

interface App {
  readonly clientId: string;
  readonly username: string;
  readonly doorbellKey: string;
}

/** @throws when the port is taken, naming it, or the package's files cannot be read; StartProblem when a kept file cannot be read */
export async function startSalesforceStandIn({ folder, port, metadataDir, serviceUrl }: SalesforcePlace): Promise<SalesforceStandIn> {
  const app = openApp(join(folder, 'salesforce.json'));
  const privateKeyFile = join(folder, 'salesforce-key.pem');
  const publicKey = createPublicKey(openKey(privateKeyFile)).export({ type: 'spki', format: 'pem' }).toString();
  const salesforce = await startSalesforce({
    port, metadataDir, dataFile: join(folder, 'salesforce.jsonl'), clientId: app.clientId, username: app.username, publicKey, doorbell: { url: `${serviceUrl}/salesforce/events`, key: app.doorbellKey },
    // In the try-out nobody waits minutes to see a bell come again.
    bellRetryMs: [1_000, 2_000, 4_000, 8_000],
  });
  fillCatalogue(salesforce);
  const addresses = { loginUrl: salesforce.url, clientId: app.clientId, username: app.username, privateKeyFile };
  return {
    salesforce, metadataDir, addresses,
    variables: {
      COSELL_SALESFORCE_LOGIN_URL: salesforce.url, COSELL_SALESFORCE_CLIENT_ID: app.clientId, COSELL_SALESFORCE_USERNAME: app.username, COSELL_SALESFORCE_PRIVATE_KEY_FILE: privateKeyFile,
      COSELL_SALESFORCE_DOORBELL_KEY: app.doorbellKey, COSELL_INBOUND_CRM: 'dataverse',
    },
  };
}

/** What an admin imports once: the solutions that Partner Center knows. */
function fillCatalogue(salesforce: Salesforce): void {
  if (salesforce.rows('Cosell_Solution__c').length > 0) return;
  for (const { id, name, type } of sellableSolutions) salesforce.plant('Cosell_Solution__c', { Name: name, Solution_Code__c: id, Solution_Type__c: type });
}

function openApp(file: string): App {
  const kept = readKept(file) as App | undefined;
  if (kept) return kept;
  const made = { clientId: `3MVG9${randomBytes(40).toString('base64url')}`, username: 'cosell-sync@contoso.example.tryout', doorbellKey: randomBytes(24).toString('base64url') };
  keep(file, made);
  return made;
}

function openKey(file: string): string {
  const kept = readKeptText(file);
  if (kept !== undefined) return kept;
  const made = generateKeyPairSync('rsa', { modulusLength: 2_048 }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  keepText(file, made);
  return made;
}
