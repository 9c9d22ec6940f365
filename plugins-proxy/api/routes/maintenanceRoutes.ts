// Admin API: what an admin asks about the whole service, and tells it.
import { z } from 'zod';
import { worstState } from '../../doctor/finding';
import type { AdminCrm, AdminDeps } from '../adminDeps';
import { AdminProblem } from '../adminProblem';
import { defineRoute, type AdminRoute } from '../adminRoute';
import { adoptedShape, doctorShape, type Adopted } from '../shapes';

export function maintenanceRoutes(deps: AdminDeps): readonly AdminRoute[] {
  return [
    defineRoute({
      method: 'GET', path: '/doctor', summary: 'Checks settings, database, sign-ins, registrations and work; each finding with its remedy', answer: doctorShape,
      async handle() {
        const findings = [...(await deps.doctor())];
        return { state: worstState(findings), findings };
      },
    }),
    defineRoute({
      method: 'POST', path: '/adopt', summary: 'Accepts a copied or restored environment: its records are sent again from now on',
      body: z.strictObject({ connection: z.string().max(100).optional().describe('The one to accept; left out: all that look like copies') }),
      answer: adoptedShape, problems: { 404: 'There is no such connection.' },
      handle: async ({ body }) => ({ adopted: await adopt(deps, body.connection) }),
    }),
  ];
}

async function adopt({ store, crms, partnerConnection }: AdminDeps, asked: string | undefined): Promise<Adopted['adopted']> {
  const names = [...crms.map((crm) => crm.connection), partnerConnection];
  if (asked !== undefined && !names.includes(asked)) throw new AdminProblem(404, 'connection-unknown', `There is no connection of that name. There are: ${names.join(', ')}.`);
  const adopted: Adopted['adopted'] = [];
  for (const connection of asked === undefined ? names : [asked]) {
    const { copied } = await store.connectionState(connection);
    if (asked === undefined && copied === null) continue;
    const organization = await organizationNow(crms.find((crm) => crm.connection === connection));
    adopted.push({ connection, why: copied, records: await store.adopt(connection, organization) });
  }
  return adopted;
}

const PATIENCE = 5_000;

/** Who the CRM is now; `null` when it cannot be asked, and for Partner Center: then the next sign-in, or the next deal, tells. */
async function organizationNow(crm: AdminCrm | undefined): Promise<string | null> {
  if (!crm) return null;
  return crm.identity(AbortSignal.timeout(PATIENCE)).then((identity) => identity.organizationId.toLowerCase() || null, () => null);
}
