// Doctor: organisations, and the copy guard that stops all writing when memory and reality have parted.
import type { CrmPort } from '../../ports/crm';
import type { Check } from '../check';
import type { DoctorDeps } from '../doctorDeps';
import { fail, ok, type Finding } from '../finding';

export function checkCopies({ store, partner, dataverse, salesforce }: DoctorDeps): readonly Check[] {
  const crms = [dataverse, salesforce].flatMap((crm) => (crm ? [crm.port] : []));
  const ports = [...crms, partner.port];
  return [
    ...ports.map(({ connection, displayName }) => ({ name: `copy-guard.${connection}`, run: () => copyGuard(store, connection, displayName) })),
    ...crms.map((port) => organization(store, port)),
    { name: `organization.${partner.port.connection}`, run: () => partnerOrganization(store, partner.port.connection) },
  ];
}

async function copyGuard(store: DoctorDeps['store'], connection: string, system: string): Promise<Finding> {
  const name = `copy-guard.${connection}`;
  const { copied } = await store.connectionState(connection);
  if (copied === null) return ok(name, `${system} is the environment that this database belongs to.`);
  return fail(name, `${copied} This environment looks like a copy, so nothing is sent.`, `If it is meant to work with this database, run: cosell adopt --connection ${connection}. If it is a copy for tests, give its service a database of its own.`);
}

const addresses: Readonly<Record<string, string>> = { dataverse: 'COSELL_DATAVERSE_URL', salesforce: 'COSELL_SALESFORCE_LOGIN_URL and COSELL_SALESFORCE_USERNAME' };

function organization(store: DoctorDeps['store'], port: Pick<CrmPort, 'connection' | 'displayName' | 'identity'>): Check {
  const { connection } = port;
  const name = `organization.${connection}`;
  return {
    name, connection,
    async run(signal) {
      const [{ organizationId: now }, { organizationId: known }] = await Promise.all([port.identity(signal), store.connectionState(connection)]);
      if (known === null || known.toLowerCase() === now.toLowerCase()) return ok(name, `${port.displayName} is organisation ${now}.`);
      return fail(name, `${port.displayName} is organisation ${now}; this database belongs to ${known}.`, `Correct ${addresses[connection] ?? 'its address'}, or accept the new environment with: cosell adopt --connection ${connection}.`);
    },
  };
}

/** Its organisation is learnt from what a deal of our own is answered with. */
async function partnerOrganization(store: DoctorDeps['store'], connection: string): Promise<Finding> {
  const { organizationId } = await store.connectionState(connection);
  return ok(`organization.${connection}`, organizationId === null ? 'The organisation in Partner Center is learnt with the first deal that is shared.' : `Partner Center is organisation ${organizationId}.`);
}
