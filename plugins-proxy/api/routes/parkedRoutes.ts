// Admin API: records that were given up on.
import { z } from 'zod';
import { listParked, replayParked } from '../../schedule/parked';
import type { AdminDeps } from '../adminDeps';
import { AdminProblem } from '../adminProblem';
import { defineRoute, type AdminRoute } from '../adminRoute';
import { parkedShape, replayedShape } from '../shapes';

export function parkedRoutes({ pool }: AdminDeps): readonly AdminRoute[] {
  return [
    defineRoute({
      method: 'GET', path: '/parked', summary: 'Records that were given up on after unexpected failures, by key',
      query: z.strictObject({ after: z.string().max(200).optional().describe('next of the page before'), limit: z.coerce.number().int().min(1).max(200).default(50) }),
      answer: parkedShape,
      async handle({ query }) {
        const rows = await listParked(pool, query.after ?? '', query.limit + 1);
        const page = rows.slice(0, query.limit);
        return { parked: [...page], next: rows.length > query.limit ? (page.at(-1)?.key ?? null) : null };
      },
    }),
    defineRoute({
      method: 'POST', path: '/parked/{key}/replay', summary: 'Sends a parked record again, reading both sides', status: 202,
      params: z.strictObject({ key: z.string().min(1).max(200) }),
      answer: replayedShape, problems: { 404: 'This key is not parked.' },
      async handle({ params }) {
        if (await replayParked(pool, params.key)) return { key: params.key };
        throw new AdminProblem(404, 'not-parked', 'This key is not parked: it was sent again already, or it never was. GET /api/v1/parked lists those that are.');
      },
    }),
  ];
}
