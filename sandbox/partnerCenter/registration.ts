// The webhook registration API (partner-center.md 4.1): one registration per tenant, POST once, PUT afterwards, no DELETE.
import { randomUUID } from 'node:crypto';
import type { Journal } from '../kit/journal';
import type { Route, StandInAnswer, StandInRequest } from '../kit/standIn';
import type { Handle } from './callRules';
import { Refusal, refuseTooMany } from './refusal';
import { asArray, asBoolean, asObject, asText, readJson } from './sentValues';

export interface Registration {
  readonly subscriberId: string;
  readonly webhookUrl: string;
  readonly webhookEvents: readonly string[];
  /** Whether the signature travels in `x-ms-signature` instead of `Authorization`. */
  readonly signatureTokenToMsSignatureHeader: boolean;
  readonly lastModifiedTimestamp: string;
}

export interface TestResult {
  readonly correlationId: string;
  readonly status: 'pending' | 'completed';
  readonly callbackUrl: string;
  readonly at: number;
  readonly results: readonly { responseCode: string; responseMessage: string; systemError: boolean; dateTimeUtc: string }[];
}

export interface RegistrationDesk {
  current(): Registration | undefined;
  routes: readonly Route[];
}

export interface RegistrationOptions {
  readonly journal: Journal<unknown>;
  readonly guard: (handle: Handle) => Handle;
  readonly now: () => number;
  partnerId(): string;
  /** Sends `test-created` to the registered address; the outcome is told later. */
  sendTest(correlationId: string, done: (result: TestResult['results'][number]) => void): void;
}

/** The four of partner-center.md 4.2, and the test. */
export const EVENT_NAMES: readonly string[] = ['referral-created', 'referral-updated', 'related-referral-created', 'related-referral-updated', 'test-created'];

const ROW = 'registration';
const SEVEN_DAYS = 7 * 86_400_000;
const TESTS_A_MINUTE = 2;

export function createRegistrationDesk(options: RegistrationOptions): RegistrationDesk {
  const { journal, now } = options;
  const tests = new Map<string, TestResult>();
  const current = (): Registration | undefined => journal.rows.get(ROW) as Registration | undefined;
  const store = (request: StandInRequest, subscriberId: string): StandInAnswer => {
    const registration = readRegistration(request, subscriberId, now());
    journal.put(ROW, registration);
    return { status: 200, body: registrationToAnswer(registration) };
  };
  const needed = (): Registration => {
    const registration = current();
    if (!registration) throw new Refusal(404, 'itemNotFound', 'Nothing is registered. Use POST.', 'registration', 'itemNotFound');
    return registration;
  };
  const startTest = (): StandInAnswer => {
    const registration = needed();
    if (!registration.webhookEvents.includes('test-created')) throw new Refusal(400, 'invalidRequest', 'Register for test-created first.', 'WebhookEvents');
    const recent = [...tests.values()].filter((test) => test.at > now() - 60_000);
    if (recent.length >= TESTS_A_MINUTE) return refuseTooMany(Math.max(1, Math.ceil(((recent[0]?.at ?? 0) + 60_000 - now()) / 1_000)));
    const correlationId = randomUUID();
    tests.set(correlationId, { correlationId, status: 'pending', callbackUrl: registration.webhookUrl, at: now(), results: [] });
    options.sendTest(correlationId, (result) => tests.set(correlationId, { ...(tests.get(correlationId) as TestResult), status: 'completed', results: [result] }));
    return { status: 200, body: { correlationId } };
  };
  const showTest = (request: StandInRequest): StandInAnswer => {
    const test = tests.get(request.params.id ?? '');
    if (!test || test.at < now() - SEVEN_DAYS) throw new Refusal(404, 'itemNotFound', `There is no test ${request.params.id}.`, 'correlationId', 'itemNotFound');
    const { at: _at, ...shown } = test;
    return { status: 200, body: { ...shown, partnerId: options.partnerId() } };
  };
  const route = (method: Route['method'], path: string, kind: string, handle: Handle): Route => ({ method, path: new RegExp(`^/webhooks/v1/registration${path}$`), kind, handle: options.guard(handle) });
  return {
    current,
    routes: [
      route('GET', '/events', 'webhook.events', () => ({ status: 200, body: EVENT_NAMES })),
      route('GET', '', 'webhook.get', () => ({ status: 200, body: registrationToAnswer(needed()) })),
      route('POST', '', 'webhook.post', (request) => {
        if (current()) throw new Refusal(409, 'invalidRequest', 'A registration exists. Use PUT.', 'registration', 'alreadyExists');
        return store(request, randomUUID());
      }),
      route('PUT', '', 'webhook.put', (request) => store(request, needed().subscriberId)),
      route('DELETE', '', 'webhook.other', () => {
        throw new Refusal(405, 'invalidRequest', 'A registration cannot be deleted.', 'registration', 'methodNotAllowed');
      }),
      route('POST', '/validationEvents', 'webhook.test', startTest),
      route('GET', '/validationEvents/(?<id>[^/]+)', 'webhook.testResult', showTest),
    ],
  };
}

/** PascalCase in the prose, camelCase in the swagger, the boolean a text in the connector (4.1): all are read. */
function readRegistration(request: StandInRequest, subscriberId: string, at: number): Registration {
  const sent = new Map(Object.entries(asObject(readJson(request), 'registration')).map(([name, value]) => [name.toLowerCase(), value]));
  const unknown = [...sent.keys()].find((name) => !['webhookurl', 'webhookevents', 'signaturetokentomssignatureheader', 'subscriberid', 'properties', 'lastmodifiedtimestamp'].includes(name));
  if (unknown) throw new Refusal(400, 'invalidRequest', `${unknown} is not a member of a registration.`, unknown);
  const webhookUrl = asText(sent.get('webhookurl'), 'WebhookUrl');
  if (!isReachable(webhookUrl)) throw new Refusal(400, 'invalidRequest', 'WebhookUrl must be an https address.', 'WebhookUrl');
  const webhookEvents = asArray(sent.get('webhookevents'), 'WebhookEvents').map((name, index) => asText(name, `WebhookEvents/${index}`));
  const strange = webhookEvents.find((name) => !EVENT_NAMES.includes(name));
  if (webhookEvents.length === 0 || strange !== undefined) throw new Refusal(400, 'invalidRequest', `${strange ?? 'Nothing'} is not an event to register for.`, 'WebhookEvents');
  const header = sent.get('signaturetokentomssignatureheader');
  const text = typeof header === 'string' ? header.toLowerCase() : header;
  return { subscriberId, webhookUrl, webhookEvents, signatureTokenToMsSignatureHeader: text === undefined || text === null ? false : asBoolean(text, 'SignatureTokenToMsSignatureHeader'), lastModifiedTimestamp: new Date(at).toISOString() };
}

/** https as the documents show; plain http only to this machine, where the stand-in lives. */
function isReachable(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  return protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
}

const registrationToAnswer = (registration: Registration): Record<string, unknown> => ({
  SubscriberId: registration.subscriberId,
  WebhookUrl: registration.webhookUrl,
  WebhookEvents: registration.webhookEvents,
  SignatureTokenToMsSignatureHeader: registration.signatureTokenToMsSignatureHeader,
  lastModifiedTimestamp: registration.lastModifiedTimestamp,
});
