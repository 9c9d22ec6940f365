// The service as tests run it in a process of its own: shorter waits, and an end or a standstill at a step, told at the start or later.
import { runService } from '../../plugins-proxy/runService';
import type { Step } from '../../plugins-proxy/journey/steps';
import { timings as usual, type Timings } from '../../plugins-proxy/timings';

const timings = { ...usual, ...(JSON.parse(process.env.COSELL_TEST_TIMINGS ?? '{}') as Partial<Timings>) };
let told: { readonly step?: string; readonly signal: NodeJS.Signals } = { step: process.env.COSELL_TEST_KILL_AT, signal: 'SIGKILL' };

process.on('message', (order: { readonly step: Step; readonly signal: NodeJS.Signals }) => {
  told = order;
  process.send?.('understood');
});
process.channel?.unref();

const passed = (step: Step): void => {
  if (step === told.step) process.kill(process.pid, told.signal);
};

await runService({ timings, passed });
