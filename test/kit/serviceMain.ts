// The service as tests run it in a process of its own: shorter waits, and an end at a step.
import { runService } from '../../plugins-proxy/runService';
import type { Step } from '../../plugins-proxy/journey/steps';
import { timings as usual, type Timings } from '../../plugins-proxy/timings';

const timings = { ...usual, ...(JSON.parse(process.env.COSELL_TEST_TIMINGS ?? '{}') as Partial<Timings>) };
const [killAt, times = '1'] = (process.env.COSELL_TEST_KILL_AT ?? '').split(':');
let left = Number(times);

const passed = (step: Step): void => {
  if (step !== killAt) return;
  left -= 1;
  if (left === 0) process.kill(process.pid, 'SIGKILL');
};

await runService({ timings, passed });
