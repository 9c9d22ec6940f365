// The service as tests run it in a process of its own: shorter waits, and an end at a step, told at the start or later.
import { runService } from '../../plugins-proxy/runService';
import type { Step } from '../../plugins-proxy/journey/steps';
import { timings as usual, type Timings } from '../../plugins-proxy/timings';

const timings = { ...usual, ...(JSON.parse(process.env.COSELL_TEST_TIMINGS ?? '{}') as Partial<Timings>) };
let killAt = process.env.COSELL_TEST_KILL_AT;

process.on('message', (step: Step) => {
  killAt = step;
  process.send?.('understood');
});
process.channel?.unref();

const passed = (step: Step): void => {
  if (step === killAt) process.kill(process.pid, 'SIGKILL');
};

await runService({ timings, passed });
