// The gates in front of the remote systems. open -> closed: a call failed in a way that concerns the whole connection; no call is made, in any
// process, until the next try is due. Then one call goes alone, whoever takes the probe first in the database. Its success opens the gate and
// releases all that waits; its failure makes the next wait twice as long (2, 4 ... 60 s, or as long as the remote system asks).
import type { Pool } from 'pg';
import { GateClosed, type GateCode, type Gates, type GateState } from '../ports/gates';
import { RemoteFailure, type FailureClass } from '../ports/failure';
import { timings as usual, type Timings } from '../timings';

export interface GateRow {
  readonly connection: string;
  readonly state: GateState;
}

export interface SharedGates extends Gates {
  /** Every gate that was ever closed, as the database has it. */
  all(): Promise<readonly GateRow[]>;
  /** Reads the gates again; the worker calls it at start, at a notification and at each poll. */
  refresh(): Promise<void>;
  /** The instance that probes are made for, so that one which dies is not waited for. */
  attach(instance: number | null): void;
}

/** Failures that concern the connection and not one record, and what people read. */
const gateCodes: Readonly<Partial<Record<FailureClass, GateCode>>> = { auth: 'sign-in-expired', throttled: 'throttled', unreachable: 'remote-down' };

interface ClosedRow {
  readonly connection: string;
  readonly closed: boolean;
  readonly code: GateCode;
  readonly since: Date;
  readonly next_try_on: Date;
  readonly left_ms: number;
}

interface Known {
  readonly state: GateState & { readonly type: 'closed' };
  /** On this process's own clock, so that a clock that is off does not probe early. */
  readonly probeFrom: number;
}

/** @param pool a database that `migrate` has brought up to date */
export function createGates({ pool, timings = usual }: { readonly pool: Pool; readonly timings?: Timings }): SharedGates {
  const closed = new Map<string, Known>();
  let instance: number | null = null;
  let asked = 0;
  let shown = 0;

  const read = async (): Promise<readonly ClosedRow[]> => {
    const text = `select connection, closed, code, since, next_try_on, extract(epoch from next_try_on - clock_timestamp())::double precision * 1000 as left_ms from cosell.gate order by connection`;
    return (await pool.query<ClosedRow>({ name: 'gates', text })).rows;
  };
  /** Answers that overtake each other: the one asked last counts. */
  const refresh = async (): Promise<void> => {
    const turn = ++asked;
    const rows = await read();
    if (turn < shown) return;
    shown = turn;
    closed.clear();
    for (const row of rows) if (row.closed) closed.set(row.connection, { state: rowToClosed(row), probeFrom: performance.now() + row.left_ms });
  };
  const gate = { pool, timings, refresh, known: (connection: string) => closed.get(connection), instance: () => instance };
  return {
    state: (connection) => closed.get(connection)?.state ?? { type: 'open' },
    guard: (connection, call) => guard(gate, connection, call),
    all: async () => (await read()).map((row) => ({ connection: row.connection, state: row.closed ? rowToClosed(row) : { type: 'open' } })),
    refresh,
    attach: (own) => {
      instance = own;
    },
  };
}

interface Gate {
  readonly pool: Pool;
  readonly timings: Timings;
  refresh(): Promise<void>;
  known(connection: string): Known | undefined;
  instance(): number | null;
}

const rowToClosed = (row: ClosedRow): GateState & { readonly type: 'closed' } => ({
  type: 'closed', code: row.code, nextTryOn: row.next_try_on.toISOString(), since: row.since.toISOString(),
});

async function guard<T>(gate: Gate, connection: string, call: () => Promise<T>): Promise<T> {
  const known = gate.known(connection);
  if (!known) return passOpen(gate, connection, call);
  if (performance.now() < known.probeFrom) throw refusal(connection, known);
  const token = await takeProbe(gate, connection);
  if (token) return probe(gate, connection, token, call);
  await gate.refresh();
  const still = gate.known(connection);
  if (still) throw refusal(connection, still);
  return passOpen(gate, connection, call);
}

const refusal = (connection: string, { state }: Known): GateClosed => new GateClosed(connection, state.code, state.nextTryOn);

async function passOpen<T>(gate: Gate, connection: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (accident) {
    await closeIfMeant(gate, connection, accident, null);
    throw accident;
  }
}

/** The one call that finds out. Any answer of the remote system opens the gate, a 500 about one record too; what never reached it decides nothing. */
async function probe<T>(gate: Gate, connection: string, token: string, call: () => Promise<T>): Promise<T> {
  try {
    const result = await call();
    await openGate(gate, connection, token);
    return result;
  } catch (accident) {
    if (await closeIfMeant(gate, connection, accident, token)) throw accident;
    if (accident instanceof RemoteFailure && accident.status !== undefined) await openGate(gate, connection, token);
    else await returnProbe(gate, connection, token);
    throw accident;
  }
}

async function takeProbe({ pool, timings, instance }: Gate, connection: string): Promise<string | null> {
  const longest = timings.connect + timings.answer + timings.post;
  const { rows } = await pool.query<{ token: string | null }>('select cosell.take_probe($1,$2,$3) as token', [connection, instance(), longest]);
  return rows[0]?.token ?? null;
}

async function openGate(gate: Gate, connection: string, token: string): Promise<void> {
  await gate.pool.query('select cosell.open_gate($1,$2)', [connection, token]);
  await gate.refresh();
}

async function returnProbe({ pool }: Gate, connection: string, token: string): Promise<void> {
  await pool.query('select cosell.return_probe($1,$2)', [connection, token]).catch(() => undefined);
}

/** Whether the accident concerns the connection; then the gate is closed. Should the database be away, the accident itself still is what is thrown. */
async function closeIfMeant(gate: Gate, connection: string, accident: unknown, token: string | null): Promise<boolean> {
  const code = accident instanceof RemoteFailure ? gateCodes[accident.class] : undefined;
  if (!code || !(accident instanceof RemoteFailure)) return false;
  const { pool, timings } = gate;
  // Who asks for no wait at all gets the shortest.
  const asked = accident.retryAfterMs === undefined ? null : Math.max(accident.retryAfterMs, timings.probe);
  const values = [connection, code, asked, token, timings.probe, accident.longestProbeMs ?? timings.probeMax];
  await pool.query('select cosell.close_gate($1,$2,$3,$4,$5,$6)', values).then(gate.refresh).catch(() => undefined);
  return true;
}
