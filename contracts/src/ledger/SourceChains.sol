// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICheckpointLedger} from "../interfaces/ICheckpointLedger.sol";
import {Checkpoint} from "../interfaces/Types.sol";
import {Attestations} from "../lib/Attestations.sol";

/// The source chains of a ledger: what is held of each, and what stops it.
abstract contract SourceChains is ICheckpointLedger {
    using Attestations for Checkpoint;

    /// One storage slot, read and written once for each checkpoint.
    /// @param lasting       a freeze that only the owner ends: None, Owner or Conflict
    /// @param freezeEndsAt  when the guardian's last freeze lapses or lapsed
    struct ChainState {
        uint32 interval;
        uint32 generation;
        uint64 headHeight;
        uint64 headTimestamp;
        Freeze lasting;
        uint48 freezeEndsAt;
    }

    struct Held {
        bytes32 digest;
        uint64 since;
    }

    mapping(bytes31 chainKey => ChainState) internal _chains;
    mapping(bytes32 place => Held) private _held;

    /// @inheritdoc ICheckpointLedger
    function chain(bytes31 chainKey) external view returns (Chain memory) {
        ChainState memory s = _chains[chainKey];
        return Chain(s.interval, s.generation, s.headHeight, s.headTimestamp, _freezeNow(s), s.freezeEndsAt);
    }

    /// @inheritdoc ICheckpointLedger
    function held(bytes31 chainKey, uint64 height) external view returns (bytes32 digest, uint64 since) {
        Held memory h = _held[_place(chainKey, _chains[chainKey].generation, height)];
        return (h.digest, h.since);
    }

    /// @inheritdoc ICheckpointLedger
    function acceptedAt(Checkpoint calldata checkpoint) public view returns (uint64) {
        bytes31 chainKey = checkpoint.chainKey;
        ChainState memory s = _requireChain(chainKey);
        _requireNotFrozen(chainKey, s);
        Held memory h = _held[_place(chainKey, s.generation, checkpoint.height)];
        if (h.digest == 0 || h.digest != checkpoint.digest()) revert CheckpointNotHeld(chainKey, checkpoint.height);
        return h.since;
    }

    function _registerChain(bytes31 chainKey, uint32 interval) internal {
        if (interval == 0) revert IntervalZero();
        if (_chains[chainKey].interval != 0) revert ChainExists(chainKey);
        _chains[chainKey].interval = interval;
        emit ChainRegistered(chainKey, interval);
    }

    function _heldDigest(bytes31 chainKey, uint32 generation, uint64 height) internal view returns (bytes32) {
        return _held[_place(chainKey, generation, height)].digest;
    }

    /// Holds a checkpoint and makes it the head. The caller has judged it.
    function _hold(ChainState memory s, Checkpoint memory c, bytes32 digest) internal {
        _held[_place(c.chainKey, s.generation, c.height)] = Held(digest, uint64(block.timestamp));
        (s.headHeight, s.headTimestamp) = (c.height, c.timestamp);
        _chains[c.chainKey] = s;
    }

    function _freezeLasting(bytes31 chainKey, Freeze why) internal {
        _chains[chainKey].lasting = why;
        emit ChainFrozen(chainKey, why, 0);
    }

    function _freezeForAWhile(bytes31 chainKey, uint256 duration, uint256 cooldown) internal {
        ChainState memory s = _requireChain(chainKey);
        _requireNotFrozen(chainKey, s);
        uint256 allowedFrom = s.freezeEndsAt == 0 ? 0 : s.freezeEndsAt + cooldown;
        if (block.timestamp < allowedFrom) revert GuardianCoolingDown(allowedFrom);
        uint48 endsAt = uint48(block.timestamp + duration);
        _chains[chainKey].freezeEndsAt = endsAt;
        emit ChainFrozen(chainKey, Freeze.Guardian, endsAt);
    }

    /// Starts a generation that holds `stands` alone: what earlier ones held is out of reach, not erased.
    function _reopen(bytes31 chainKey, Checkpoint memory stands) internal returns (uint32 generation) {
        ChainState memory s = _requireChain(chainKey);
        if (_freezeNow(s) == Freeze.None) revert ChainNotFrozen(chainKey);
        if (stands.chainKey != chainKey) revert ChainUnknown(stands.chainKey);
        _requireOnInterval(stands.height, s.interval);
        ++s.generation;
        s.lasting = Freeze.None;
        // The cooldown of a freeze that is cut short runs from here.
        if (s.freezeEndsAt > block.timestamp) s.freezeEndsAt = uint48(block.timestamp);
        _hold(s, stands, stands.digest());
        return s.generation;
    }

    function _requireChain(bytes31 chainKey) internal view returns (ChainState memory s) {
        s = _chains[chainKey];
        if (s.interval == 0) revert ChainUnknown(chainKey);
    }

    function _requireNotFrozen(bytes31 chainKey, ChainState memory s) internal view {
        Freeze now_ = _freezeNow(s);
        if (now_ != Freeze.None) revert ChainIsFrozen(chainKey, now_);
    }

    function _requireOnInterval(uint64 height, uint32 interval) internal pure {
        if (height == 0 || height % interval != 0) revert HeightNotOnInterval(height, interval);
    }

    function _freezeNow(ChainState memory s) private view returns (Freeze) {
        if (s.lasting != Freeze.None) return s.lasting;
        return block.timestamp < s.freezeEndsAt ? Freeze.Guardian : Freeze.None;
    }

    /// Fixed widths, so no two places collide.
    function _place(bytes31 chainKey, uint32 generation, uint64 height) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(chainKey, generation, height));
    }
}
