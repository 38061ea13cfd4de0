// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {ICoalition} from "./ICoalition.sol";
import {IHubEpochs} from "./IHubEpochs.sol";
import {SetRecord} from "./Types.sol";

/// The Coalition on the hub: its stakes are the votes. They lie in a Poseidon tree that is 4-ary with a binary top
/// at capacity 128; leaf = Poseidon(keyX, keyY, stakeGwei), 0 if empty. Sealing an epoch fixes
/// Poseidon(root, capacity, epoch) as that epoch's validator set.
///
/// To rebuild a sealed set: apply every LeafUpdated up to its EpochSealed, in order.
interface IHubCoalition is ICoalition, IHubEpochs {
    /// The slot's present content; all zero when the key leaves it.
    event LeafUpdated(uint256 indexed index, uint256 keyX, uint256 keyY, uint64 stakeGwei);
    /// @param sealedAt  in seconds; ledgers trust the set from here for their trusting period
    event EpochSealed(uint64 indexed epoch, uint256 commitment, uint256 root, uint8 capacity, uint64 sealedAt);
    event CapacityGrown(uint8 capacity);

    error SetFull(uint8 capacity);
    error TooEarlyToSeal(uint256 notBefore);
    error NoStake();
    error CapacityOutOfRange(uint8 capacity);
    error EpochLengthOutOfRange(uint256 epochLength, uint256 trustingPeriod);

    /// Seals the present stakes as the next epoch. Anyone may, epochLength after the last one.
    function sealEpoch() external returns (uint64 epoch);

    /// Hashes changed leaves into the tree ahead of a sealing, which does the rest by itself; useful only to spread
    /// the gas of a very large change over several transactions.
    /// @param maxGroups  of four neighbouring leaves each
    function syncTree(uint256 maxGroups) external;

    /// From 16 to 64 or 128, or from 64 to 128, from the next sealing on. Owner only. Costs nothing: a smaller tree
    /// is the left-most subtree of a larger one. Ledgers must know the larger circuit's verifier first.
    function growCapacity(uint8 capacity) external;

    /// Slots of the tree: 16, 64 or 128.
    function capacity() external view returns (uint8);

    /// Least seconds between two sealings; shorter than the trusting period.
    function epochLength() external view returns (uint48);

    /// The last sealed epoch; all zero before the first.
    function latestEpoch() external view returns (SetRecord memory);

    /// A sealed epoch; all zero if there is none.
    function sealedEpoch(uint64 epoch) external view returns (SetRecord memory);

    /// A slot's present content, which the next sealing will hold.
    function leaf(uint256 index) external view returns (Leaf memory);

    /// Bitmap of leaves that changed since they were last hashed into the tree.
    function changedLeaves() external view returns (uint256);
}
