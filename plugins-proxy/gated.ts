// Every call to a remote system goes through its gate.
import type { CrmPort } from './ports/crm';
import type { Gates } from './ports/gates';
import type { PartnerPort } from './ports/partner';

const crmCalls = ['read', 'readAnew', 'write', 'close', 'statusReason', 'create', 'matchCustomer', 'ensureCustomer', 'matchContact', 'ensureContact', 'findUserByEmail', 'changedSince', 'describe', 'identity'] as const;
const partnerCalls = ['read', 'write', 'create', 'listNewest', 'listOldest', 'listUpdated', 'listEngagement'] as const;

/** The same CRM behind its gate. */
export const gatedCrm = (port: CrmPort, gates: Gates): CrmPort => gated(port, port.connection, crmCalls, gates);

/** The same Partner Center behind its gate. */
export const gatedPartner = (port: PartnerPort, gates: Gates): PartnerPort => gated(port, port.connection, partnerCalls, gates, port.signIn && (() => port.signIn!()));

function gated<T extends object>(port: T, connection: string, calls: readonly (keyof T & string)[], gates: Gates, signIn?: () => Promise<void>): T {
  const wrapped: Record<string, unknown> = {};
  for (const name of calls) {
    const call = port[name] as ((...args: unknown[]) => Promise<unknown>) | undefined;
    if (!call) continue;
    wrapped[name] = async (...args: unknown[]) => {
      // A sign-in takes its time, and all that waited for it would go at once: what closed the gate meanwhile must be seen. A probe signs in by itself.
      if (signIn && gates.state(connection).type === 'open') await gates.guard(connection, signIn);
      return gates.guard(connection, () => call.apply(port, args));
    };
  }
  return { ...port, ...wrapped };
}
