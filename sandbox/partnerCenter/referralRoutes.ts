// The Referrals API's routes (partner-center.md 1.1): create, list, get, patch, and the older put.
import type { Route, StandInAnswer, StandInRequest } from '../kit/standIn';
import type { Handle } from './callRules';
import { asksMicrosoft, createReferral, type CreateContext } from './createReferral';
import { listReferrals } from './listReferrals';
import { patchReferral, putReferral } from './patchReferral';
import { Refusal } from './refusal';
import { MICROSOFT, type Referral } from './referral';
import { isOdd, referralToAnswer } from './referralAnswer';
import { readJson } from './sentValues';

export interface ReferralRoutesOptions extends CreateContext {
  /** Known once the server listens. */
  apiUrl(): string;
  /** Checks the call around the work. */
  readonly guard: (handle: Handle) => Handle;
  /** Whether the answer to a PATCH that made this version shows the referral, when asked to. */
  honoursPreference(eTag: string): boolean;
}

const LIST = /^\/v1\.0\/engagements\/referrals$/;
const ONE = /^\/v1\.0\/engagements\/referrals\/(?<id>[^/]+)$/;
const ENTITY = '/v1.0/engagements/referrals/$metadata#Referrals/$entity';

export function referralRoutes(options: ReferralRoutesOptions): Route[] {
  const { book, nasty } = options;
  const show = (referral: Referral): Record<string, unknown> => referralToAnswer(referral, options.apiUrl(), nasty);
  const entity = (referral: Referral): StandInAnswer => ({ status: 200, headers: { etag: referral.eTag }, body: { '@odata.context': options.apiUrl() + ENTITY, ...show(referral) } });
  const route = (method: Route['method'], path: RegExp, kind: Route['kind'], handle: Handle): Route => ({ method, path, kind, handle: options.guard((request) => (book.expire(), handle(request))) });
  return [
    // The same request-id twice makes two referrals: nothing documents that it does not.
    route('POST', LIST, kindOfPost, (request) => created(entity(createReferral(readJson(request), options)), nasty)),
    route('GET', LIST, 'referral.list', (request) => ({ status: 200, body: listReferrals(request.url.searchParams, { book, apiUrl: options.apiUrl(), show }) })),
    // By its id a referral is there at once, also while lists do not show it yet.
    route('GET', ONE, 'referral.get', (request) => entity(find(options, request))),
    route('PATCH', ONE, 'referral.patch', (request) => {
      const referral = findOwn(options, request);
      checkIfMatch(request, referral, false);
      const patched = patchReferral(referral, readJson(request), options);
      return preferred(request, entity(patched), options.honoursPreference(patched.eTag));
    }),
    route('PUT', ONE, 'referral.put', (request) => {
      const referral = findOwn(options, request);
      checkIfMatch(request, referral, true);
      return entity(putReferral(referral, readJson(request), options));
    }),
    // No delete, nor anything else, is documented (1.1).
    ...(['DELETE', 'PUT', 'PATCH'] as const).map((method) => route(method, LIST, 'referral.other', refuseMethod)),
    ...(['DELETE', 'POST'] as const).map((method) => route(method, ONE, 'referral.other', refuseMethod)),
  ];
}

/** 200 by Microsoft's own definition, 201 in a table (1.1). */
const created = (answer: StandInAnswer, nasty: boolean): StandInAnswer => (nasty && isOdd(answer.headers?.etag ?? '') ? { ...answer, status: 201 } : answer);

function kindOfPost(request: StandInRequest): string {
  try {
    return asksMicrosoft(JSON.parse(request.body.toString('utf8'))) ? 'referral.createMicrosoft' : 'referral.create';
  } catch {
    return 'referral.create';
  }
}

function find({ book }: ReferralRoutesOptions, request: StandInRequest): Referral {
  const referral = book.get(request.params.id ?? '');
  if (!referral) throw new Refusal(404, 'itemNotFound', `There is no referral ${request.params.id}.`, 'referral', 'itemNotFound');
  return referral;
}

/** Microsoft's referral is to be read, not to be changed. */
function findOwn(options: ReferralRoutesOptions, request: StandInRequest): Referral {
  const referral = find(options, request);
  if (referral.organizationId === MICROSOFT) throw new Refusal(403, 'accessDenied', 'The referral belongs to another organisation.', 'referral', 'notYours');
  return referral;
}

/** Needed with PUT; with PATCH its absence means that nothing is checked (1.3). What PUT says without it is not documented: 412. */
function checkIfMatch(request: StandInRequest, referral: Referral, needed: boolean): void {
  const expected = request.headers['if-match'];
  if (expected === undefined && !needed) return;
  if (expected === undefined) throw new Refusal(412, 'preconditionFailed', 'The header If-Match is required.', 'If-Match', 'preconditionFailed');
  if (expected !== referral.eTag) throw new Refusal(412, 'preconditionFailed', 'The referral has changed since it was read.', 'If-Match', 'resourceModified');
}

/** 204 unless the caller prefers to see the referral (2.10). A preference may be passed over (RFC 7240, 2), and Microsoft's own definition of PATCH knows 204 alone (platform-facts.md 7.1). */
function preferred(request: StandInRequest, answer: StandInAnswer, honoured: boolean): StandInAnswer {
  if (honoured && /\breturn=representation\b/i.test(request.headers.prefer ?? '')) return answer;
  return { status: 204, headers: { ...answer.headers } };
}

const refuseMethod: Handle = (request) => {
  throw new Refusal(405, 'invalidRequest', `${request.method} is not allowed here.`, 'referral', 'methodNotAllowed');
};
