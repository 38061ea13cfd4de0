// SPDX-License-Identifier: GPL-3.0-or-later

/**
 * A prover worker for the test circuits as a process of its own, for tests that kill it.
 * Arguments: Redis URL, time in ms that a drain may take. Tells its parent when it is ready.
 */
import { createLogger } from '../../runtime/log.ts';
import { stopOnSignal } from '../../runtime/shutdown.ts';
import { startWorker } from '../start-worker.ts';
import { testCatalog } from './test-circuits.ts';

const [url = '', drainMs = '20000'] = process.argv.slice(2);
const log = createLogger('worker', 'warn');
const running = await startWorker(
  {
    mode: 'development',
    home: '',
    logLevel: 'warn',
    redis: { url, password: undefined },
    worker: { concurrency: 1, timeoutMs: 60_000, engine: 'snarkjs' },
  },
  log,
  await testCatalog(),
  Number(drainMs),
);
stopOnSignal(running, log);
process.send?.({ childPids: running.worker.childPids });
