// Admin API: what the service registers in the CRM, with its own settings.
import { z } from 'zod';
import { RemoteFailure } from '../../ports/failure';
import type { AdminDeps } from '../adminDeps';
import { AdminProblem } from '../adminProblem';
import { defineRoute, type AdminRoute } from '../adminRoute';
import { setupShape } from '../shapes';

export function setupRoutes({ setupDataverse, publicUrl }: AdminDeps): readonly AdminRoute[] {
  return [
    defineRoute({
      method: 'POST', path: '/setup/dataverse', summary: 'Registers address and steps in Dataverse; a second run changes nothing',
      body: z.strictObject({ dryRun: z.boolean().default(false), remove: z.boolean().default(false) }),
      answer: setupShape, problems: { 409: 'Dynamics 365 is off, or COSELL_PUBLIC_URL is not set.', 502: 'Dataverse refused.' },
      async handle({ body }) {
        if (publicUrl === null && (!body.remove || !setupDataverse)) throw new AdminProblem(409, 'public-url-missing', 'COSELL_PUBLIC_URL is not set, so there is no address to register. Set it and start the service again.');
        if (!setupDataverse) throw new AdminProblem(409, 'dataverse-off', 'Dynamics 365 is off in this service. Set the COSELL_DATAVERSE_ variables and start it again.');
        const lines: string[] = [];
        const report = await setupDataverse({ ...body, log: (line) => lines.push(line) }).catch(refused);
        return { endpoint: { ...report.endpoint }, steps: report.steps.map((step) => ({ ...step })), warnings: [...report.warnings], changed: report.changed, lines };
      },
    }),
  ];
}

/** The set-up's own words name the step and what Dataverse said; accidents on the way there are told by the router. */
function refused(error: unknown): never {
  if (error instanceof Error && !(error instanceof RemoteFailure) && error.cause !== undefined) throw new AdminProblem(502, 'remote-refused', error.message);
  throw error;
}
