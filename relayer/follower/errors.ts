// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../../protocol/errors.ts';

/** The chain has two headers of which only one can be true; it is proved, and ledgers freeze. */
export class ContradictionError extends PhalanxError {
  readonly code = 'CONTRADICTION';
  readonly retryable = false;
}

/** Nothing below a header is accepted that it could be believed by. */
export class NothingTrustedError extends PhalanxError {
  readonly code = 'NOTHING_TRUSTED';
  readonly retryable = false;
}

/** The configuration names no CometBFT chain with nodes. */
export class NothingToFollowError extends PhalanxError {
  readonly code = 'NOTHING_TO_FOLLOW';
  readonly retryable = false;
}
