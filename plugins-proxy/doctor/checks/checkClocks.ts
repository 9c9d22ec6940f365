// Doctor: clocks. A token, a certificate and "synced later than I remember" are judged by time.
import type { CrmPort } from '../../ports/crm';
import type { Check } from '../check';
import type { DoctorDeps } from '../doctorDeps';
import { ok, warn, type Finding } from '../finding';

const TOLERATED_S = 60;

export function checkClocks({ pool, partner, dataverse, salesforce, now = Date.now }: DoctorDeps): readonly Check[] {
  const against = (name: string, whose: string, ask: (signal: AbortSignal) => Promise<string>): Check => ({
    name,
    async run(signal) {
      const asked = now();
      const theirs = Date.parse(await ask(signal));
      // Half the time that the answer took is the best guess of when it was written.
      return compare(name, whose, Math.round((theirs - (asked + now()) / 2) / 1000));
    },
  });
  const startOf = (): string => new Date(now()).toISOString();
  const ofCrm = (port: Pick<CrmPort, 'connection' | 'displayName' | 'changedSince'>): Check => ({
    ...against(`clock.${port.connection}`, port.displayName, async (signal) => (await port.changedSince('opportunity', startOf(), null, signal)).serverNow), connection: port.connection,
  });
  return [
    against('clock.database', 'the database', async () => (await pool.query<{ now: Date }>('select clock_timestamp() as now')).rows[0]!.now.toISOString()),
    ...[dataverse, salesforce].flatMap((crm) => (crm ? [ofCrm(crm.port)] : [])),
    { ...against(`clock.${partner.port.connection}`, partner.port.displayName, async (signal) => (await partner.port.listNewest(null, signal)).serverNow), connection: partner.port.connection },
  ];
}

function compare(name: string, whose: string, seconds: number): Finding {
  if (Number.isNaN(seconds)) return ok(name, `The time of ${whose} is not told.`);
  if (Math.abs(seconds) <= TOLERATED_S) return ok(name, `The clock of this host agrees with ${whose}.`);
  return warn(name, `The clock of this host is ${Math.abs(seconds)} s ${seconds > 0 ? 'behind' : 'ahead of'} ${whose}.`, 'Set the clock of this host by a time server (NTP): sign-ins and signatures are refused when it is off.');
}
