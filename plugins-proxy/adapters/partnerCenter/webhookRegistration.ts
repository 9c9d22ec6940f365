// Registering the address that Partner Center rings: one registration a tenant, no way to delete it (partner-center-webhooks).
import { randomUUID } from 'node:crypto';
import type { Json } from '../../../core/index';
import { RemoteFailure } from '../../ports/failure';
import { failureOfAnswer } from './failures';
import { nameOf, type HttpAnswer, type HttpCall } from './httpCall';
import { CONNECTION, DISPLAY_NAME, WEBHOOKS_AUDIENCE, type PartnerCenterOptions } from './options';
import { createPartnerHttp } from './partnerHttp';
import { readProblem } from './problem';
import { at, listAt, rawTextAt } from './wire';

export interface Registration {
  readonly url: string;
  readonly events: readonly string[];
  readonly subscriberId: string | null;
}

export interface TestResult {
  /** As the API words it: `completed` when all deliveries were tried. */
  readonly status: string;
  readonly callbackUrl: string | null;
  readonly results: readonly { readonly responseCode: string | null; readonly responseMessage: string | null; readonly systemError: boolean; readonly on: string | null }[];
}

/** All throw RemoteFailure when the API does not answer with success. */
export interface WebhookRegistration {
  /** Names of the events that may be registered. */
  events(signal?: AbortSignal): Promise<readonly string[]>;
  /** What is registered, or `null`. */
  show(signal?: AbortSignal): Promise<Registration | null>;
  /** Registers, and replaces a registration that exists: look at `show` first. */
  register(wanted: { readonly url: string; readonly events: readonly string[] }, signal?: AbortSignal): Promise<Registration>;
  /** Sends a `test-created` event (which must be registered; two a minute). Returns its correlation id. */
  sendTest(signal?: AbortSignal): Promise<string>;
  /** What became of a test event, `null` when nobody knows it; kept for 7 days. */
  testResult(correlationId: string, signal?: AbortSignal): Promise<TestResult | null>;
  close(): Promise<void>;
}

const REGISTRATION = '/webhooks/v1/registration';
const TESTS = `${REGISTRATION}/validationEvents`;

export function createWebhookRegistration(options: Pick<PartnerCenterOptions, 'webhooksUrl' | 'token' | 'invalidate' | 'timings'>): WebhookRegistration {
  const http = createPartnerHttp(options.webhooksUrl, WEBHOOKS_AUDIENCE, options);

  async function send(call: HttpCall, accepted: readonly number[] = []): Promise<HttpAnswer> {
    const answer = await http.send({ ...call, headers: { 'ms-correlationid': randomUUID(), 'ms-requestid': randomUUID() } });
    if ((answer.status < 200 || answer.status >= 300) && !accepted.includes(answer.status)) throw failureOfAnswer(answer, nameOf(call));
    return answer;
  }

  async function events(signal?: AbortSignal): Promise<readonly string[]> {
    const { body } = await send({ method: 'GET', path: `${REGISTRATION}/events`, signal });
    return textsOf(Array.isArray(body) ? (body as readonly Json[]) : listAt(body, 'items'));
  }

  /** A definite no: nothing tries it again but the admin, who is told what can be registered. */
  async function notTaken(answer: HttpAnswer, signal?: AbortSignal): Promise<RemoteFailure> {
    const why = readProblem(answer.body).message;
    const names = await events(signal).catch(() => []);
    const hint = names.length > 0 ? ` Events that can be registered: ${names.join(', ')}.` : '';
    return new RemoteFailure(`${DISPLAY_NAME} does not take this registration${why ? `: ${why}` : '.'} Correct the address or the events.${hint}`, { connection: CONNECTION, class: 'bug', status: answer.status, surelyNotSent: true });
  }

  return {
    events,
    async show(signal) {
      const answer = await send({ method: 'GET', path: REGISTRATION, signal }, [404]);
      return answer.status === 404 ? null : toRegistration(answer.body);
    },
    async register(wanted, signal) {
      // The second header carries the signature for receivers that cannot use Authorization; both are understood at the door.
      const body = { WebhookUrl: wanted.url, WebhookEvents: [...wanted.events], SignatureTokenToMsSignatureHeader: true };
      const made = await send({ method: 'POST', path: REGISTRATION, body, signal }, [400, 409]);
      const answer = made.status === 409 ? await send({ method: 'PUT', path: REGISTRATION, body, signal }, [400]) : made;
      if (answer.status === 400) throw await notTaken(answer, signal);
      return toRegistration(answer.body) ?? { url: wanted.url, events: wanted.events, subscriberId: null };
    },
    async sendTest(signal) {
      const { body } = await send({ method: 'POST', path: TESTS, signal });
      return rawTextAt(body, 'correlationId') ?? '';
    },
    async testResult(correlationId, signal) {
      const answer = await send({ method: 'GET', path: `${TESTS}/${encodeURIComponent(correlationId)}`, signal }, [404]);
      return answer.status === 404 ? null : toTestResult(answer.body);
    },
    close: () => http.close(),
  };
}

function toRegistration(body: Json | undefined): Registration | null {
  const url = rawTextAt(body, 'WebhookUrl');
  return url === null ? null : { url, events: textsOf(listAt(body, 'WebhookEvents')), subscriberId: rawTextAt(body, 'SubscriberId') };
}

function toTestResult(body: Json | undefined): TestResult {
  const results = listAt(body, 'results').map((each) => ({
    responseCode: rawTextAt(each, 'responseCode'), responseMessage: rawTextAt(each, 'responseMessage'), systemError: at(each, 'systemError') === true, on: rawTextAt(each, 'dateTimeUtc'),
  }));
  return { status: rawTextAt(body, 'status') ?? 'unknown', callbackUrl: rawTextAt(body, 'callbackUrl'), results };
}

const textsOf = (values: readonly Json[]): string[] => values.filter((each): each is string => typeof each === 'string');
