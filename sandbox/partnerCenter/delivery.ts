// Sends events to the registered address, signed, often enough to annoy: doubled, late, again after a refusal (partner-center.md 4.2 to 4.4).
//
// An event is waiting from the moment it is raised. It leaves when it is delivered (2xx) or lost on demand; after its tenth failed
// try it goes offline and stays there. While delivery is paused nothing is tried and everything keeps waiting.
import { randomUUID } from 'node:crypto';
import type { Journal } from '../kit/journal';
import { signBody, type Keys } from './certificates';
import type { Registration } from './registration';

export interface DeliverySettings {
  /** Wait before the second try; doubles each time. Back-off is not documented. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** 10 in the documents. */
  readonly attempts: number;
  readonly timeoutMs: number;
  /** Share of events that come twice, and that come late, 0 to 1. */
  readonly doubled: number;
  readonly late: number;
  readonly lateMs: number;
  readonly seed: number;
}

export interface DeliveryOptions {
  readonly journal: Journal<unknown>;
  readonly settings: Partial<DeliverySettings>;
  readonly nasty: boolean;
  readonly keys: Keys;
  readonly certificateUrl: string;
  readonly now: () => number;
  registration(): Registration | undefined;
}

export interface RaisedEvent {
  readonly eventName: string;
  readonly referralId: string;
  /** The raw body that is signed and sent. */
  readonly body: string;
}

interface WaitingEvent extends RaisedEvent {
  readonly id: string;
  readonly attempts: number;
  readonly state: 'waiting' | 'offline';
}

export interface Delivered {
  readonly eventName: string;
  readonly referralId: string;
  readonly attempt: number;
  /** Status code, or what went wrong; `lost` when it was lost on demand, which no history keeps. */
  readonly outcome: number | string;
  readonly at: number;
}

export interface Delivery {
  raise(event: RaisedEvent): void;
  /** Sends one event once, outside the queue, and tells how it went. */
  sendOnce(event: RaisedEvent): Promise<number | string>;
  loseNext(count: number): void;
  /** How many of the next events are still to be lost. */
  toLose(): number;
  /** Told of every try, and of every event that was lost on demand. */
  onDelivered(listener: (delivered: Delivered) => void): void;
  pause(): void;
  resume(): void;
  /** Gives offline events their ten tries again; returns how many. */
  retryOffline(): number;
  waiting(): readonly WaitingEvent[];
  history(): readonly Delivered[];
  close(): void;
}

const PREFIX = 'event:';
const REMEMBERED = 20_000;
const DEFAULTS: DeliverySettings = { firstRetryMs: 1_000, maxRetryMs: 60_000, attempts: 10, timeoutMs: 10_000, doubled: 0.25, late: 0.25, lateMs: 400, seed: 1 };

export function createDelivery(options: DeliveryOptions): Delivery {
  const settings = { ...DEFAULTS, ...(options.nasty ? {} : { doubled: 0, late: 0 }), ...options.settings };
  const { journal } = options;
  const dice = createDice(settings.seed);
  const timers = new Map<string, NodeJS.Timeout>();
  const history: Delivered[] = [];
  const listeners: ((delivered: Delivered) => void)[] = [];
  const abort = new AbortController();
  let lose = 0;
  let paused = false;

  const tell = (delivered: Delivered): void => listeners.forEach((listener) => listener(delivered));
  const waiting = (): WaitingEvent[] => [...journal.rows].filter(([id]) => id.startsWith(PREFIX)).map(([, row]) => row as WaitingEvent);
  const schedule = (event: WaitingEvent, ms: number): void => {
    if (paused || abort.signal.aborted) return;
    timers.set(event.id, setTimeout(() => void attempt(event), ms).unref());
  };
  const attempt = async (event: WaitingEvent): Promise<void> => {
    timers.delete(event.id);
    const outcome = await send(event, event.attempts + 1);
    if (abort.signal.aborted) return;
    if (typeof outcome === 'number' && outcome >= 200 && outcome < 300) return journal.remove(PREFIX + event.id);
    const attempts = event.attempts + 1;
    const next: WaitingEvent = { ...event, attempts, state: attempts >= settings.attempts ? 'offline' : 'waiting' };
    journal.put(PREFIX + event.id, next);
    if (next.state === 'waiting') schedule(next, Math.min(settings.firstRetryMs * 2 ** (attempts - 1), settings.maxRetryMs));
  };
  const send = async (event: RaisedEvent, number: number): Promise<number | string> => {
    const registration = options.registration();
    const outcome = registration ? await post(registration, event.body, options, AbortSignal.any([abort.signal, AbortSignal.timeout(settings.timeoutMs)])) : 'nothing is registered';
    const delivered: Delivered = { eventName: event.eventName, referralId: event.referralId, attempt: number, outcome, at: options.now() };
    history.push(delivered);
    if (history.length > REMEMBERED) history.shift();
    tell(delivered);
    return outcome;
  };
  const enqueue = (event: RaisedEvent, ms: number): void => {
    const row: WaitingEvent = { ...event, id: randomUUID(), attempts: 0, state: 'waiting' };
    journal.put(PREFIX + row.id, row);
    schedule(row, ms);
  };
  const wake = (): void => waiting().forEach((event) => event.state === 'waiting' && !timers.has(event.id) && schedule(event, 0));

  wake();
  return {
    raise(event) {
      if (!options.registration()?.webhookEvents.includes(event.eventName)) return;
      if (lose > 0) {
        lose -= 1;
        return tell({ eventName: event.eventName, referralId: event.referralId, attempt: 0, outcome: 'lost', at: options.now() });
      }
      // Late ones arrive behind events that were raised after them: ordering is not promised (4.4).
      enqueue(event, dice() < settings.late ? 1 + dice() * settings.lateMs : 0);
      // Several deliveries for one change are documented (TS23, 4.4).
      if (dice() < settings.doubled) enqueue(event, dice() * settings.lateMs);
    },
    sendOnce: (event) => send(event, 1),
    loseNext: (count) => void (lose = count),
    toLose: () => lose,
    onDelivered: (listener) => void listeners.push(listener),
    pause() {
      paused = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
    },
    resume() {
      paused = false;
      wake();
    },
    retryOffline() {
      const offline = waiting().filter((event) => event.state === 'offline');
      for (const event of offline) journal.put(PREFIX + event.id, { ...event, attempts: 0, state: 'waiting' });
      wake();
      return offline.length;
    },
    waiting,
    history: () => history,
    close() {
      abort.abort();
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

/** Signs the raw body and posts it. The signature goes where the registration wants it (4.1, 4.3). */
async function post(registration: Registration, body: string, options: DeliveryOptions, signal: AbortSignal): Promise<number | string> {
  const header = registration.signatureTokenToMsSignatureHeader ? 'x-ms-signature' : 'authorization';
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    [header]: `Signature ${signBody(options.keys, body)}`,
    'x-ms-certificate-url': options.certificateUrl,
    'x-ms-signature-algorithm': 'rsa-sha256',
  };
  try {
    const answer = await fetch(registration.webhookUrl, { method: 'POST', headers, body, redirect: 'manual', signal });
    await answer.arrayBuffer();
    return answer.status;
  } catch (error) {
    return error instanceof Error ? error.name : 'failed';
  }
}

/** The same dice for the same seed, so that a run that failed can be repeated. */
export function createDice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
