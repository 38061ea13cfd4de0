// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../../protocol/errors.ts';

/**
 * The chain or its contracts are not those of the configuration, or verify with keys that are not ours or not fit for
 * it.
 */
export class DestinationMismatchError extends PhalanxError {
  readonly code = 'DESTINATION_MISMATCH';
  readonly retryable = false;
}

/** The chain changed below its confirmation depth: what was held confirmed may be undone. An operator decides. */
export class ReorgError extends PhalanxError {
  readonly code = 'REORG';
  readonly retryable = false;
}

/** The node's head is below a block that was already confirmed: a node that lags, or a reorg about to show. */
export class HeadBehindError extends PhalanxError {
  readonly code = 'HEAD_BEHIND';
  readonly retryable = true;
}
