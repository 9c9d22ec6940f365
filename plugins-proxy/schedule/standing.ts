// Keeps this process in the schedule: opens the session, looks at the table regularly, and when the session is lost begins anew as another instance.
import type { Timings } from '../timings';
import { bugTries } from './judge';
import type { ScheduleLog } from './scheduleLog';
import { openSession, type Session, type SessionOptions } from './session';

export interface StandingOptions extends Omit<SessionOptions, 'patience'> {
  readonly timings: Timings;
  readonly log: ScheduleLog;
  /** A new instance begins; its signal is aborted when it ends. */
  readonly begun: (session: Session) => void;
  /** After each look at the table. */
  readonly looked: () => void;
}

export interface Standing {
  readonly session: () => Session | null;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** read_only_sql_transaction (PostgreSQL's appendix A). */
const READ_ONLY = '25006';

/** A standing that is not yet begun; `start` throws when the first session cannot be opened, later ones are tried until they can. */
export function createStanding(options: StandingOptions): Standing {
  const { timings, log, begun, looked } = options;
  let current: Session | null = null;
  let stopped = false;
  let beginning = false;
  let timer: NodeJS.Timeout | undefined;

  const begin = async (): Promise<void> => {
    const session = await openSession({ ...options, patience: timings.connect });
    if (stopped) return session.close();
    current = session;
    session.signal.addEventListener('abort', () => lose(session), { once: true });
    begun(session);
    await look(session);
    if (session.signal.aborted) lose(session);
  };
  const lose = (session: Session): void => {
    if (current !== session) return;
    current = null;
    clearTimeout(timer);
    if (stopped) return;
    log.warn({ instance: session.instance }, 'The database session of the schedule was lost; its runs stop and a new one is opened.');
    void beginAgain();
  };
  const beginAgain = async (): Promise<void> => {
    if (beginning) return;
    beginning = true;
    while (!stopped && !current) {
      const opened = await begin().then(() => true, (accident: unknown) => tell(log, accident));
      if (!opened) await new Promise<void>((resolve) => void setTimeout(resolve, Math.min(timings.poll, 1_000)));
    }
    beginning = false;
  };
  /** Twice a poll, so that rows of a process that died are free within one. */
  const look = async (session: Session): Promise<void> => {
    await session
      .ask({ name: 'tick', text: 'select cosell.tick($1,$2,$3,$4)', values: [session.instance, bugTries, timings.recordBackOff, timings.recordBackOffMax] })
      .then(looked, (accident: unknown) => afterFailedLook(session, accident));
    if (current === session && !stopped) timer = setTimeout(() => void look(session), timings.poll / 2);
  };
  const afterFailedLook = (session: Session, accident: unknown): void => {
    tell(log, accident);
    // An answer of the server carries a code; without one there is no connection any more. A server that takes no writes is not, or no longer, ours.
    const { code } = accident as { code?: unknown };
    if (!code || code === READ_ONLY) session.abandon();
  };
  return {
    session: () => current,
    start: begin,
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await current?.close();
      current = null;
    },
  };
}

function tell(log: ScheduleLog, accident: unknown): false {
  const code = (accident as { code?: unknown }).code;
  log.warn({ code: typeof code === 'string' ? code : undefined }, `The schedule cannot reach its database now: ${accident instanceof Error ? accident.message : 'unknown'}.`);
  return false;
}
