// Admin API: the webhook registration, with the sign-in of the service: a refresh token that is rotated on the way is stored here.
import { z } from 'zod';
import { address } from '../../settings/values';
import type { AdminDeps } from '../adminDeps';
import { AdminProblem } from '../adminProblem';
import { defineRoute, type AdminRoute } from '../adminRoute';
import { settleWebhook, showWebhook, testEvent, webhookEvents, webhookUrl } from '../settleWebhook';
import { testResultShape, testSentShape, webhookSettledShape, webhookShape } from '../shapes';
import { sendWebhookTest } from '../sendWebhookTest';

const remote = { 429: 'Partner Center asks us to slow down.', 502: 'Partner Center refused.', 503: 'Partner Center cannot be reached.' };

export function webhookRoutes({ webhooks, publicUrl }: AdminDeps): readonly AdminRoute[] {
  return [
    defineRoute({
      method: 'GET', path: '/webhook', summary: 'What is registered with Partner Center, and whether it is this service', answer: webhookShape, problems: remote,
      handle: () => showWebhook(webhooks, publicUrl),
    }),
    defineRoute({
      method: 'POST', path: '/webhook', summary: 'Registers this service with Partner Center; another registration is left alone without overwrite',
      body: z.strictObject({
        url: address.optional().describe('COSELL_PUBLIC_URL with /partner-center/events'),
        events: z.array(z.string().min(1).max(100)).min(1).max(50).optional().describe([...webhookEvents].join(', ')),
        overwrite: z.boolean().default(false),
      }),
      answer: webhookSettledShape, problems: { 409: 'COSELL_PUBLIC_URL is not set and no url was given.', ...remote },
      async handle({ body }) {
        const url = body.url ?? (publicUrl === null ? null : webhookUrl(publicUrl));
        if (url === null) throw new AdminProblem(409, 'public-url-missing', 'COSELL_PUBLIC_URL is not set, so there is no address to register. Set it, or give url.');
        return settleWebhook(webhooks, { url, events: body.events ?? webhookEvents }, body.overwrite);
      },
    }),
    defineRoute({
      method: 'POST', path: '/webhook/test', summary: `Asks Partner Center for a ${testEvent} event; two a minute`, answer: testSentShape, status: 202,
      problems: { 409: `${testEvent} is not registered.`, ...remote },
      handle: () => sendWebhookTest(webhooks),
    }),
    defineRoute({
      method: 'GET', path: '/webhook/test/{correlationId}', summary: 'What became of a test event; kept for 7 days', answer: testResultShape, problems: remote,
      params: z.strictObject({ correlationId: z.string().min(1).max(100) }),
      async handle({ params }) {
        const result = await webhooks.testResult(params.correlationId);
        return { result: result && { ...result, results: result.results.map((each) => ({ ...each })) } };
      },
    }),
  ];
}
