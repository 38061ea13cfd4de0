// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Collateral} from "./Collateral.sol";
import {ConsensusBindings} from "./ConsensusBindings.sol";
import {Slashing} from "./Slashing.sol";
import {ValidatorTree} from "./ValidatorTree.sol";
import {ICoalition} from "./interfaces/ICoalition.sol";
import {IConsensusJudge} from "./interfaces/IConsensusJudge.sol";
import {IHubCoalition} from "./interfaces/IHubCoalition.sol";
import {IHubEpochs} from "./interfaces/IHubEpochs.sol";
import {IVerifierRegistry} from "./interfaces/IVerifierRegistry.sol";
import {SetRecord} from "./interfaces/Types.sol";
import {Domains} from "./lib/Domains.sol";
import {EpochDigests} from "./lib/EpochDigests.sol";
import {ValidatorSets} from "./lib/ValidatorSets.sol";

/// Collateral on the hub, whose stakes are votes: slots of the tree, epochs and their sealing.
contract HubCoalition is IHubCoalition, ConsensusBindings, ValidatorTree {
    uint48 public immutable epochLength;
    uint8 public capacity;
    uint64 private _epoch;
    uint64 private _sealedAt;

    mapping(uint64 epoch => uint256 commitment) private _commitments;
    mapping(uint256 commitment => SetRecord) private _sets;
    /// The key that holds a slot, or held it last.
    bytes32[MAX_CAPACITY] private _keyAt;
    /// Second from which a slot may be given to another key; 0 if it never had one, maximal while it has.
    uint64[MAX_CAPACITY] private _freeFrom;

    /// @param owner_          timelock with a delay shorter than unbonding
    /// @param judge_          of consensus keys' votes on other chains
    /// @param localChainKey_  the hub's own; it cannot be checked here, as it binds the genesis block
    constructor(
        address owner_,
        IVerifierRegistry verifiers_,
        IConsensusJudge judge_,
        bytes31 localChainKey_,
        Periods memory periods_,
        Policy memory policy_,
        uint48 epochLength_,
        uint8 capacity_
    )
        Collateral(owner_, verifiers_, localChainKey_, address(this), localChainKey_, periods_, policy_)
        ConsensusBindings(judge_, Domains.consensusKey(localChainKey_, address(this)))
    {
        // Sets that expire before the next can be sealed would stop every ledger.
        if (epochLength_ == 0 || epochLength_ >= periods_.trustingPeriod) {
            revert EpochLengthOutOfRange(epochLength_, periods_.trustingPeriod);
        }
        if (!ValidatorSets.isCapacity(capacity_)) revert CapacityOutOfRange(capacity_);
        epochLength = epochLength_;
        capacity = capacity_;
    }

    /// @inheritdoc IHubCoalition
    function sealEpoch() external returns (uint64 epoch) {
        uint256 notBefore = _epoch == 0 ? 0 : uint256(_sealedAt) + epochLength;
        if (block.timestamp < notBefore) revert TooEarlyToSeal(notBefore);
        // An empty set has no quorum, so a ledger that took it could never take another.
        if (totals.stakeGwei == 0) revert NoStake();
        _syncTree(type(uint256).max);

        epoch = ++_epoch;
        uint64 sealedAt = uint64(block.timestamp);
        _sealedAt = sealedAt;
        uint8 capacity_ = capacity;
        uint256 root = _root(capacity_);
        uint256 commitment = ValidatorSets.commitment(root, capacity_, epoch);
        SetRecord memory set = SetRecord(commitment, epoch, sealedAt, capacity_);
        _commitments[epoch] = commitment;
        _sets[commitment] = set;
        EpochDigests.epochs().digests[epoch] = EpochDigests.digest(set);
        emit EpochSealed(epoch, commitment, root, capacity_, sealedAt);
    }

    /// @inheritdoc IHubCoalition
    function syncTree(uint256 maxGroups) external {
        _syncTree(maxGroups);
    }

    /// @inheritdoc IHubCoalition
    function growCapacity(uint8 capacity_) external onlyOwner {
        if (!ValidatorSets.isCapacity(capacity_) || capacity_ <= capacity) revert CapacityOutOfRange(capacity_);
        capacity = capacity_;
        emit CapacityGrown(capacity_);
    }

    /// @inheritdoc ICoalition
    function setRecord(uint256 commitment) public view override(ICoalition, Slashing) returns (SetRecord memory) {
        return _sets[commitment];
    }

    /// @inheritdoc IHubCoalition
    function latestEpoch() external view returns (SetRecord memory) {
        return _sets[_commitments[_epoch]];
    }

    /// @inheritdoc IHubCoalition
    function sealedEpoch(uint64 epoch) external view returns (SetRecord memory) {
        return _sets[_commitments[epoch]];
    }

    /// @inheritdoc IHubEpochs
    function epochDigest(uint64 epoch) external view returns (bytes32) {
        return EpochDigests.epochs().digests[epoch];
    }

    /// @inheritdoc IHubCoalition
    function leaf(uint256 index) external view returns (Leaf memory) {
        return _leafContent(index);
    }

    /// @inheritdoc IHubCoalition
    function changedLeaves() external view returns (uint256) {
        return _changedLeaves();
    }

    function _leafContent(uint256 index) internal view override returns (Leaf memory l) {
        Validator storage v = _validators[_keyAt[index]];
        if (v.status == Status.Active) l = Leaf(v.keyX, v.keyY, v.stakeGwei);
    }

    function _joined(bytes32 keyId, Validator storage v) internal override {
        uint8 index = _freeSlot();
        _freeFrom[index] = type(uint64).max;
        _keyAt[index] = keyId;
        v.leafIndex = index;
        _stakeChanged(v);
    }

    function _stakeChanged(Validator storage v) internal override {
        _markLeaf(v.leafIndex);
        emit LeafUpdated(v.leafIndex, v.keyX, v.keyY, v.stakeGwei);
    }

    /// The slot stays free for as long as evidence can name the key that held it.
    function _left(Validator storage v) internal override {
        _freeFrom[v.leafIndex] = _delayFromNow();
        _markLeaf(v.leafIndex);
        emit LeafUpdated(v.leafIndex, 0, 0, 0);
    }

    function _freeSlot() private view returns (uint8) {
        uint256 slots = capacity;
        for (uint256 i = 0; i < slots; ++i) {
            if (_freeFrom[i] <= block.timestamp) return uint8(i);
        }
        revert SetFull(capacity);
    }
}
