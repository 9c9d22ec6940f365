// `npm start`: throw-away identities of the try-out, made once, so that every later start finds the same tenants, secrets and tokens.
import { randomBytes, randomUUID } from 'node:crypto';
import { keep, readKept } from './keepFile';

export interface Credentials {
  readonly partnerCenter: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly refreshToken: string;
    readonly organizationId: string;
  };
  readonly dataverse: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly webhookKey: string;
    readonly organizationId: string;
  };
}

/** @throws StartProblem when the file is there and cannot be read */
export function openCredentials(file: string): Credentials {
  const kept = readKept(file) as Credentials | undefined;
  if (kept) return kept;
  const made = makeCredentials();
  keep(file, made);
  return made;
}

function makeCredentials(): Credentials {
  const app = () => ({ tenantId: randomUUID(), clientId: randomUUID(), clientSecret: secret(), organizationId: randomUUID() });
  return { partnerCenter: { ...app(), refreshToken: secret() }, dataverse: { ...app(), webhookKey: secret() } };
}

const secret = (): string => randomBytes(24).toString('base64url');
