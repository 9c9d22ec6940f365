// Doctor: looks at everything that has to be right, all at once, and says what to do about what is not.
//
// No check may hold up the others: each has a time limit and its accidents are findings. A remote system whose gate is closed is not called; what
// the gate knows is told instead.
import { GateClosed, type GateState } from '../ports/gates';
import { RemoteFailure } from '../ports/failure';
import type { Check } from './check';
import { checkChores } from './checks/checkChores';
import { checkClocks } from './checks/checkClocks';
import { checkCopies } from './checks/checkCopies';
import { checkDatabase } from './checks/checkDatabase';
import { checkDataverse } from './checks/checkDataverse';
import { checkGates } from './checks/checkGates';
import { checkInventory } from './checks/checkInventory';
import { checkSalesforce } from './checks/checkSalesforce';
import { checkSettings } from './checks/checkSettings';
import { checkSignIns } from './checks/checkSignIns';
import { checkWebhook } from './checks/checkWebhook';
import { checkWork } from './checks/checkWork';
import type { DoctorDeps } from './doctorDeps';
import { fail, warn, type Finding } from './finding';
import { remedyFor } from './remedies';

const LIMIT = 5_000;

/** All findings, in a fixed order. Takes as long as its slowest check, at most `limitMs` and the look at the gates before. Never throws. */
export async function runDoctor(deps: DoctorDeps): Promise<readonly Finding[]> {
  const limitMs = deps.limitMs ?? LIMIT;
  const closed = await closedGates(deps, limitMs);
  const checks: readonly Check[] = [
    ...checkSettings(deps), ...checkDatabase(deps), ...checkGates(deps), ...checkSignIns(deps), ...checkCopies(deps), ...checkDataverse(deps), ...checkSalesforce(deps), ...checkWebhook(deps),
    ...checkClocks(deps), ...checkInventory(deps), ...checkChores(deps), ...checkWork(deps),
  ];
  const findings = await Promise.all(checks.map((check) => settle(check, closed, limitMs)));
  return findings.flat();
}

type Closed = ReadonlyMap<string, GateState & { readonly type: 'closed' }>;

/** Without the database nobody knows which gates are closed: then the calls are made. */
async function closedGates(deps: DoctorDeps, limitMs: number): Promise<Closed> {
  const rows = await within(deps.gates.all(), limitMs).catch(() => []);
  return new Map(rows.flatMap(({ connection, state }) => (state.type === 'closed' ? [[connection, state] as const] : [])));
}

async function settle(check: Check, closed: Closed, limitMs: number): Promise<readonly Finding[]> {
  const gate = check.connection === undefined ? undefined : closed.get(check.connection);
  if (gate) return [warn(check.name, `Not asked: calls to this system wait until ${gate.nextTryOn}.`, `See gate.${check.connection}.`)];
  try {
    const abort = AbortSignal.timeout(limitMs);
    const found = await within(check.run(abort), limitMs);
    return Array.isArray(found) ? (found as readonly Finding[]) : [found as Finding];
  } catch (error) {
    return [toFinding(check, error, limitMs)];
  }
}

class TooSlow extends Error {}

/** A call that ignores its signal is left behind. @throws TooSlow */
async function within<T>(deed: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    // A little later than the signal, so that whoever heeds it can say what it waited for.
    timer = setTimeout(() => reject(new TooSlow()), limitMs + 50);
  });
  try {
    return await Promise.race([deed, late]);
  } finally {
    clearTimeout(timer);
    deed.catch(() => undefined);
  }
}

function toFinding(check: Check, error: unknown, limitMs: number): Finding {
  if (error instanceof TooSlow || isTimeout(error)) {
    return fail(check.name, `No answer within ${limitMs / 1000} s.`, remedyFor(check.connection, 'slow'));
  }
  if (error instanceof GateClosed) return warn(check.name, error.message, `See gate.${error.connection}.`);
  if (error instanceof RemoteFailure) return fail(check.name, error.message, remedyFor(error.connection, error.class, error.status));
  const code = (error as { code?: unknown }).code;
  const said = error instanceof Error && error.message ? error.message : 'Something unexpected happened.';
  return fail(check.name, `It could not be looked at${typeof code === 'string' ? ` (${code})` : ''}: ${said}`, 'Run cosell doctor again; if it stays, look at the log of the service.');
}

const isTimeout = (error: unknown): boolean => error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
