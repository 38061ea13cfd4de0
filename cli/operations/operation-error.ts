// SPDX-License-Identifier: GPL-3.0-or-later
import { BaseError, ContractFunctionRevertedError } from 'viem';
import { PhalanxError } from '../../protocol/errors.ts';

/** What an operator asked for cannot be done, and nothing more was sent. */
export class OperationError extends PhalanxError {
  readonly code = 'OPERATION_REFUSED';
  readonly retryable = false;
}

/**
 * An error of the chain or its node in one line. viem's own text would show the RPC's URL, which may hold a token.
 * Where a contract gave a reason, its name is `reason` of the error's `meta`.
 * @param what was tried
 */
export function chainError(what: string, error: unknown): unknown {
  if (!(error instanceof BaseError)) return error;
  const revert = error.walk((cause) => cause instanceof ContractFunctionRevertedError);
  if (revert instanceof ContractFunctionRevertedError && revert.data) {
    const { errorName, args = [] } = revert.data;
    return new OperationError(`${what} is refused: ${errorName}(${args.map(String).join(', ')})`, {
      reason: errorName,
    });
  }
  const { shortMessage, details } = error;
  return new OperationError(
    `${what} failed: ${shortMessage}${details && !shortMessage.includes(details) ? ` ${details}` : ''}`,
  );
}
