// The stand-in for Microsoft Partner Center: Referrals API, webhook registration, signed delivery, and the certificates behind the signature.
//
// Strict where partner-center.md and platform-facts.md 7 speak, refusing where they are silent, and nasty as the real one is: it tidies
// texts, rounds money, answers dealValue as number or text, shows a new referral late in lists, doubles and delays events.
import { openJournal } from '../kit/journal';
import { startStandIn, type StandInServer } from '../kit/standIn';
import { createCallRules, type TokenCheck } from './callRules';
import { DEFAULT_SOLUTIONS, type KnownSolution } from './catalogue';
import { startCertificateServer, type CertificateServer, type Serving } from './certificateServer';
import { controlRoutes } from './controlRoutes';
import type { CreateContext } from './createReferral';
import { createDelivery, createDice, type Delivered, type Delivery, type DeliverySettings, type RaisedEvent } from './delivery';
import { changeToEvent, testEvent } from './events';
import { openPki, type Pki } from './pki';
import { createPortal, type Portal } from './portal';
import { refuseByFault } from './refusal';
import type { Referral } from './referral';
import { isShownAfterPatch } from './referralAnswer';
import { openReferralBook, type ChangeKind, type ReferralBook } from './referralBook';
import { referralRoutes } from './referralRoutes';
import { createRegistrationDesk, type Registration, type RegistrationDesk } from './registration';
import { createKnowledge } from './sentValues';

/** The two audiences stay whatever the addresses are (partner-center.md 1.2, 7 quirk 1). */
export const REFERRALS_AUDIENCE = 'https://api.partner.microsoft.com';
export const WEBHOOKS_AUDIENCE = 'https://api.partnercenter.microsoft.com';

export interface PartnerCenterOptions {
  readonly host?: string;
  /** Ports of the Referrals API, the webhooks host and the certificates; 0 or nothing picks free ones. */
  readonly port?: number;
  readonly webhooksPort?: number;
  readonly certPort?: number;
  readonly entra: TokenCheck;
  /** Journal of referrals, registration and events; the chain is kept beside it (`<dataFile>.pki.json`). In memory when left out. */
  readonly dataFile?: string;
  /** Where the root is written for the door to trust, PEM. */
  readonly rootsFile?: string;
  readonly organizationId: string;
  readonly organizationName: string;
  /** The partner's Entra tenant; users of others get 403. Any when left out. */
  readonly tenantId?: string;
  /** How late a new referral shows in lists: 3000 ms. By its id it is there at once. */
  readonly listDelayMs?: number;
  /** When the server touches a new referral once more (nasty only): 250 ms after its creation. */
  readonly touchAfterMs?: number;
  readonly knownSolutions?: readonly KnownSolution[];
  /** Currencies that are taken; all of ISO 4217 when left out. */
  readonly currencies?: readonly string[];
  readonly delivery?: Partial<DeliverySettings>;
  /** True by default. */
  readonly nasty?: boolean;
  readonly now?: () => number;
}

export type PassedOver = 'never' | 'sometimes' | 'always';

export interface PartnerCenterControl extends Portal {
  referrals(): readonly Referral[];
  referral(id: string): Referral | undefined;
  /** All referrals of one engagement. */
  engagement(engagementId: string): readonly Referral[];
  registration(): Registration | undefined;
  /** Drops the next events that would have been raised. */
  loseNextEvents(count: number): void;
  /** How many of the next events are still to be dropped. */
  eventsToLose(): number;
  /** Told of every change, right after it, and whether somebody in the portal made it. */
  onChange(listener: (referral: Referral, kind: ChangeKind, by: 'portal' | 'api') => void): void;
  /** Told of every try to deliver an event, and of every event that was lost on demand. */
  onDelivered(listener: (delivered: Delivered) => void): void;
  pauseDelivery(): void;
  resumeDelivery(): void;
  retryOffline(): number;
  /** Raises a referral's events again, `times` of each; returns how many. */
  redeliver(referralId: string, times: number, shuffled: boolean): number;
  waitingEvents(): readonly (RaisedEvent & { readonly attempts: number; readonly state: 'waiting' | 'offline' })[];
  deliveries(): readonly Delivered[];
  /** Another organisation from now on, for all own referrals too: a copied or restored environment. */
  setOrganizationId(id: string): void;
  /** How often `Prefer: return=representation` is passed over from now on; sometimes by itself, where the server is nasty. */
  passOverPreference(often: PassedOver): void;
  /** How the signing certificate is served from now on: DER or PEM, alone or with its chain. */
  setCertificateServing(serving: Partial<Serving>): void;
}

export interface PartnerCenter extends PartnerCenterControl {
  /** Address of the Referrals API, of the webhooks host, and of the certificates. */
  readonly url: string;
  readonly webhooksUrl: string;
  readonly certificatesUrl: string;
  /** The root that signing certificates chain to, PEM. */
  readonly rootsPem: string;
  readonly pki: Pki;
  readonly api: StandInServer;
  readonly webhooks: StandInServer;
  readonly certificates: StandInServer;
  /** Requests of the three servers together, by kind. */
  counts(): Record<string, number>;
  resetRequests(): void;
  close(): Promise<void>;
}

/** Starts the three servers. @throws when a port is taken, naming it */
export async function startPartnerCenter(options: PartnerCenterOptions): Promise<PartnerCenter> {
  const { nasty = true, now = Date.now, dataFile } = options;
  const journal = openJournal<unknown>(dataFile);
  const pki = await openPki(dataFile && `${dataFile}.pki.json`, options.rootsFile);
  const certs = await startCertificateServer({ ...hostOf(options), port: options.certPort ?? 0 }, pki);
  const book = openReferralBook({
    journal,
    organizationId: options.organizationId,
    organizationName: options.organizationName,
    listDelayMs: options.listDelayMs ?? 3_000,
    touchAfterMs: nasty ? (options.touchAfterMs ?? 250) : undefined,
    now,
  });
  const context: CreateContext = { book, knowledge: createKnowledge(options.knownSolutions ?? DEFAULT_SOLUTIONS, options.currencies), nasty, now };
  const parts: { control?: PartnerCenterControl; apiUrl: string; webhooksUrl: string; delivery?: Delivery; passedOver: PassedOver } = { passedOver: nasty ? 'sometimes' : 'never', apiUrl: '', webhooksUrl: '' };

  const rules = { entra: options.entra, tenantId: options.tenantId };
  const desk = createRegistrationDesk({
    journal,
    now,
    guard: createCallRules({ ...rules, audience: WEBHOOKS_AUDIENCE, userOnly: false, requestIds: false }),
    partnerId: () => book.organization().id,
    sendTest(correlationId, done) {
      void parts.delivery?.sendOnce(testEvent(correlationId, parts.webhooksUrl, book.stamp())).then((outcome) => done(outcomeToResult(outcome, now())));
    },
  });
  const delivery = createDelivery({ journal, settings: options.delivery ?? {}, nasty, keys: pki.leafKeys, certificateUrl: certs.leafUrl, now, registration: desk.current });
  parts.delivery = delivery;

  const guard = createCallRules({ ...rules, audience: REFERRALS_AUDIENCE, userOnly: true, requestIds: true });
  const api = await startStandIn({ name: 'Partner Center stand-in', ...hostOf(options), port: options.port ?? 0, refuse: refuseByFault }, [
    ...referralRoutes({ ...context, guard, apiUrl: () => parts.apiUrl, honoursPreference: (eTag) => parts.passedOver === 'never' || (parts.passedOver === 'sometimes' && isShownAfterPatch(eTag)) }),
    ...controlRoutes(() => parts.control as PartnerCenterControl),
  ]);
  const webhooks = await startStandIn({ name: 'Partner Center webhooks stand-in', ...hostOf(options), port: options.webhooksPort ?? 0, refuse: refuseByFault }, [...desk.routes, trapRoute]);
  parts.apiUrl = api.url;
  parts.webhooksUrl = webhooks.url;
  book.onChange((referral, kind) => delivery.raise(changeToEvent(referral, kind, parts.webhooksUrl)));
  const sweep = setInterval(book.expire, 1_000).unref();
  const control: PartnerCenterControl = {
    ...createControl(context, desk, delivery, certs, () => parts.webhooksUrl, options.delivery?.seed ?? 1),
    passOverPreference: (often) => void (parts.passedOver = often),
  };
  parts.control = control;

  const servers = [api, webhooks, certs.server];
  return {
    ...control,
    url: api.url,
    webhooksUrl: webhooks.url,
    certificatesUrl: certs.server.url,
    rootsPem: pki.rootsPem,
    pki,
    api,
    webhooks,
    certificates: certs.server,
    counts: () => Object.assign({}, ...servers.map((server) => server.counts())) as Record<string, number>,
    resetRequests: () => servers.forEach((server) => server.resetRequests()),
    async close() {
      clearInterval(sweep);
      delivery.close();
      book.close();
      await Promise.all(servers.map((server) => server.close()));
    },
  };
}

const hostOf = ({ host }: PartnerCenterOptions): { host?: string } => (host === undefined ? {} : { host });

/** Where an event's ResourceUri leads: nobody who does as documented (4.2) ever comes here, so the visit is counted. */
const trapRoute = { method: 'GET', path: /^\/engagements\/v1\/referrals\/[^/]+$/, kind: 'webhook.resourceUri', handle: () => ({ status: 404 }) } as const;

function createControl(context: CreateContext, desk: RegistrationDesk, delivery: Delivery, certs: CertificateServer, webhooksUrl: () => string, seed: number): Omit<PartnerCenterControl, 'passOverPreference'> {
  const { book } = context;
  const dice = createDice(seed + 1);
  const { portal, isActing } = watched(createPortal(context));
  return {
    ...portal,
    referrals: book.all,
    referral: book.get,
    engagement: book.engagement,
    registration: desk.current,
    loseNextEvents: delivery.loseNext,
    eventsToLose: delivery.toLose,
    onChange: (listener) => book.onChange((referral, kind) => listener(referral, kind, isActing() ? 'portal' : 'api')),
    onDelivered: delivery.onDelivered,
    pauseDelivery: delivery.pause,
    resumeDelivery: delivery.resume,
    retryOffline: delivery.retryOffline,
    redeliver(referralId, times, shuffled) {
      const events = eventsAgain(book, referralId, times, webhooksUrl());
      const order = shuffled ? events.map((event) => ({ event, at: dice() })).sort((a, b) => a.at - b.at).map(({ event }) => event) : events;
      order.forEach(delivery.raise);
      return order.length;
    },
    waitingEvents: delivery.waiting,
    deliveries: delivery.history,
    setOrganizationId: book.setOrganizationId,
    setCertificateServing: certs.setServing,
  };
}

/** The portal's moves change the book at once, so whoever hears of a change can ask whether one of them is under way. */
function watched(portal: Portal): { portal: Portal; isActing(): boolean } {
  let acting = 0;
  const wrap = <Move extends (...given: never[]) => unknown>(move: Move): Move =>
    ((...given: never[]) => {
      acting += 1;
      try {
        return move(...given);
      } finally {
        acting -= 1;
      }
    }) as Move;
  return { portal: Object.fromEntries(Object.entries(portal).map(([name, move]) => [name, wrap(move as (...given: never[]) => unknown)])) as unknown as Portal, isActing: () => acting > 0 };
}

function eventsAgain(book: ReferralBook, referralId: string, times: number, webhooksUrl: string): RaisedEvent[] {
  const engagement = book.engagement(book.get(referralId)?.engagementId ?? '');
  const once = engagement.flatMap((referral) => (['created', 'updated'] as const).map((kind) => changeToEvent(referral, kind, webhooksUrl)));
  return Array.from({ length: times }, () => once).flat();
}

/** A test's result as partner-center.md 4.1 shows it. */
function outcomeToResult(outcome: number | string, at: number): { responseCode: string; responseMessage: string; systemError: boolean; dateTimeUtc: string } {
  const ok = typeof outcome === 'number' && outcome >= 200 && outcome < 300;
  return { responseCode: ok ? 'OK' : String(outcome), responseMessage: ok ? '' : `The address answered ${outcome}.`, systemError: typeof outcome === 'string', dateTimeUtc: new Date(at).toISOString() };
}
