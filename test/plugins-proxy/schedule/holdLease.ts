// A process of its own for the kill test: claims what there is, says so, and never ends its run.
// Arguments: the database's address. Bundled by the test.
import { createPool } from '../../../plugins-proxy/database/createPool';
import { createGates } from '../../../plugins-proxy/schedule/gates';
import { createWorker } from '../../../plugins-proxy/schedule/worker';
import { createStore } from '../../../plugins-proxy/store/createStore';

const url = process.argv[2] ?? '';
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const pool = createPool(url, 5, () => undefined);
const worker = createWorker({
  pool, connectionString: url, store: createStore(pool), gates: createGates({ pool }), log: silent,
  run: async () => {
    process.stdout.write('claimed\n');
    return new Promise(() => undefined);
  },
});
await worker.start();
