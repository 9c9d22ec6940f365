// Admin API: one route with its shapes; the router checks by them and openapi.json tells of them.
import { z } from 'zod';
import { AdminProblem } from './adminProblem';

type Shape = z.ZodType;

export interface AdminRequest<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
}

export interface RouteShape<P extends Shape, Q extends Shape, B extends Shape, A extends Shape> {
  readonly method: 'GET' | 'POST';
  /** Under /api/v1, parameters as `{name}`. */
  readonly path: string;
  readonly summary: string;
  readonly params: P;
  readonly query: Q;
  /** `undefined` members aside, what may be sent. */
  readonly body: B;
  readonly answer: A;
  /** Status of the answer (200). */
  readonly status?: 200 | 202;
  /** What may go wrong, by status. */
  readonly problems?: Readonly<Partial<Record<400 | 404 | 409 | 429 | 502 | 503, string>>>;
  readonly handle: (request: AdminRequest<z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<A>>;
}

export interface AdminRoute extends Omit<RouteShape<Shape, Shape, Shape, Shape>, 'handle'> {
  /** Checks what came in, then handles it. @throws AdminProblem */
  readonly answerTo: (sent: { readonly params: unknown; readonly query: unknown; readonly body: unknown }) => Promise<unknown>;
}

export const nothing = z.strictObject({});

/** A route whose handler gets only what fits its shapes. */
export function defineRoute<P extends Shape = typeof nothing, Q extends Shape = typeof nothing, B extends Shape = typeof nothing, A extends Shape = Shape>(
  route: Omit<RouteShape<P, Q, B, A>, 'params' | 'query' | 'body'> & { readonly params?: P; readonly query?: Q; readonly body?: B },
): AdminRoute {
  const { handle, ...told } = route;
  const params = told.params ?? (nothing as unknown as P);
  const query = told.query ?? (nothing as unknown as Q);
  const body = told.body ?? (nothing as unknown as B);
  return {
    ...told, params, query, body,
    answerTo: async (sent) => handle({ params: fit(params, sent.params, 'address'), query: fit(query, sent.query, 'query'), body: fit(body, sent.body ?? {}, 'body') }),
  };
}

/** @throws AdminProblem 400 naming the member; its value is not repeated */
function fit<T extends Shape>(shape: T, value: unknown, where: string): z.output<T> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const member = issue?.path.map(String).join('.') ?? '';
  throw new AdminProblem(400, 'bad-request', `The ${where} cannot be used${member ? `: ${member}` : ''}: ${issue?.message ?? 'it has another shape'}. See /api/v1/openapi.json for what fits.`);
}
