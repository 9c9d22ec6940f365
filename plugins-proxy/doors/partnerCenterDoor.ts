// The door for Partner Center: raw bytes, signature over them, only then JSON. Replays and old events are allowed: they are only bells.
import type { FastifyRequest } from 'fastify';
import type { IncomingHttpHeaders } from 'node:http';
import type { RingBells } from './bell';
import { accepted, ignored, malformed, signatureRefused, type DoorAnswer } from './doorAnswer';
import { parseJsonObject } from './parseJson';
import { readPartnerCenterEvent } from './partnerCenterEvent';
import { receiveBody } from './receiveBody';

export type SignatureCheck = (headers: IncomingHttpHeaders, rawBody: Buffer) => Promise<{ readonly type: 'genuine' } | { readonly type: 'refused'; readonly status: 400 | 401 | 503; readonly reason: string }>;

export interface PartnerCenterDoorOptions {
  readonly connection: string;
  readonly check: SignatureCheck;
  readonly ring: RingBells;
  readonly slowSenderMs: number;
}

export const LARGEST_PARTNER_CENTER_EVENT = 64 * 1024;

/** Answers one event. @throws what `check` or `ring` throws */
export function createPartnerCenterDoor({ connection, check, ring, slowSenderMs }: PartnerCenterDoorOptions) {
  return (request: FastifyRequest): Promise<DoorAnswer> =>
    receiveBody(request, { maxBytes: LARGEST_PARTNER_CENTER_EVENT, maxMs: slowSenderMs }, (body) => receive(request.raw.headers, body));

  async function receive(headers: IncomingHttpHeaders, body: Buffer): Promise<DoorAnswer> {
    const verdict = await check(headers, body);
    if (verdict.type === 'refused') return signatureRefused(verdict.status, verdict.reason);
    const event = parseJsonObject(body);
    const read = event ? readPartnerCenterEvent(event) : ({ type: 'malformed' } as const);
    if (read.type !== 'bell') return read.type === 'ignored' ? ignored : malformed;
    await ring([{ ...read.bell, connection }]);
    return accepted;
  }
}
