// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../protocol/errors.ts';

/** One thing wrong with a configuration: where, and what was expected there. */
export interface ConfigProblem {
  /** e.g. `chains[0].rpcs[1]`; the file itself when empty */
  readonly path: string;
  readonly bound: string;
}

/** Everything wrong with a configuration file, at once. */
export class ConfigError extends PhalanxError {
  readonly code = 'CONFIG_INVALID';
  readonly retryable = false;

  constructor(
    readonly file: string,
    readonly problems: readonly ConfigProblem[],
  ) {
    const lines = problems.map(({ path, bound }) => `  ${path === '' ? '(file)' : path}: ${bound}`);
    super(`${file}: ${problems.length} problem${problems.length === 1 ? '' : 's'}\n${lines.join('\n')}`, { file });
  }
}
