// SPDX-License-Identifier: GPL-3.0-or-later
import { parseAbi } from 'viem';

/** What is used of OpenZeppelin's `TimelockController`, the owner of every contract. */
export const timelockAbi = parseAbi([
  'function cancel(bytes32 id) external',
  'function execute(address target, uint256 value, bytes payload, bytes32 predecessor, bytes32 salt) external payable',
  'function getMinDelay() external view returns (uint256)',
  'function getOperationState(bytes32 id) external view returns (uint8)',
  'function getTimestamp(bytes32 id) external view returns (uint256)',
  'function hashOperation(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt) external pure returns (bytes32)',
  'function isOperationDone(bytes32 id) external view returns (bool)',
  'function isOperationPending(bytes32 id) external view returns (bool)',
  'function isOperationReady(bytes32 id) external view returns (bool)',
  'function schedule(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt, uint256 delay) external',
  'event CallExecuted(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data)',
  'event CallScheduled(bytes32 indexed id, uint256 indexed index, address target, uint256 value, bytes data, bytes32 predecessor, uint256 delay)',
  'event Cancelled(bytes32 indexed id)',
  'error AccessControlUnauthorizedAccount(address account, bytes32 neededRole)',
  'error TimelockInsufficientDelay(uint256 delay, uint256 minDelay)',
  'error TimelockInvalidOperationLength(uint256 targets, uint256 payloads, uint256 values)',
  'error TimelockUnexpectedOperationState(bytes32 operationId, bytes32 expectedStates)',
]);
