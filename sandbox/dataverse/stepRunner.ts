// Steps carry what happened to outside systems: synchronous ones inside the request, asynchronous ones as system jobs.
import { randomUUID } from 'node:crypto';
import type { Row, RowStore } from './rowStore';
import { referenceId } from './rowStore';
import { writeContext, type Happening, type Message } from './executionContext';
import { isAccepted, postWebhook, type Outcome } from './webhookPost';
import { Problem } from './problem';
import { wholeSeconds } from './readPayload';

export interface Delivery {
  readonly step: string;
  readonly message: string;
  readonly table: string;
  readonly id: string;
  readonly mode: 'sync' | 'async';
  readonly outcomes: readonly Outcome[];
  readonly at: string;
}

export interface StepRunner {
  /** Answers whether a synchronous step ran. @throws Problem when one failed: the operation is then refused as a whole. */
  runSync(happening: Happening): Promise<boolean>;
  queue(happening: Happening): void;
  /** System jobs that a kill left behind. */
  resumeAll(): void;
  pause(): void;
  resume(): void;
  loseNext(count: number): void;
  setExact(exact: boolean): void;
  redeliverLast(times: number): Promise<readonly Outcome[]>;
  readonly deliveries: readonly Delivery[];
  /** Told of every webhook call once it is answered. */
  onDelivery(listener: (delivery: Delivery) => void): void;
  /** How many of the next events are still to be lost. */
  toLose(): number;
  close(): void;
}

export interface StepRunnerOptions {
  readonly store: RowStore;
  now(): number;
  random(): number;
  readonly nasty: boolean;
  readonly delayMs: number;
  readonly timeoutMs: number;
  readonly organizationName: string;
  later(ms: number, task: () => void): void;
}

interface Job {
  readonly step: string;
  readonly message: Message;
  readonly request: string;
  readonly table: string;
  readonly id: string;
}

const REMEMBERED_DELIVERIES = 10_000;
/** How often a system job is run twice, while not told to be exact. */
const DOUBLED = 0.1;

export function createStepRunner(options: StepRunnerOptions): StepRunner {
  const { store } = options;
  const stop = new AbortController();
  const deliveries: Delivery[] = [];
  const waiting: (() => void)[] = [];
  const listeners: ((delivery: Delivery) => void)[] = [];
  let last: Job | undefined;
  let toLose = 0;
  let paused = false;
  let exact = false;

  const write = (step: Row, happening: Happening): Job => ({
    step: step.id, request: happening.message, table: happening.table, id: happening.id,
    message: writeContext(store, happening, {
      organizationId: store.settings.organizationId, organizationName: options.organizationName, at: options.now(),
      mode: Number(step.cells.mode), stage: Number(step.cells.stage), step,
    }),
  });
  const deliver = async (job: Job, mode: 'sync' | 'async'): Promise<readonly Outcome[]> => {
    const endpoint = endpointOf(store, job.step);
    if (!endpoint) return [];
    const outcomes = await postWebhook({ endpoint, message: job.message, organization: options.organizationName, table: job.table, request: job.request, timeoutMs: options.timeoutMs, signal: stop.signal });
    const delivery: Delivery = { step: job.step, message: job.request, table: job.table, id: job.id, mode, outcomes, at: new Date(options.now()).toISOString() };
    deliveries.push(delivery);
    if (deliveries.length > REMEMBERED_DELIVERIES) deliveries.shift();
    for (const listener of listeners) listener(delivery);
    return outcomes;
  };
  const runJob = async (jobId: string): Promise<void> => {
    const job = readJob(store.get('asyncoperation', jobId));
    if (!job) return;
    last = job;
    const outcomes = await deliver(job, 'async');
    if (!stop.signal.aborted) finishJob(store, jobId, outcomes, options.now());
  };
  const schedule = (jobId: string): void => {
    // The order of asynchronous steps is not guaranteed (dataverse.md section 3).
    const delay = options.delayMs + (options.nasty && !exact ? options.random() * 3 * options.delayMs : 0);
    const start = (): void => void runJob(jobId);
    options.later(delay, () => (paused ? waiting.push(start) : start()));
  };
  const enqueue = (job: Job): void => {
    const jobId = randomUUID();
    store.put('asyncoperation', jobId, {
      name: job.request, messagename: job.request, operationtype: 1, retrycount: 0, statecode: 0, statuscode: 0, createdon: wholeSeconds(options.now()), modifiedon: wholeSeconds(options.now()),
      owningextensionid: { table: 'sdkmessageprocessingstep', id: job.step }, data: JSON.stringify(job),
    });
    schedule(jobId);
  };
  return {
    deliveries,
    onDelivery: (listener) => void listeners.push(listener),
    toLose: () => toLose,
    async runSync(happening) {
      const steps = stepsFor(store, happening, 0);
      for (const step of steps) {
        const outcomes = await deliver(write(step, happening), 'sync');
        if (!isAccepted(outcomes.at(-1))) throw endpointUnavailable();
      }
      return steps.length > 0;
    },
    queue(happening) {
      for (const step of stepsFor(store, happening, 1)) {
        if (toLose > 0) {
          toLose -= 1;
          continue;
        }
        const job = write(step, happening);
        enqueue(job);
        if (options.nasty && !exact && options.random() < DOUBLED) enqueue(job);
      }
    },
    resumeAll() {
      for (const row of store.list('asyncoperation')) if (row.cells.statecode === 0) schedule(row.id);
    },
    pause: () => void (paused = true),
    resume() {
      paused = false;
      for (const start of waiting.splice(0)) start();
    },
    loseNext: (count) => void (toLose = count),
    setExact: (value) => void (exact = value),
    async redeliverLast(times) {
      const job = last;
      if (!job) throw new Problem(400, '0x80040203', 'No asynchronous step has run yet, so there is nothing to deliver again.');
      const outcomes: Outcome[] = [];
      for (let time = 0; time < times; time += 1) outcomes.push(...(await deliver(job, 'async')));
      return outcomes;
    },
    close: () => stop.abort(),
  };
}

/** Enabled steps of this message and table, in rank order. */
function stepsFor(store: RowStore, happening: Happening, mode: 0 | 1): readonly Row[] {
  return store
    .list('sdkmessageprocessingstep')
    .filter((step) => step.cells.mode === mode && step.cells.statecode === 0 && messageOf(store, step) === happening.message && isAbout(store, step, happening))
    .sort((one, other) => Number(one.cells.rank) - Number(other.cells.rank));
}

const messageOf = (store: RowStore, step: Row): unknown => store.get('sdkmessage', referenceId(step.cells.sdkmessageid) ?? '')?.cells.name;

function isAbout(store: RowStore, step: Row, happening: Happening): boolean {
  const filter = store.get('sdkmessagefilter', referenceId(step.cells.sdkmessagefilterid) ?? '');
  if (filter && filter.cells.primaryobjecttypecode !== happening.table) return false;
  const attributes = String(step.cells.filteringattributes ?? '').split(',').map((name) => name.trim()).filter((name) => name !== '');
  // A listed attribute fires by being present in the request, changed or not (platform-facts.md section 4).
  return happening.message !== 'Update' || attributes.length === 0 || attributes.some((name) => happening.carried.includes(name));
}

function endpointOf(store: RowStore, stepId: string): Row | undefined {
  const step = store.get('sdkmessageprocessingstep', stepId);
  return step ? store.get('serviceendpoint', referenceId(step.cells.eventhandler) ?? '') : undefined;
}

function readJob(row: Row | undefined): Job | undefined {
  return row?.cells.statecode === 0 && typeof row.cells.data === 'string' ? (JSON.parse(row.cells.data) as Job) : undefined;
}

/** A failed job stays as statuscode 31 and is never run again (dataverse.md section 3). */
function finishJob(store: RowStore, jobId: string, outcomes: readonly Outcome[], now: number): void {
  const row = store.get('asyncoperation', jobId);
  if (!row) return;
  const isDone = isAccepted(outcomes.at(-1));
  const step = store.get('sdkmessageprocessingstep', referenceId(row.cells.owningextensionid) ?? '');
  if (!step || (isDone && step.cells.asyncautodelete === true)) return store.remove(row);
  const message = isDone ? null : `The webhook call failed: ${outcomes.join(', then ')}.`;
  store.put('asyncoperation', jobId, { ...row.cells, data: null, statecode: 3, statuscode: isDone ? 30 : 31, message, completedon: wholeSeconds(now), modifiedon: wholeSeconds(now), retrycount: Math.max(0, outcomes.length - 1) });
}

/** The user sees "Endpoint unavailable" (dataverse.md section 3); which text a caller of the Web API gets is not documented (platform-facts.md section 3), so nobody may read it. */
const endpointUnavailable = (): Problem => new Problem(400, '0x80040265', 'Endpoint unavailable. The service endpoint of a synchronous step could not be reached or refused the call; nothing was saved.');

