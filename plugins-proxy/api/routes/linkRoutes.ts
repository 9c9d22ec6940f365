// Admin API: links and their timelines.
import { z } from 'zod';
import { phases, syncStatuses } from '../../../core/index';
import type { AdminDeps } from '../adminDeps';
import { AdminProblem } from '../adminProblem';
import { defineRoute, type AdminRoute } from '../adminRoute';
import { findRecord } from '../queries/findRecord';
import { linkDetail } from '../queries/linkDetail';
import { cursorToPlace, listLinks } from '../queries/listLinks';
import { timelinePage } from '../queries/timelinePage';
import { linkDetailShape, linksShape, timelineShape } from '../shapes';

const limit = z.coerce.number().int().min(1).max(200).default(50);
const byId = z.strictObject({ id: z.string().min(1).max(200).describe('Link id, CRM id or referral id') });
const noLink = 'No link has this id.';

export function linkRoutes({ pool, crms }: AdminDeps): readonly AdminRoute[] {
  return [
    defineRoute({
      method: 'GET', path: '/links', summary: 'Links, last changed first',
      query: z.strictObject({
        status: z.enum(syncStatuses).optional(),
        phase: z.enum(phases).optional(),
        crm: z.string().max(100).optional().describe('Connection of the CRM, such as dataverse'),
        search: z.string().max(200).optional().describe('A part of the name, or a whole id of record, referral or engagement'),
        after: z.string().max(400).optional().describe('next of the page before'),
        limit,
      }),
      answer: linksShape,
      async handle({ query: { after, limit: size, ...filter } }) {
        const place = after === undefined ? null : cursorToPlace(after);
        if (place === undefined) throw new AdminProblem(400, 'bad-request', 'after is no cursor of this list. Take it from next of the page before, or leave it out.');
        return listLinks(pool, filter, place, size);
      },
    }),
    defineRoute({
      method: 'GET', path: '/links/{id}', summary: 'One link and why it is or is not in sync', params: byId, answer: linkDetailShape, problems: { 404: noLink },
      handle: async ({ params }) => (await linkDetail(pool, await linkIdOf(params.id))) ?? missing(),
    }),
    defineRoute({
      method: 'GET', path: '/links/{id}/timeline', summary: 'What happened to a link, newest first', params: byId,
      query: z.strictObject({ before: z.coerce.number().int().min(1).optional().describe('next of the page before'), limit }),
      answer: timelineShape, problems: { 404: noLink },
      async handle({ params, query }) {
        const linkId = await linkIdOf(params.id);
        return { linkId, ...(await timelinePage(pool, linkId, query.before ?? null, query.limit)) };
      },
    }),
  ];

  async function linkIdOf(id: string): Promise<string> {
    const found = await findRecord(pool, crms, id);
    return found.type === 'link' ? found.linkId : missing();
  }
}

function missing(): never {
  throw new AdminProblem(404, 'link-unknown', `${noLink} Give the id of a link, of a record that is or was shared, or of its referral.`);
}
