// Run: the environment becomes settings, the settings a running service. Standard output carries the log and nothing else.
import pino from 'pino';
import { StartupProblem } from './database/startupProblem';
import type { ServiceOptions } from './parts';
import { startService } from './service';
import { settingsFromEnvironment } from './settings';

/** Runs the service until it is told to stop. Ends the process with 1 when it cannot start. */
export async function runService(options: Partial<ServiceOptions> = {}): Promise<void> {
  const log = options.log ?? pino({ base: null, timestamp: pino.stdTimeFunctions.isoTime, level: 'info' });
  // A signal during the start waits for it: a start that is cut off would leave the database running.
  const told = toldToStop(log);
  try {
    const service = await startService(settingsFromEnvironment(process.env), { ...options, log });
    void told.then(async () => {
      await service.stop();
      log.info('stopped');
      process.exit(0);
    });
  } catch (error) {
    // What a person can put right is said in plain words; anything else is a bug and needs its trace.
    if (error instanceof StartupProblem) process.stderr.write(`${error.message}\n`);
    else log.fatal({ err: error }, 'The service could not start.');
    process.exitCode = 1;
    setTimeout(() => process.exit(1), 200).unref();
  }
}

/** Resolves at the first SIGTERM or SIGINT; further ones mean nothing new. */
function toldToStop(log: pino.Logger): Promise<void> {
  return new Promise((resolve) => {
    let stopping = false;
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.on(signal, () => {
        if (!stopping) log.info({ signal }, 'stopping');
        stopping = true;
        resolve();
      });
    }
  });
}
