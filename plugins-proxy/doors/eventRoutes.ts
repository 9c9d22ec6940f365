// The routes that remote systems ring at: bodies stay raw, every answer is counted, a failure to store is a 503 so that the sender tries again.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Counter, type Registry } from 'prom-client';
import { notDurable, type DoorAnswer } from './doorAnswer';
import { dismiss } from './readBody';

export type Door = (request: FastifyRequest) => Promise<DoorAnswer>;

export interface DoorLog {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface EventRoutesOptions {
  /** By route, such as `/dataverse/events`. */
  readonly doors: Readonly<Record<string, Door>>;
  readonly metrics: Registry;
  readonly log: DoorLog;
  /** How long a sender that was answered early may go on sending. */
  readonly graceMs: number;
}

export function createEventRoutes({ doors, metrics, log, graceMs }: EventRoutesOptions) {
  const counter = new Counter({ name: 'cosell_door_events_total', help: 'Events at the doors by what became of them', labelNames: ['door', 'outcome'], registers: [metrics] });
  return async (app: FastifyInstance): Promise<void> => {
    leaveBodiesRaw(app);
    for (const [route, door] of Object.entries(doors)) app.post(route, (request, reply) => answer(route, door, request, reply));
  };

  async function answer(route: string, door: Door, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const given = await door(request).catch((cause: unknown) => {
      log.error({ door: route, err: cause }, 'An event could not be stored; its sender was asked to try again.');
      return notDurable;
    });
    counter.inc({ door: route, outcome: given.outcome });
    if (given.status !== 202) log.warn({ door: route, outcome: given.outcome, status: given.status }, given.message);
    reply.raw.once('finish', () => dismiss(request.raw, graceMs));
    return reply.code(given.status).send(given.status === 202 ? { accepted: true } : { error: { code: given.outcome, message: given.message } });
  }
}

/** The content type does not matter: the door reads the bytes itself, after it has looked at the headers. */
function leaveBodiesRaw(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.addHook('onRequest', (request, _reply, done) => {
    request.raw.headers['content-type'] = 'application/octet-stream';
    done();
  });
}
