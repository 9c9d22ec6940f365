// Doctor: where Partner Center rings. A tenant has one registration: whoever registers last has it.
import { showWebhook } from '../../api/settleWebhook';
import type { Check } from '../check';
import type { DoctorDeps } from '../doctorDeps';
import { fail, ok, warn, type Finding } from '../finding';

export const checkWebhook = ({ partner, settings }: DoctorDeps): readonly Check[] => [
  { name: 'webhook', connection: partner.port.connection, run: async (signal) => toFinding(await showWebhook(partner.webhooks, settings.publicUrl, signal)) },
];

function toFinding({ registration, wanted, state }: Awaited<ReturnType<typeof showWebhook>>): Finding {
  switch (state) {
    case 'none':
      return fail('webhook', 'Nothing is registered with Partner Center, so it rings nobody.', 'Run: cosell webhook register.');
    case 'unknown':
      return warn('webhook', `Registered is ${registration?.url}; whether that is this service cannot be told without COSELL_PUBLIC_URL.`, 'Set COSELL_PUBLIC_URL and start the service again.');
    case 'elsewhere':
      return fail('webhook', `Another environment has the webhook registration: ${registration?.url}.`, 'If this service is meant to be rung, run: cosell webhook register --overwrite. The other one is then rung no more.');
    case 'events-differ':
      return fail('webhook', `Registered, but without ${wanted?.events.filter((event) => !registration?.events.includes(event)).join(', ')}.`, 'Run: cosell webhook register --overwrite.');
    case 'ours':
      return ok('webhook', `Partner Center rings ${registration?.url}.`);
  }
}
