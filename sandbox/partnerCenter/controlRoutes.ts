// The stand-in's own levers over HTTP, for the demo portal and for scripts; the same as the methods of the returned object.
import type { Route, StandInRequest } from '../kit/standIn';
import { answerOrRefuse } from './callRules';
import type { PartnerCenterControl, PassedOver } from './partnerCenter';
import type { DealEdit, DealInput } from './portal';
import { Refusal } from './refusal';
import type { Referral } from './referral';

type Body = Readonly<Record<string, unknown>>;
type Act = (id: string, body: Body) => unknown;

/** @param control looked up at each call, because the servers start before it is whole */
export function controlRoutes(control: () => PartnerCenterControl): Route[] {
  const reasonOf = (body: Body): string | undefined => (typeof body.reason === 'string' ? body.reason : undefined);
  const count = (body: Body, fallback: number): number => (typeof body.count === 'number' ? body.count : fallback);
  const moves: Record<string, Act> = {
    edit: (id, body) => control().edit(id, body as DealEdit),
    accept: (id) => control().accept(id),
    decline: (id, body) => control().decline(id, reasonOf(body)),
    win: (id) => control().win(id),
    lose: (id, body) => control().lose(id, reasonOf(body)),
    error: (id, body) => control().markAsError(id, reasonOf(body)),
    expire: (id) => control().expire(id),
    'microsoft-accepts': (id) => control().microsoftAccepts(id),
    'microsoft-declines': (id, body) => control().microsoftDeclines(id, reasonOf(body)),
    'microsoft-wins': (id) => control().microsoftWins(id),
    redeliver: (id, body) => ({ events: control().redeliver(id, count(body, 1), body.shuffled === true) }),
  };
  const levers: Record<string, Act> = {
    deals: (_, body) => control().createDeal(body as DealInput),
    'delivery/lose-next': (_, body) => done(control().loseNextEvents(count(body, 1))),
    'delivery/pause': () => done(control().pauseDelivery()),
    'delivery/resume': () => done(control().resumeDelivery()),
    'delivery/retry-offline': () => ({ events: control().retryOffline() }),
    organization: (_, body) => done(control().setOrganizationId(String(body.organizationId))),
    seed: (_, body) => ({ seeded: control().seedReferrals(count(body, 100)).length }),
    'pass-over-preference': (_, body) => done(control().passOverPreference(body.often as PassedOver)),
    certificate: (_, body) => done(control().setCertificateServing(body)),
  };
  return [
    post('/referrals/(?<id>[^/]+)/(?<move>[^/]+)', (request) => moves[request.params.move ?? '']),
    post('/(?<move>deals|delivery/[^/]+|organization|seed|pass-over-preference|certificate)', (request) => levers[request.params.move ?? '']),
    get('/referrals', () => ({ referrals: control().referrals() })),
    get('/referrals/(?<id>[^/]+)', (request) => control().referral(request.params.id ?? '') ?? gone(request)),
    get('/registration', () => control().registration() ?? null),
    get('/events', () => ({ waiting: control().waitingEvents(), delivered: control().deliveries() })),
  ];
}

const done = (_: void): { done: true } => ({ done: true });

function gone(request: StandInRequest): Referral {
  throw new Refusal(404, 'itemNotFound', `There is no ${request.url.pathname}.`);
}

function post(path: string, find: (request: StandInRequest) => Act | undefined): Route {
  return {
    method: 'POST',
    path: new RegExp(`^/__sandbox${path}$`),
    kind: '',
    control: true,
    handle: (request) =>
      answerOrRefuse(request, () => {
        const act = find(request) ?? gone(request);
        const body = request.body.length === 0 ? {} : (JSON.parse(request.body.toString('utf8')) as Body);
        return { status: 200, body: (act as Act)(request.params.id ?? '', body) };
      }),
  };
}

const get = (path: string, show: (request: StandInRequest) => unknown): Route => ({
  method: 'GET',
  path: new RegExp(`^/__sandbox${path}$`),
  kind: '',
  control: true,
  handle: (request) => answerOrRefuse(request, () => ({ status: 200, body: show(request) })),
});
