// npm run bench: starts the stand-ins, the service and the bare client, each in a process of its own, measures, and prints ratios first.
import { availableParallelism, cpus } from 'node:os';
import { measureAccepts, type Accepts } from './accepts';
import { runBareClient, type BareAnswers } from './bareClient';
import { startRole, type AskedProcess } from './childProcess';
import { ratioOf, report } from './report';
import { startServiceProcess, type ServiceProcess } from './serviceProcess';
import { runStandIns, type StandInAddresses, type StandInAnswers } from './standIns';
import { measureThroughput, type Parties, type Throughput } from './throughput';

/** Runs at a time in the service; the bare client carries as many changes at a time. */
const AT_A_TIME = 8;
const RECORDS = 300;
const ROUNDS = 5;
const PACE = 500;
const PACE_SECONDS = 6;
/** Less than any of the three systems takes over the Internet; without it, nothing but processor time is compared. */
const MODELLED_LATENCY_MS = 20;
const LIMIT = 0.6;

interface Measured {
  readonly loopback: Throughput;
  readonly modelled: Throughput;
  readonly accepts: Accepts;
}

switch (process.argv[2]) {
  case 'stand-ins':
    await runStandIns();
    break;
  case 'bare client':
    runBareClient();
    break;
  default:
    await runBenchmark();
}

async function runBenchmark(): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const standIns = startRole<StandInAnswers>('stand-ins');
  const bare = startRole<BareAnswers>('bare client');
  let service: ServiceProcess | undefined;
  try {
    const addresses = await standIns.ask('addresses');
    service = await startServiceProcess(addresses);
    say(`${RECORDS * 2} opportunities are being shared ...`);
    const parties = await prepare(standIns, bare, service, addresses);
    const measured = await measure(parties, say);
    console.log(report({ ...measured, limit: LIMIT, machine: `${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`, atATime: AT_A_TIME, records: RECORDS }));
    if (ratioOf(measured.modelled) < LIMIT) process.exitCode = 1;
  } finally {
    await service?.stop();
    await Promise.all([standIns.stop(), bare.stop()]);
  }
}

async function measure(parties: Parties, say: (line: string) => void): Promise<Measured> {
  say('Changes per second, on loopback ...');
  const loopback = await measureThroughput(parties, 0, ROUNDS);
  say(`Changes per second, with ${MODELLED_LATENCY_MS} ms added to every remote call ...`);
  const modelled = await measureThroughput(parties, MODELLED_LATENCY_MS, ROUNDS);
  say('Durable accepts ...');
  const accepts = await measureAccepts(parties.service.url, await parties.bare.ask('lastEvent'), PACE_SECONDS, PACE);
  return { loopback, modelled, accepts };
}

/** The service shares all opportunities; one half of them is then the bare client's, and nobody tells the service of those any more. */
async function prepare(standIns: AskedProcess<StandInAnswers>, bare: AskedProcess<BareAnswers>, service: ServiceProcess, addresses: StandInAddresses): Promise<Parties> {
  await standIns.ask('ringAt', service.url);
  const ids = await standIns.ask('createOpportunities', RECORDS * 2);
  const records = { service: ids.slice(0, RECORDS), bare: ids.slice(RECORDS) };
  const shared = await untilShared(standIns, ids);
  const ofBare = new Set(records.bare);
  const referrals = shared.flatMap((each) => (ofBare.has(each.id) && each.referralId !== null ? [each.referralId] : []));
  const bareUrl = await bare.ask('begin', { addresses, referrals, atATime: AT_A_TIME });
  return { standIns, bare, bareUrl, service, records };
}

async function untilShared(standIns: AskedProcess<StandInAnswers>, ids: readonly string[]): Promise<Awaited<ReturnType<StandInAnswers['held']>>> {
  for (const until = Date.now() + 120_000; ; ) {
    const held = await standIns.ask('held', ids);
    if (held.every((each) => each.isSynced)) return held;
    if (Date.now() > until) throw new Error(`${held.filter((each) => !each.isSynced).length} opportunities were not shared within two minutes.`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
