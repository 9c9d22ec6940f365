// Doctor: gates that stop all calls to a remote system: why, since when, and when it is tried again.
import type { GateState } from '../../ports/gates';
import type { Check } from '../check';
import type { DoctorDeps } from '../doctorDeps';
import type { LastFailure } from '../failureMemory';
import { fail, ok, warn, type Finding } from '../finding';
import { remedyFor } from '../remedies';

export const checkGates = (deps: DoctorDeps): readonly Check[] => [{ name: 'gates', run: () => gates(deps) }];

async function gates({ gates: shared, partner, dataverse, salesforce, lastFailure }: DoctorDeps): Promise<readonly Finding[]> {
  const states = new Map((await shared.all()).map((row) => [row.connection, row.state]));
  const ports = [...[dataverse, salesforce].flatMap((crm) => (crm ? [crm.port] : [])), partner.port];
  return ports.map(({ connection, displayName }) => {
    const state = states.get(connection);
    return state?.type === 'closed' ? closed(connection, displayName, state, lastFailure(connection)) : ok(`gate.${connection}`, `Calls to ${displayName} pass.`);
  });
}

type Closed = GateState & { readonly type: 'closed' };

function closed(connection: string, system: string, state: Closed, last: LastFailure | undefined): Finding {
  const own = last && fits(last, state) ? last : undefined;
  const when = `Closed since ${state.since}; next try ${state.nextTryOn}.`;
  const remedy = remedyFor(connection, own?.class ?? troubles[state.code], own?.status);
  return (state.code === 'throttled' ? warn : fail)(`gate.${connection}`, `${happened(system, state, own)} ${when}`, remedy);
}

const troubles = { throttled: 'throttled', 'remote-down': 'unreachable', 'sign-in-expired': 'auth' } as const;

/** What this process saw counts only for this very closing: another process may have seen another failure since. */
const fits = (last: LastFailure, state: Closed): boolean => troubles[state.code] === last.class && last.on >= Date.parse(state.since) - 60_000;

function happened(system: string, { code }: Closed, last: LastFailure | undefined): string {
  switch (code) {
    case 'throttled':
      // A day's calls used up are no 429.
      return last && last.status !== 429 ? withoutRemedy(last.message) : `${system} asks us to slow down (429).`;
    case 'sign-in-expired':
      return last ? withoutRemedy(last.message) : `${system} refuses the sign-in.`;
    case 'remote-down':
      return down(system, last);
  }
}

function down(system: string, last: LastFailure | undefined): string {
  if (!last) return `${system} cannot be reached: it refuses connections, does not answer in time, or answers 502 to 504.`;
  if (last.status !== undefined) return `${system} is not available: it answers ${last.status}.`;
  return withoutRemedy(last.message);
}

/** What to do is said beside it, and at more length. */
const withoutRemedy = (message: string): string => message.replace(/ (Calls are|It is) tried again by .*$| Sign in again with .*$| An admin signs in again.*$| Check (the|tenant)\b.*$/, '');
