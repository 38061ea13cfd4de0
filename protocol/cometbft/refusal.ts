// SPDX-License-Identifier: GPL-3.0-or-later
import { PhalanxError, type ErrorMeta } from '../errors.ts';

/** Why the rules refuse something that is well formed; stable API. */
export type RefusalReason =
  | 'POWER_EXCESSIVE'
  | 'VALIDATOR_REPEATED'
  | 'VALIDATOR_ADDRESS'
  | 'CHAIN_ID'
  | 'HEADER_HASH'
  | 'COMMIT_HEIGHT'
  | 'COMMIT_SIZE'
  | 'VALIDATORS_HASH'
  | 'SIGNER_ORDER'
  | 'SIGNER_UNKNOWN'
  | 'SIGNER_NOT_FOR_BLOCK'
  | 'SIGNER_ADDRESS'
  | 'SIGNATURE'
  | 'POWER_INSUFFICIENT'
  | 'TRUSTED_POWER_INSUFFICIENT'
  | 'FROZEN'
  | 'REVISION'
  | 'TRUSTED_STATE_UNKNOWN'
  | 'TRUSTED_STATE_EXPIRED'
  | 'HEIGHT_NOT_ABOVE_TRUSTED'
  | 'TIME_IN_FUTURE'
  | 'TRUSTED_VALIDATORS_HASH'
  | 'NEXT_VALIDATORS_HASH'
  | 'NO_CONFLICT'
  | 'VOTE_VALIDATOR'
  | 'VOTE_STEP'
  | 'VOTE_BLOCK_ID';

/** Well-formed data that CometBFT's rules do not accept. */
export class CometBftRefusal extends PhalanxError {
  readonly code = 'COMETBFT_REFUSED';
  readonly retryable = false;

  constructor(
    readonly reason: RefusalReason,
    readonly detail: string,
    meta: ErrorMeta = {},
  ) {
    super(`${reason}: ${detail}`, { reason, ...meta });
  }
}
