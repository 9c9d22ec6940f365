// Admin API: its own description, made from the routes.
import { z } from 'zod';
import type { AdminRoute } from './adminRoute';

type Schema = Readonly<Record<string, unknown>>;

/** OpenAPI 3.1 document of the routes under /api/v1. */
export function openApi(routes: readonly AdminRoute[], version: string): Schema {
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of routes) paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) };
  return {
    openapi: '3.1.0',
    info: { title: 'Co-sell Referral Sync, admin API', version },
    servers: [{ url: '/api/v1' }],
    security: [{ adminToken: [] }],
    paths,
    components: {
      securitySchemes: { adminToken: { type: 'http', scheme: 'bearer', description: 'COSELL_ADMIN_TOKEN, or the content of admin-token in the data folder.' } },
      schemas: { Problem: schemaOf(z.object({ error: z.object({ code: z.string(), message: z.string() }) }), 'output') },
    },
  };
}

function operation(route: AdminRoute): Schema {
  const body = schemaOf(route.body, 'input');
  const problems = Object.entries({ 400: 'The request cannot be understood.', 401: 'The admin token is missing or wrong.', ...route.problems });
  return {
    summary: route.summary,
    operationId: operationId(route),
    parameters: [...parameters(route, 'path'), ...parameters(route, 'query')],
    ...(Object.keys((body.properties as Schema | undefined) ?? {}).length > 0 ? { requestBody: { required: false, content: { 'application/json': { schema: body } } } } : {}),
    responses: {
      [route.status ?? 200]: { description: 'Done.', content: { 'application/json': { schema: schemaOf(route.answer, 'output') } } },
      ...Object.fromEntries(problems.map(([status, description]) => [status, { description, content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } } }])),
    },
  };
}

function parameters(route: AdminRoute, place: 'path' | 'query'): Schema[] {
  const { properties = {}, required = [] } = schemaOf(place === 'path' ? route.params : route.query, 'input') as { properties?: Schema; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({ name, in: place, required: place === 'path' || required.includes(name), schema }));
}

const operationId = ({ method, path }: AdminRoute): string =>
  [method.toLowerCase(), ...path.split(/[^A-Za-z0-9]+/).filter(Boolean).map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');

function schemaOf(shape: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(shape, { io });
  return schema;
}
