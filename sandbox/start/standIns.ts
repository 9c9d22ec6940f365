// `npm start`: the stand-ins of Entra, Partner Center and Dataverse, with their state in the data folder.
import { join } from 'node:path';
import { seedIds, startDataverse, type Dataverse } from '../dataverse/startDataverse';
import { startEntra, type Entra } from '../entra/entra';
import { DEFAULT_SOLUTIONS, type KnownSolution } from '../partnerCenter/catalogue';
import { startPartnerCenter, type PartnerCenter } from '../partnerCenter/partnerCenter';
import type { Credentials } from './credentials';
import type { Ports } from './ports';

export interface StandIns {
  readonly entra: Entra;
  readonly partnerCenter: PartnerCenter;
  readonly dataverse: Dataverse;
  /** The root that signing certificates chain to, PEM. */
  readonly rootsFile: string;
  close(): Promise<void>;
}

/** Who the partner is, as the portal shows it. */
export const partnerName = 'Fabrikam, Inc. · PartnerID 1234567';

/** What the partner can sell: the solutions of the pictures first, then those that every test knows. */
export const sellableSolutions: readonly KnownSolution[] = [
  { id: 'SOL-34104-EBB', name: 'Fabrikam Data Estate Accelerator', type: 'Name' },
  { id: 'SOL-15974-MQF', name: 'Lakehouse Managed Service', type: 'Name' },
  { id: 'SOL-20417-KPD', name: 'Modern Workplace Care', type: 'Name' },
  { id: 'SOL-61120-RTW', name: 'Data Modernization Assessment', type: 'Name' },
  { id: 'SOL-48215-JHN', name: 'Model Operations for Azure', type: 'Name' },
  { id: 'SOL-70033-QAL', name: 'Mobile Field Insights', type: 'Name' },
  ...DEFAULT_SOLUTIONS,
];

/** @param folder where their journals are kept @throws when a port is taken, naming it */
export async function startStandIns(folder: string, credentials: Credentials, ports: Ports): Promise<StandIns> {
  const rootsFile = join(folder, 'roots.pem');
  const started: { close(): Promise<void> }[] = [];
  const close = async (): Promise<void> => void (await Promise.all(started.map((one) => one.close())));
  const opened = async <T extends { close(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const one = await starting;
    started.push(one);
    return one;
  };
  try {
    const entra = await opened(startEntra({ port: ports.entra, dataFile: join(folder, 'entra.jsonl'), clients: [credentials.partnerCenter, credentials.dataverse] }));
    const partnerCenter = await opened(startPartnerCenter({ ...partnerCenterPorts(ports), ...partnerOf(credentials), entra, dataFile: join(folder, 'partner-center.jsonl'), rootsFile, knownSolutions: sellableSolutions }));
    const { clientId, tenantId, organizationId } = credentials.dataverse;
    const dataverse = await opened(startDataverse({ port: ports.dataverse, dataFile: join(folder, 'dataverse.jsonl'), entra, clientIds: { [clientId]: seedIds.serviceUser }, tenantId, organizationId }));
    return { entra, partnerCenter, dataverse, rootsFile, close };
  } catch (error) {
    await close();
    throw error;
  }
}

const partnerCenterPorts = (ports: Ports): { port: number; webhooksPort: number; certPort: number } => ({ port: ports.partnerCenter, webhooksPort: ports.webhooks, certPort: ports.certificates });

const partnerOf = ({ partnerCenter }: Credentials): { organizationId: string; organizationName: string; tenantId: string } => ({ organizationId: partnerCenter.organizationId, organizationName: 'Fabrikam', tenantId: partnerCenter.tenantId });
