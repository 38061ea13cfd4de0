// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../protocol/errors.ts';

/** Say what failed and make the process end with 1. Errors thrown on purpose show no stack: their message is enough. */
export function reportFailure(error: unknown): void {
  if (error instanceof PhalanxError) console.error(`${error.code}: ${error.message}`);
  else console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 1;
}
