// SPDX-License-Identifier: GPL-3.0-or-later
import { createLogger, type Logger } from '../runtime/log.ts';
import { stopOnSignal, type Running } from '../runtime/shutdown.ts';

/** Start a role and run until a signal stops it in order. */
export async function runRole<C extends { readonly logLevel: string }>(
  role: string,
  config: C,
  start: (config: C, log: Logger) => Promise<Running>,
): Promise<void> {
  const log = createLogger(role, config.logLevel);
  stopOnSignal(await start(config, log), log);
}
