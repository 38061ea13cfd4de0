// SPDX-License-Identifier: GPL-3.0-or-later
import { parseAbi } from 'viem';

/** Of the example: `LockBox`. */
export const lockBoxAbi = parseAbi([
  'function lock(address token, uint256 amount, address recipient, bytes31 destination, address bridge) external payable returns (uint256 nonce)',
  'function locks(uint256 nonce) external view returns (bytes32 digest)',
  'function nextNonce() external view returns (uint256)',
  'event Locked(uint256 indexed nonce, address indexed token, uint256 amount, address recipient, bytes31 destination, address bridge)',
  'error NothingLocked()',
  'error SafeERC20FailedOperation(address token)',
  'error UnexpectedValue(uint256 value)',
]);
