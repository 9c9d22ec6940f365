// What every call must carry before it is looked at, and what every answer carries (partner-center.md 1.1, 1.2).
import { randomUUID } from 'node:crypto';
import type { StandInAnswer, StandInRequest } from '../kit/standIn';
import { Refusal, refusalToAnswer } from './refusal';

/** Who a token belongs to, as the Entra stand-in tells. */
export interface TokenCheck {
  check(token: string, audience: string): { readonly tenantId: string; readonly clientId: string; readonly kind: 'app' | 'user' } | undefined;
}

export interface CallRulesOptions {
  readonly entra: TokenCheck;
  readonly audience: string;
  /** Whether an app without a user is refused: for referrals (1.2), not for the registration (4.1). */
  readonly userOnly: boolean;
  /** Whether `client-request-id` is required and must be new (1.1): for referrals. */
  readonly requestIds: boolean;
  /** The partner's tenant; any that has a token when left out. */
  readonly tenantId: string | undefined;
}

export type Handle = (request: StandInRequest) => StandInAnswer | Promise<StandInAnswer>;

const GUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const REMEMBERED = 200_000;

/** Wraps a route's work: checks the call first, turns refusals into answers, adds the documented headers. */
export function createCallRules(options: CallRulesOptions): (handle: Handle) => Handle {
  const seen = new Set<string>();
  return (handle) => async (request) => {
    const answer = await answerOrRefuse(request, (call) => {
      authorize(call, options);
      if (options.requestIds) checkRequestId(call, seen);
      checkAccept(call);
      return handle(call);
    });
    return { ...answer, headers: { ...answerHeaders(request), ...answer.headers } };
  };
}

/** Turns a thrown refusal into its answer. */
export async function answerOrRefuse(request: StandInRequest, handle: Handle): Promise<StandInAnswer> {
  try {
    return await handle(request);
  } catch (error) {
    if (error instanceof Refusal) return refusalToAnswer(error);
    throw error;
  }
}

/** A token for the other audience is no token here; an app alone may not touch referrals (1.2). */
function authorize(request: StandInRequest, { entra, audience, userOnly, tenantId }: CallRulesOptions): void {
  const token = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  const owner = token === undefined ? undefined : entra.check(token, audience);
  if (!owner) throw new Refusal(401, 'unauthenticated', 'The token is missing, has expired, or is meant for another audience. Sign in again.', 'referral', 'unauthenticated');
  if (userOnly && owner.kind === 'app') throw new Refusal(403, 'accessDenied', 'Only access on behalf of a user is allowed.', 'referral', 'appOnlyToken');
  if (tenantId !== undefined && owner.tenantId !== tenantId) throw new Refusal(403, 'accessDenied', 'The user belongs to another organisation.', 'referral', 'wrongTenant');
}

/** Required, a GUID, and a new one for each call (1.1). */
function checkRequestId(request: StandInRequest, seen: Set<string>): void {
  const id = request.headers['client-request-id']?.toLowerCase();
  if (id === undefined || !GUID.test(id)) throw new Refusal(400, 'invalidRequest', 'The header client-request-id must be a GUID.', 'client-request-id', 'required');
  if (seen.has(id)) throw new Refusal(400, 'invalidRequest', 'The header client-request-id must be new for each call.', 'client-request-id', 'reused');
  seen.add(id);
  if (seen.size > REMEMBERED) seen.delete(seen.values().next().value ?? '');
}

function checkAccept(request: StandInRequest): void {
  const accept = request.headers.accept ?? '*/*';
  if (!/\*\/\*|application\/(?:json|\*)/i.test(accept)) throw new Refusal(406, 'invalidRequest', 'Only application/json is answered.', 'Accept');
}

/** `request-id` is called an aid to idempotent retry (1.1): it comes back as sent, and that is all that is promised. */
function answerHeaders(request: StandInRequest): Record<string, string> {
  const clientRequestId = request.headers['client-request-id'];
  return {
    'request-id': request.headers['request-id'] ?? randomUUID(),
    ...(clientRequestId === undefined ? {} : { 'client-request-id': clientRequestId }),
    'x-ms-ags-diagnostic': '{"ServerInfo":{"DataCenter":"Sandbox"}}',
    timestamp: new Date().toISOString(),
  };
}
