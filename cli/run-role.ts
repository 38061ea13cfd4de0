// SPDX-License-Identifier: GPL-3.0-or-later
import { createLogger, type Logger } from '../runtime/log.ts';
import { stopOnSignal, type Running } from '../runtime/shutdown.ts';
import { reportFailure } from './report-failure.ts';

/** Start a role and run until a signal stops it in order. A role that cannot start ends the process with 1. */
export async function runRole<C extends { readonly logLevel: string }>(
  role: string,
  config: C,
  start: (config: C, log: Logger) => Promise<Running>,
): Promise<void> {
  const log = createLogger(role, config.logLevel);
  let running: Running;
  try {
    running = await start(config, log);
  } catch (error) {
    reportFailure(error);
    // What it had opened by then would go on: a worker that takes jobs and that nobody can scrape or stop in order.
    process.exit(1);
  }
  stopOnSignal(running, log);
}
