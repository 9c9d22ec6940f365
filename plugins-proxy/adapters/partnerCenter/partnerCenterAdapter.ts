// The Partner Center end of the trip: reads, writes and lists referrals in the terms of the port.
import type { Json, PartnerSnapshot } from '../../../core/index';
import type { PartnerChange, PartnerCreated, PartnerPort, PartnerRead, PartnerWritten } from '../../ports/partner';
import { RemoteFailure } from '../../ports/failure';
import { failureOfAnswer, failureOfContent, withSurelyNotSent } from './failures';
import { nameOf, type HttpAnswer, type HttpCall } from './httpCall';
import { microsoftBody, ownBody } from './newReferral';
import { CONNECTION, DISPLAY_NAME, MICROSOFT, REFERRALS_AUDIENCE, type PartnerCenterOptions } from './options';
import { createPartnerHttp } from './partnerHttp';
import { readProblem } from './problem';
import { createListMemory, type StandingLists } from './listMemory';
import { listEngagement, listPage, REFERRALS } from './referralLists';
import { patchAsReferral, planPatch } from './referralPatch';
import { listsOf, toPartnerSnapshot } from './referralSnapshot';
import { refusalReasons, refusedField, type Sent } from './refusal';

export interface PartnerCenterAdapter extends PartnerPort {
  /** Ends the kept connections. */
  close(): Promise<void>;
}

const withRepresentation = { prefer: 'return=representation' };

export function createPartnerCenterAdapter(options: PartnerCenterOptions): PartnerCenterAdapter {
  const { timeZone } = options;
  const http = createPartnerHttp(options.url, REFERRALS_AUDIENCE, options);
  const lists = createListMemory();

  async function read(id: string, signal?: AbortSignal): Promise<PartnerRead> {
    const call: HttpCall = { method: 'GET', path: pathOf(id), signal };
    const answer = await http.send(call);
    if (answer.status === 404 || answer.status === 410) return { type: 'gone' };
    if (answer.status !== 200) throw failureOfAnswer(answer, nameOf(call));
    const snapshot = snapshotOf(answer);
    if (!snapshot) throw failureOfContent('something that is not a referral', nameOf(call), answer.status);
    return { type: 'found', snapshot };
  }

  async function write(id: string, change: PartnerChange, version: string, signal?: AbortSignal): Promise<PartnerWritten> {
    const standing = replacesList(change) ? await standingLists(id, version, signal) : none;
    if (standing.type !== 'standing') return standing;
    const operations = planPatch(change, standing.lists, timeZone);
    if (operations.length === 0) return readAfter(await read(id, signal), version);
    const call: HttpCall = { method: 'PATCH', path: pathOf(id), headers: { ...withRepresentation, 'if-match': version }, body: operations, signal };
    return judgeWritten(id, call, await http.send(call), { referral: patchAsReferral(operations), operations, timeZone });
  }

  /** What stays keeps what we do not know of it: the whole array is replaced, so the array as it stands must be known. */
  async function standingLists(id: string, version: string, signal?: AbortSignal): Promise<Standing | { readonly type: 'gone' | 'stale' }> {
    if (!lists.recall(id, version)) {
      const current = await read(id, signal);
      if (current.type === 'gone') return current;
      if (current.snapshot.version !== version) return { type: 'stale' };
    }
    return { type: 'standing', lists: lists.recall(id, version) ?? none.lists };
  }

  async function judgeWritten(id: string, call: HttpCall, answer: HttpAnswer, sent: Sent): Promise<PartnerWritten> {
    const code = readProblem(answer.body).code;
    if (answer.status === 412 || code === 'preconditionfailed' || code === 'resourcemodified') return { type: 'stale' };
    if (isGone(answer, sent)) return { type: 'gone' };
    if ([400, 404, 413, 415, 422].includes(answer.status)) return { type: 'refused', reasons: refusalReasons(answer, sent) };
    if (answer.status !== 200 && answer.status !== 204) throw failureOfAnswer(answer, nameOf(call));
    const snapshot = snapshotOf(answer);
    // Without `Prefer`, or where it is not honoured, the answer is 204 (patch-a-referral).
    return snapshot ? { type: 'written', snapshot } : readAfter(await afterEffect(() => read(id, call.signal)), answer.header('etag'));
  }

  async function create(body: Json, requestId: string, signal?: AbortSignal): Promise<PartnerCreated> {
    const call: HttpCall = { method: 'POST', path: REFERRALS, headers: { ...withRepresentation, 'request-id': requestId }, body, signal };
    const answer = await http.send(call);
    if ([400, 403, 404, 413, 415, 422].includes(answer.status)) return { type: 'refused', reasons: refusalReasons(answer, { referral: body, timeZone }) };
    if (answer.status < 200 || answer.status >= 300) throw failureOfAnswer(answer, nameOf(call));
    return { type: 'created', snapshot: snapshotOf(answer) ?? (await readCreated(answer, call)) };
  }

  /** A create that was answered without the referral: read by the address it was given. */
  async function readCreated(answer: HttpAnswer, call: HttpCall): Promise<PartnerSnapshot> {
    const id = idAtEnd(answer.header('location'));
    const found = id === undefined ? undefined : await afterEffect(() => read(id, call.signal));
    if (found?.type !== 'found') throw failureOfContent('something that is not a referral', nameOf(call), answer.status);
    return found.snapshot;
  }

  function snapshotOf(answer: HttpAnswer): PartnerSnapshot | undefined {
    const snapshot = toPartnerSnapshot(answer.body, answer.header('etag'), timeZone, answer.serverNow);
    if (snapshot) lists.remember(snapshot.id, snapshot.version, listsOf(answer.body));
    return snapshot;
  }

  return {
    connection: CONNECTION,
    displayName: DISPLAY_NAME,
    microsoftOrganizationId: MICROSOFT,
    signIn: async () => void (await http.signIn()),
    read,
    write,
    create,
    ownBody: (values) => ownBody(values, timeZone),
    microsoftBody: (values, engagementId) => microsoftBody(values, engagementId, timeZone),
    listNewest: (next, signal) => listPage(http, { $orderby: 'createdDateTime desc' }, next, signal),
    listOldest: (next, signal) => listPage(http, { $orderby: 'createdDateTime' }, next, signal),
    listUpdated: (next, signal) => listPage(http, { $orderby: 'updatedDateTime desc' }, next, signal),
    listEngagement: (engagementId, signal) => listEngagement(http, engagementId, signal),
    linkTo: (referralId, engagementId) => options.linkTemplate.replaceAll('{referralId}', encodeURIComponent(referralId)).replaceAll('{engagementId}', encodeURIComponent(engagementId)),
    close: () => http.close(),
  };
}

interface Standing {
  readonly type: 'standing';
  readonly lists: StandingLists;
}
const none: Standing = { type: 'standing', lists: { solutions: [], contacts: [], team: [] } };

const replacesList = ({ values }: PartnerChange): boolean => values.solutions !== undefined || values['customer.contact'] !== undefined || values.team !== undefined;

const pathOf = (id: string): string => `${REFERRALS}/${encodeURIComponent(id)}`;

/** What a read shows under the very version that the write made is what the write left. */
function readAfter(found: PartnerRead, version: string | undefined): PartnerWritten {
  if (found.type === 'gone') return found;
  const { snapshot } = found;
  return snapshot.version === version ? { type: 'written', snapshot } : { type: 'written', snapshot, readAfter: true };
}

/** The referral is gone; a 404 that points at a value is about that value. */
const isGone = (answer: HttpAnswer, sent: Sent): boolean => answer.status === 410 || (answer.status === 404 && refusedField(answer, sent) === undefined);

/** A read after something had its effect: whatever goes wrong now, that effect stays. */
async function afterEffect<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw error instanceof RemoteFailure ? withSurelyNotSent(error, false) : error;
  }
}

const idAtEnd = (location: string | undefined): string | undefined => /([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})['")/]*$/i.exec(location ?? '')?.[1];
