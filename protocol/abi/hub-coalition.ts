// SPDX-License-Identifier: GPL-3.0-or-later
import { parseAbi } from 'viem';
import { COALITION_ITEMS } from './coalition-items.ts';
import { STRUCTS } from './structs.ts';

/** `HubCoalition`: a Coalition with slots, epochs and their sealing. */
export const hubCoalitionAbi = parseAbi([
  ...STRUCTS,
  ...COALITION_ITEMS,
  'function capacity() external view returns (uint8)',
  'function changedLeaves() external view returns (uint256)',
  'function epochDigest(uint64 epoch) external view returns (bytes32)',
  'function epochLength() external view returns (uint48)',
  'function growCapacity(uint8 capacity_) external',
  'function latestEpoch() external view returns (SetRecord)',
  'function leaf(uint256 index) external view returns (Leaf)',
  'function sealEpoch() external returns (uint64 epoch)',
  'function sealedEpoch(uint64 epoch) external view returns (SetRecord)',
  'function syncTree(uint256 maxGroups) external',
  'event CapacityGrown(uint8 capacity)',
  'event EpochSealed(uint64 indexed epoch, uint256 commitment, uint256 root, uint8 capacity, uint64 sealedAt)',
  'event LeafUpdated(uint256 indexed index, uint256 keyX, uint256 keyY, uint64 stakeGwei)',
  'error CapacityOutOfRange(uint8 capacity)',
  'error EpochLengthOutOfRange(uint256 epochLength, uint256 trustingPeriod)',
  'error NoStake()',
  'error SetFull(uint8 capacity)',
  'error TooEarlyToSeal(uint256 notBefore)',
]);
