// The door for Salesforce: key, then body, then which records. Rings, and answers once the bells are durable.
import type { FastifyRequest } from 'fastify';
import type { RingBells } from './bell';
import { accepted, ignored, keyWrong, malformed, type DoorAnswer } from './doorAnswer';
import { isKeyRight, type DoorKey } from './doorKey';
import { parseJsonObject } from './parseJson';
import { receiveBody } from './receiveBody';
import { readSalesforceEvent } from './salesforceEvent';

export interface SalesforceDoorOptions {
  readonly connection: string;
  readonly key: DoorKey;
  readonly ring: RingBells;
  /** The organisation that this connection belongs to, `null` while it is not known yet. */
  readonly knownOrganization: (connection: string) => string | null;
  readonly slowSenderMs: number;
}

export const LARGEST_SALESFORCE_EVENT = 64 * 1024;

/** Answers one event. @throws what `ring` throws */
export function createSalesforceDoor({ connection, key, ring, knownOrganization, slowSenderMs }: SalesforceDoorOptions) {
  return async (request: FastifyRequest): Promise<DoorAnswer> => {
    if (!isKeyRight(keysOf(request), key)) return keyWrong;
    return receiveBody(request, { maxBytes: LARGEST_SALESFORCE_EVENT, maxMs: slowSenderMs }, receive);
  };

  async function receive(body: Buffer): Promise<DoorAnswer> {
    const content = parseJsonObject(body);
    const event = content ? readSalesforceEvent(content) : ({ type: 'malformed' } as const);
    if (event.type === 'malformed') return malformed;
    const ours = knownOrganization(connection);
    // The eighteen characters repeat the case of the first fifteen.
    if (ours !== null && event.organizationId.toLowerCase() !== ours.toLowerCase()) return ignored;
    if (event.bells.length === 0) return ignored;
    await ring(event.bells.map((bell) => ({ ...bell, connection })));
    return accepted;
  }
}

/** Every key that was given, however often the header came; one of another kind is a wrong one. */
function keysOf(request: FastifyRequest): string[] {
  const { rawHeaders } = request.raw;
  const headers = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'authorization');
  return headers.map((header) => /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? '');
}
