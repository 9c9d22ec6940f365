// The door for Dataverse: key, then body, then which record. Rings, and answers once the bell is durable.
import type { FastifyRequest } from 'fastify';
import type { RingBells } from './bell';
import { readDataverseEvent } from './dataverseEvent';
import { accepted, ignored, keyWrong, malformed, type DoorAnswer } from './doorAnswer';
import { isKeyRight, type DoorKey } from './doorKey';
import { toGuid } from './guid';
import { parseJsonObject } from './parseJson';
import { receiveBody } from './receiveBody';

export interface DataverseDoorOptions {
  readonly connection: string;
  readonly key: DoorKey;
  readonly ring: RingBells;
  /** The organisation that this connection belongs to, `null` while it is not known yet. */
  readonly knownOrganization: (connection: string) => string | null;
  readonly slowSenderMs: number;
}

export const LARGEST_DATAVERSE_EVENT = 1024 * 1024;

/** Answers one event. @throws what `ring` throws */
export function createDataverseDoor({ connection, key, ring, knownOrganization, slowSenderMs }: DataverseDoorOptions) {
  return async (request: FastifyRequest): Promise<DoorAnswer> => {
    if (!isKeyRight(keysOf(request), key)) return keyWrong;
    return receiveBody(request, { maxBytes: LARGEST_DATAVERSE_EVENT, maxMs: slowSenderMs }, receive);
  };

  async function receive(body: Buffer): Promise<DoorAnswer> {
    const context = parseJsonObject(body);
    const event = context ? readDataverseEvent(context) : ({ type: 'malformed' } as const);
    if (event.type !== 'bells') return event.type === 'ignored' ? ignored : malformed;
    const ours = toGuid(knownOrganization(connection));
    if (ours && event.organizationId && event.organizationId !== ours) return ignored;
    await ring(event.bells.map((bell) => ({ ...bell, connection })));
    return accepted;
  }
}

/** Every key that was given: the header, however often, and `?code=`, which older registrations use. */
function keysOf(request: FastifyRequest): string[] {
  const { rawHeaders } = request.raw;
  const headers = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'x-cosell-key');
  const { code } = request.query as { readonly code?: string | readonly string[] };
  return [...headers, ...(code === undefined ? [] : typeof code === 'string' ? [code] : code)];
}
