// Bench: changes per second, the service and the bare client in turns, so that a machine that gets slower meanwhile is unfair to neither.
import type { AskedProcess } from './childProcess';
import type { BareAnswers } from './bareClient';
import type { ServiceProcess } from './serviceProcess';
import type { CallsSeen } from './seeCalls';
import type { StandInAnswers } from './standIns';

export interface Parties {
  readonly standIns: AskedProcess<StandInAnswers>;
  readonly bare: AskedProcess<BareAnswers>;
  readonly bareUrl: string;
  readonly service: ServiceProcess;
  /** Linked opportunities of each; nobody touches the other's. */
  readonly records: { readonly service: readonly string[]; readonly bare: readonly string[] };
}

export interface Throughput {
  /** What every remote call takes longer than the stand-in needs, milliseconds. */
  readonly latencyMs: number;
  /** Changes per second, round by round, until the last call of the round: what follows from a change belongs to its price. */
  readonly service: readonly number[];
  readonly bare: readonly number[];
  /** Changes per second until the last of them was written, whatever was left to do then. */
  readonly written: { readonly service: readonly number[]; readonly bare: readonly number[] };
  /** Remote calls per change, echoes included. */
  readonly callsPerChange: { readonly service: number; readonly bare: number };
  /** Milliseconds of processor time per change, what follows it included; `null` where the system does not tell. */
  readonly work: { readonly service: number; readonly database: number; readonly bare: number } | null;
  /** Calls of the service's last round by kind. */
  readonly calls: Readonly<Record<string, number>>;
}

type Side = 'service' | 'bare';

interface RoundSeen extends CallsSeen {
  readonly work: Work;
}

interface Work {
  readonly service: number;
  readonly database: number;
  readonly bare: number;
}

let amount = 60_000;

/** @param rounds of each, after one that does not count @throws when a change did not arrive or cost a call that nobody expects */
export async function measureThroughput(parties: Parties, latencyMs: number, rounds: number): Promise<Throughput> {
  await parties.standIns.ask('answerAfter', latencyMs);
  const seen: Record<Side, RoundSeen[]> = { service: [], bare: [] };
  for (let round = 0; round <= rounds; round += 1) {
    // Who goes first changes with every round.
    const order: readonly Side[] = round % 2 === 0 ? ['bare', 'service'] : ['service', 'bare'];
    for (const side of order) {
      const one = await oneRound(parties, side);
      if (round > 0) seen[side].push(one);
    }
  }
  await parties.standIns.ask('answerAfter', 0);
  const changes = (side: Side): number => parties.records[side].length;
  const rates = (side: Side, until: 'ms' | 'writtenMs' = 'ms'): number[] => seen[side].map((one) => (changes(side) / one[until]) * 1_000);
  const callsOf = (side: Side): number => seen[side].reduce((sum, one) => sum + total(one.calls), 0) / (changes(side) * seen[side].length);
  const workOf = (side: Side, part: keyof Work): number => seen[side].reduce((sum, one) => sum + one.work[part], 0) / (changes(side) * seen[side].length);
  const work = parties.service.processorTime() && { service: workOf('service', 'service'), database: workOf('service', 'database'), bare: workOf('bare', 'bare') };
  return { latencyMs, work, service: rates('service'), bare: rates('bare'), written: { service: rates('service', 'writtenMs'), bare: rates('bare', 'writtenMs') }, callsPerChange: { service: callsOf('service'), bare: callsOf('bare') }, calls: seen.service.at(-1)?.calls ?? {} };
}

async function oneRound(parties: Parties, side: Side): Promise<RoundSeen> {
  amount += 1;
  const { standIns, bareUrl, service, records } = parties;
  const ids = records[side];
  await standIns.ask('ringAt', side === 'bare' ? bareUrl : service.url);
  await standIns.ask('edit', { ids, amount });
  const before = await workSoFar(parties);
  const seen = await standIns.ask('ringAll', ids.length);
  const after = await workSoFar(parties);
  const wrong = (await standIns.ask('held', ids)).filter((each) => each.partnerAmount !== amount || each.crmAmount !== amount || !each.isSynced);
  if (wrong.length > 0) throw new Error(`${wrong.length} of ${ids.length} changes did not arrive in the round of the ${side}, the first: ${JSON.stringify(wrong[0])}`);
  return { ...seen, work: { service: after.service - before.service, database: after.database - before.database, bare: after.bare - before.bare } };
}

/** @throws when the bare client met with an accident */
async function workSoFar({ service, bare }: Parties): Promise<Work> {
  return { ...(service.processorTime() ?? { service: 0, database: 0 }), bare: await bare.ask('processorTime') };
}

const total = (calls: Readonly<Record<string, number>>): number => Object.values(calls).reduce((sum, count) => sum + count, 0);
