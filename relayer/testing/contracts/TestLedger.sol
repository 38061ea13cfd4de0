// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICheckpointLedger} from "../../../contracts/src/interfaces/ICheckpointLedger.sol";
import {IVerifierRegistry} from "../../../contracts/src/interfaces/IVerifierRegistry.sol";
import {Attestation, Checkpoint, Proof, SetRecord} from "../../../contracts/src/interfaces/Types.sol";

/// Stands in for CheckpointLedger and its registry, with their answers and none of their checks: what the relayer, the
/// attester and the watcher do with answers is tested here; the contracts themselves have their own tests.
contract TestLedger {
    uint256 public effects;
    uint256 private _latest;
    uint64 private _epoch;
    mapping(bytes32 keyHash => IVerifierRegistry.Entry) private _entries;
    mapping(bytes31 chainKey => ICheckpointLedger.Chain) private _chains;
    mapping(bytes31 chainKey => mapping(uint64 height => bytes32)) private _held;
    mapping(uint256 commitment => bool) public refusedSets;
    mapping(uint256 commitment => bool) public expiredSets;

    function VERIFIERS() external view returns (address) {
        return address(this);
    }

    function entry(bytes32 keyHash) external view returns (IVerifierRegistry.Entry memory) {
        return _entries[keyHash];
    }

    function setEntry(bytes32 keyHash, address verifier, uint40 retiresAt) external {
        _entries[keyHash] = IVerifierRegistry.Entry(verifier, 0, 0, 0, retiresAt);
    }

    function setLatest(uint256 commitment, uint64 epoch) external {
        (_latest, _epoch) = (commitment, epoch);
    }

    function refuse(uint256 commitment, bool refused, bool expired) external {
        (refusedSets[commitment], expiredSets[commitment]) = (refused, expired);
    }

    function latestSet() external view returns (uint256, uint64) {
        return (_latest, _epoch);
    }

    function chain(bytes31 chainKey) external view returns (ICheckpointLedger.Chain memory) {
        return _chains[chainKey];
    }

    function held(bytes31 chainKey, uint64 height) external view returns (bytes32, uint64) {
        return (_held[chainKey][height], 0);
    }

    function hold(Checkpoint calldata c) external {
        _held[c.chainKey][c.height] = keccak256(abi.encode(c));
    }

    function policy() external pure returns (ICheckpointLedger.Policy memory) {
        return ICheckpointLedger.Policy(20_000, 1, 1, 1, 1, 1);
    }

    function rotateLocal(SetRecord calldata next) external {
        require(next.epoch > _epoch);
        (_latest, _epoch) = (next.commitment, next.epoch);
        ++effects;
    }

    function submitCheckpoint(Attestation calldata a, uint256 signers, bytes32 keyHash, Proof calldata proof)
        external
        returns (ICheckpointLedger.Outcome)
    {
        Checkpoint calldata c = a.checkpoint;
        ICheckpointLedger.Chain storage s = _chains[c.chainKey];
        if (s.freeze != ICheckpointLedger.Freeze.None) revert ICheckpointLedger.ChainIsFrozen(c.chainKey, s.freeze);
        if (refusedSets[uint256(a.setCommitment)]) revert ICheckpointLedger.SetUnknown(uint256(a.setCommitment));
        if (expiredSets[uint256(a.setCommitment)]) revert ICheckpointLedger.SetExpired(uint256(a.setCommitment), 0);
        bytes32 digest = keccak256(abi.encode(c));
        bytes32 held = _held[c.chainKey][c.height];
        if (held == digest) return ICheckpointLedger.Outcome.Known;
        if (held != 0) {
            s.freeze = ICheckpointLedger.Freeze.Conflict;
            emit ICheckpointLedger.CheckpointConflict(
                c.chainKey, c.height, held, 20_000, a, signers, keyHash, proof
            );
            emit ICheckpointLedger.ChainFrozen(c.chainKey, s.freeze, 0);
            return ICheckpointLedger.Outcome.Conflict;
        }
        if (c.height <= s.headHeight) return ICheckpointLedger.Outcome.Superseded;
        s.headHeight = c.height;
        _held[c.chainKey][c.height] = digest;
        ++effects;
        emit ICheckpointLedger.CheckpointAccepted(c.chainKey, c.height, 0, 20_000, a, signers, keyHash, proof);
        return ICheckpointLedger.Outcome.Updated;
    }
}
