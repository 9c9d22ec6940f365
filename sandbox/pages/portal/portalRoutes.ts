// The portal page's desk: what it shows and what people may do there, on the Partner Center stand-in's own rules.
import type { KnownSolution } from '../../partnerCenter/catalogue';
import type { PartnerCenter } from '../../partnerCenter/partnerCenter';
import type { DealEdit, DealInput } from '../../partnerCenter/portal';
import { MICROSOFT, type Referral } from '../../partnerCenter/referral';
import { Refusal } from '../../partnerCenter/refusal';
import { changedFields } from '../feed/watchPartnerCenter';
import { openChannel, type Channel } from '../server/live';
import { PageProblem, type PageAnswer, type PageRequest, type PageRoute } from '../server/pageServer';
import { viewDeal, type DealView } from './dealView';

export interface PortalState {
  readonly organization: string;
  readonly solutions: readonly KnownSolution[];
  /** Newest change first. */
  readonly deals: readonly DealView[];
}

/** How long a changed value is called new, milliseconds. */
const FRESH_MS = 10_000;

export function openPortal(partnerCenter: PartnerCenter, solutions: readonly KnownSolution[], organization: string): { routes: readonly PageRoute[]; close(): void } {
  const fresh = rememberFresh(partnerCenter);
  const show = (): PortalState => ({
    organization, solutions,
    deals: partnerCenter
      .referrals()
      .filter(({ organizationId }) => organizationId !== MICROSOFT)
      .map((own) => viewDeal(own, { engagement: partnerCenter.engagement, solutions, fresh }))
      .sort((one, other) => (one.updated < other.updated ? 1 : -1)),
  });
  const channel: Channel = openChannel({ path: /^\/partner-center\/live$/, show });
  partnerCenter.onChange(channel.touch);
  const moves = dealMoves(partnerCenter);
  const routes: PageRoute[] = [
    channel.route,
    { method: 'POST', path: /^\/partner-center\/deals$/, handle: (request) => carryOut(request, (body) => partnerCenter.createDeal(body as DealInput)) },
    {
      method: 'POST', path: /^\/partner-center\/deals\/(?<id>[^/]+)\/(?<move>[\w-]+)$/,
      handle: (request) => carryOut(request, (body) => (moves[request.params.move ?? ''] ?? noSuchMove)(request.params.id ?? '', body)),
    },
  ];
  return { routes, close: channel.close };
}

type Body = Readonly<Record<string, unknown>>;

function dealMoves(partnerCenter: PartnerCenter): Readonly<Record<string, (id: string, body: Body) => Referral>> {
  const reason = ({ reason: given }: Body): string | undefined => (typeof given === 'string' && given !== '' ? given : undefined);
  return {
    edit: (id, body) => partnerCenter.edit(id, body as DealEdit),
    accept: (id) => partnerCenter.accept(id),
    decline: (id, body) => partnerCenter.decline(id, reason(body)),
    win: (id) => partnerCenter.win(id),
    lose: (id, body) => partnerCenter.lose(id, reason(body)),
    'microsoft-accepts': (id) => partnerCenter.microsoftAccepts(id),
    'microsoft-declines': (id, body) => partnerCenter.microsoftDeclines(id, reason(body)),
    'microsoft-wins': (id) => partnerCenter.microsoftWins(id),
  };
}

const noSuchMove = (): never => {
  throw new PageProblem(404, 'Nothing of that name can be done with a deal.');
};

/** What Partner Center refuses is shown as it would say it. */
async function carryOut(request: PageRequest, deed: (body: Body) => Referral): Promise<PageAnswer> {
  const text = (await request.body()).toString('utf8');
  try {
    return { body: { id: deed(text === '' ? {} : (JSON.parse(text) as Body)).id } };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: { error: { message: error.message, target: error.target } } };
    if (error instanceof SyntaxError) throw new PageProblem(400, 'The body is not JSON.');
    throw error;
  }
}

function rememberFresh(partnerCenter: PartnerCenter): (referralId: string) => Readonly<Record<string, number>> {
  const before = new Map(partnerCenter.referrals().map((referral) => [referral.id, referral]));
  const changes = new Map<string, Record<string, number>>();
  partnerCenter.onChange((referral, kind) => {
    const old = before.get(referral.id);
    before.set(referral.id, referral);
    if (kind === 'created' || !old) return;
    const isMoved = old.status !== referral.status || old.substatus !== referral.substatus;
    const names = [...changedFields(old, referral), ...(isMoved ? ['status'] : [])];
    changes.set(referral.id, { ...changes.get(referral.id), ...Object.fromEntries(names.map((name) => [name, Date.now()])) });
  });
  return (id) => Object.fromEntries(Object.entries(changes.get(id) ?? {}).filter(([, at]) => Date.now() - at < FRESH_MS));
}
