// SPDX-License-Identifier: GPL-3.0-or-later
import type { Logger } from './log.ts';

/** What a running role gives back: how to end it in order. */
export interface Running {
  /** Stop taking work, finish or hand back what is under way, close connections. */
  stop(): Promise<void>;
}

/**
 * On SIGTERM or SIGINT stop `running` and exit with 0; with 1 when it fails or outlives the deadline. A second signal
 * exits at once.
 */
export function stopOnSignal(running: Running, log: Logger, deadlineMs = 30_000): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) process.exit(1);
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => {
      log.error({ deadlineMs }, 'not stopped within the deadline');
      process.exit(1);
    }, deadlineMs).unref();
    running.stop().then(
      () => process.exit(0),
      (err: unknown) => {
        log.error({ err }, 'stopping failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
