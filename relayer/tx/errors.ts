// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError } from '../../protocol/errors.ts';

/** The chain asks for more per gas than the configuration allows. */
export class FeeTooHighError extends PhalanxError {
  readonly code = 'FEE_TOO_HIGH';
  readonly retryable = true;
}

/** The call needs more gas than a block has. */
export class GasTooHighError extends PhalanxError {
  readonly code = 'GAS_TOO_HIGH';
  readonly retryable = false;
}
