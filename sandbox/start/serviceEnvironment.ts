// `npm start`: the service's configuration, the same variables that an admin sets, pointed at the stand-ins.
import type { Credentials } from './credentials';
import type { StandIns } from './standIns';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What the person may decide; every other variable of ours would point the try-out at real systems or real data. */
const PASSED_ON = new Set(['COSELL_RECONCILE_MINUTES', 'COSELL_PARTNER_CENTER_TIME_ZONE', 'COSELL_REFERRAL_LINK_TEMPLATE', 'COSELL_MAPPING_FILE']);
const READ_HERE = new Set(['COSELL_PORT', 'COSELL_DATA_DIR']);

/** Variables of ours that are set and that the try-out does not look at. */
export const ignoredVariables = (env: Environment): readonly string[] => Object.keys(env).filter((name) => isOurs(name) && !PASSED_ON.has(name) && !READ_HERE.has(name)).sort();

/** @param place where things are; `portal` is the page of a deal, to which its id is added */
export function serviceEnvironment(env: Environment, place: { dataDir: string; port: number; portal: string }, credentials: Credentials, standIns: StandIns): Environment {
  const { partnerCenter, dataverse } = credentials;
  const certificates = new URL(standIns.partnerCenter.certificatesUrl).origin;
  const inherited = Object.fromEntries(Object.entries(env).filter(([name]) => !isOurs(name) || PASSED_ON.has(name)));
  return {
    // An event that was lost on purpose shall be found while somebody is still watching.
    COSELL_RECONCILE_MINUTES: '1',
    COSELL_REFERRAL_LINK_TEMPLATE: `${place.portal}?deal={referralId}`,
    ...inherited,
    COSELL_DATA_DIR: place.dataDir,
    COSELL_HOST: '127.0.0.1',
    COSELL_PORT: String(place.port),
    COSELL_PUBLIC_URL: `http://127.0.0.1:${place.port}`,
    COSELL_AUTHORITY_URL: standIns.entra.url,
    COSELL_PARTNER_CENTER_URL: standIns.partnerCenter.url,
    COSELL_PARTNER_CENTER_WEBHOOKS_URL: standIns.partnerCenter.webhooksUrl,
    COSELL_PARTNER_CENTER_TENANT_ID: partnerCenter.tenantId,
    COSELL_PARTNER_CENTER_CLIENT_ID: partnerCenter.clientId,
    COSELL_PARTNER_CENTER_CLIENT_SECRET: partnerCenter.clientSecret,
    COSELL_PARTNER_CENTER_REFRESH_TOKEN: partnerCenter.refreshToken,
    COSELL_WEBHOOK_CERT_ORIGINS: certificates,
    COSELL_WEBHOOK_ISSUER_ORIGINS: certificates,
    COSELL_WEBHOOK_ROOTS_FILE: standIns.rootsFile,
    COSELL_DATAVERSE_URL: standIns.dataverse.url,
    COSELL_DATAVERSE_TENANT_ID: dataverse.tenantId,
    COSELL_DATAVERSE_CLIENT_ID: dataverse.clientId,
    COSELL_DATAVERSE_CLIENT_SECRET: dataverse.clientSecret,
    COSELL_DATAVERSE_WEBHOOK_KEY: dataverse.webhookKey,
  };
}

const isOurs = (name: string): boolean => name.toUpperCase().startsWith('COSELL_');
