// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICheckpointLedger} from "../interfaces/ICheckpointLedger.sol";
import {SetRecord} from "../interfaces/Types.sol";

/// The validator sets a ledger knows. Trust ends with time, or when the owner's recovery names another set;
/// knowledge does not end, because slashing needs it.
abstract contract TrustedSets is ICheckpointLedger {
    /// @param trustRound  recoveries before it was trusted; sets of an earlier round are revoked
    struct StoredSet {
        uint64 epoch;
        uint64 sealedAt;
        uint8 capacity;
        uint64 trustRound;
    }

    uint64 private constant NEVER_TRUSTED = type(uint64).max;

    mapping(uint256 commitment => StoredSet) private _sets;
    uint256 private _latestCommitment;
    uint64 private _latestEpoch;

    error SetMalformed(uint256 commitment, uint64 epoch, uint8 capacity);

    /// @inheritdoc ICheckpointLedger
    function setRecord(uint256 commitment) public view returns (SetRecord memory) {
        StoredSet memory s = _sets[commitment];
        return s.capacity == 0 ? SetRecord(0, 0, 0, 0) : SetRecord(commitment, s.epoch, s.sealedAt, s.capacity);
    }

    /// @inheritdoc ICheckpointLedger
    function isTrusted(uint256 commitment) external view returns (bool) {
        StoredSet memory s = _sets[commitment];
        (uint256 round, uint256 period) = _trustTerms();
        return s.capacity != 0 && s.trustRound == round && block.timestamp <= s.sealedAt + period;
    }

    /// @inheritdoc ICheckpointLedger
    function latestSet() external view returns (uint256 commitment, uint64 epoch) {
        return (_latestCommitment, _latestEpoch);
    }

    /// Recoveries so far, and for how many seconds after its sealing a set is believed. The ledger keeps both where
    /// it reads them with everything else it needs for a checkpoint.
    function _trustTerms() internal view virtual returns (uint256 round, uint256 period);

    function _nextTrustRound() internal virtual;

    /// Capacity of a set whose quorum is believed now; reverts for any other.
    function _requireTrusted(uint256 commitment) internal view returns (uint8) {
        StoredSet memory s = _sets[commitment];
        if (s.capacity == 0) revert SetUnknown(commitment);
        (uint256 round, uint256 period) = _trustTerms();
        if (s.trustRound != round) revert SetRevoked(commitment);
        if (block.timestamp > s.sealedAt + period) revert SetExpired(commitment, s.sealedAt + period);
        return s.capacity;
    }

    /// The way forward: a strictly higher epoch. A revoked set has no way back but the owner's word.
    function _trustNext(SetRecord memory next) internal {
        if (next.epoch <= _latestEpoch) revert EpochNotRising(next.epoch, _latestEpoch);
        if (_sets[next.commitment].capacity != 0) revert SetRevoked(next.commitment);
        _trust(next);
    }

    /// Knowledge without trust, of the past only, so that it can stand in no rotation's way.
    function _learn(SetRecord memory past) internal {
        if (past.epoch >= _latestEpoch) revert EpochNotPast(past.epoch, _latestEpoch);
        if (_sets[past.commitment].capacity != 0) revert SetAlreadyKnown(past.commitment);
        _sets[past.commitment] = StoredSet(past.epoch, past.sealedAt, past.capacity, NEVER_TRUSTED);
        emit SetLearned(past.commitment, past.epoch, past.sealedAt, past.capacity);
    }

    /// Recovery: this set alone is trusted from now on, whatever its epoch.
    function _trustOnly(SetRecord memory set) internal {
        _nextTrustRound();
        _trust(set);
    }

    function _trust(SetRecord memory set) internal {
        if (set.commitment == 0 || set.epoch == 0 || set.capacity == 0) {
            revert SetMalformed(set.commitment, set.epoch, set.capacity);
        }
        (uint256 round,) = _trustTerms();
        _sets[set.commitment] = StoredSet(set.epoch, set.sealedAt, set.capacity, uint64(round));
        (_latestCommitment, _latestEpoch) = (set.commitment, set.epoch);
        emit SetTrusted(set.commitment, set.epoch, set.sealedAt, set.capacity);
    }
}
