// Admin API: the routes under /api/v1 behind the admin token.
import type { FastifyError, FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import { isKeyRight } from '../doors/doorKey';
import type { AdminDeps } from './adminDeps';
import { AdminProblem, problemBody } from './adminProblem';
import { defineRoute, type AdminRoute } from './adminRoute';
import { openApi } from './openApi';
import { remoteProblem } from './remoteProblem';
import { linkRoutes } from './routes/linkRoutes';
import { maintenanceRoutes } from './routes/maintenanceRoutes';
import { parkedRoutes } from './routes/parkedRoutes';
import { setupRoutes } from './routes/setupRoutes';
import { syncRoutes } from './routes/syncRoutes';
import { webhookRoutes } from './routes/webhookRoutes';
import { anyObject } from './shapes';

/** Fastify plugin. Without the right token every route answers 401; problems are `{"error":{"code","message"}}`; anything unexpected goes to the app's own handler. */
export function createAdminRoutes(deps: AdminDeps): FastifyPluginAsync {
  const routes = [...linkRoutes(deps), ...syncRoutes(deps), ...parkedRoutes(deps), ...maintenanceRoutes(deps), ...webhookRoutes(deps), ...setupRoutes(deps)];
  const described = openApi(routes, deps.version);
  const all = [defineRoute({ method: 'GET', path: '/openapi.json', summary: 'This description', answer: anyObject, handle: async () => described }), ...routes];
  const admin: FastifyPluginAsync = async (api) => {
    api.addHook('onRequest', async (request) => refuseStrangers(request, deps.adminToken));
    api.setErrorHandler(answerProblem);
    for (const route of all) add(api, route);
  };
  return async (app) => void (await app.register(admin, { prefix: '/api/v1' }));
}

function add(api: FastifyInstance, route: AdminRoute): void {
  api.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ':$1'),
    // Answers hold names of customers' deals: no cache between here and the reader keeps them.
    handler: async (request, reply) => {
      const answer = await route.answerTo({ params: request.params, query: request.query, body: request.body });
      return reply.code(route.status ?? 200).header('cache-control', 'no-store').send(answer);
    },
  });
}

/** @throws AdminProblem 401 */
async function refuseStrangers(request: FastifyRequest, token: string): Promise<void> {
  const given = /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given !== undefined && isKeyRight([given], { current: token, previous: null })) return;
  throw new AdminProblem(401, 'unauthorized', 'The admin token is missing or wrong. Send it as "Authorization: Bearer <token>"; it is COSELL_ADMIN_TOKEN, or the content of admin-token in the data folder.');
}

function answerProblem(error: FastifyError, _request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = error instanceof AdminProblem ? error : remoteProblem(error);
  if (!problem) throw error;
  if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
  return reply.code(problem.status).header('cache-control', 'no-store').send(problemBody(problem));
}
