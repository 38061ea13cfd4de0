// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../../protocol/errors.ts';

/** A key, a manifest or a file that a key is made from cannot be used. The message says which and why. */
export class KeyError extends PhalanxError {
  readonly code = 'KEY_UNUSABLE';
  readonly retryable = false;
}

/** A key that may lie on another machine, or come to this one. */
export class KeyMissingError extends PhalanxError {
  readonly code = 'KEY_MISSING';
  readonly retryable = true;
}

/** A development key where only a key from a ceremony may be used (DESIGN.md, rule 3). */
export class DevelopmentKeyError extends PhalanxError {
  readonly code = 'DEVELOPMENT_KEY_IN_PRODUCTION';
  readonly retryable = false;
}
