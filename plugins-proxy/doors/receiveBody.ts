// What every door does with a body: it is read whole within its limits, or the answer is known already.
import type { FastifyRequest } from 'fastify';
import { malformed, slow, tooLarge, type DoorAnswer } from './doorAnswer';
import { readBody, type BodyLimits } from './readBody';

/** @param receive answers a body that came whole @throws what `receive` throws */
export async function receiveBody(request: FastifyRequest, limits: BodyLimits, receive: (body: Buffer) => Promise<DoorAnswer>): Promise<DoorAnswer> {
  const read = await readBody(request.raw, limits);
  switch (read.type) {
    case 'tooLarge':
      return tooLarge;
    case 'slow':
      return slow;
    case 'broken':
      return malformed;
    case 'read':
      return receive(read.body);
  }
}
