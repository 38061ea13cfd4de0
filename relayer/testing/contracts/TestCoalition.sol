// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICoalition} from "../../../contracts/src/interfaces/ICoalition.sol";
import {IHubCoalition} from "../../../contracts/src/interfaces/IHubCoalition.sol";
import {Attestation, Proof, SetRecord} from "../../../contracts/src/interfaces/Types.sol";

/// Stands in for HubCoalition, with its answers and none of its checks.
contract TestCoalition {
    address public immutable VERIFIERS;
    uint256 public effects;
    uint64 public epoch;
    uint256 public notBefore;
    mapping(uint64 epoch => bytes32) public epochDigest;
    mapping(bytes32 keyId => ICoalition.Validator) private _validators;
    mapping(bytes32 keyId => bool) public tombstoned;

    constructor(address registry_) {
        VERIFIERS = registry_;
    }

    function validator(bytes32 keyId) external view returns (ICoalition.Validator memory) {
        return _validators[keyId];
    }

    function latestEpoch() external view returns (SetRecord memory) {
        return SetRecord(0, epoch, 0, 0);
    }

    function setLeaf(uint256 index, uint256 keyX, uint256 keyY, uint64 stakeGwei) external {
        _validators[keccak256(abi.encode(keyX, keyY))].status = ICoalition.Status.Active;
        emit IHubCoalition.LeafUpdated(index, keyX, keyY, stakeGwei);
    }

    function setNotBefore(uint256 value) external {
        notBefore = value;
    }

    function sealEpoch() external returns (uint64) {
        if (block.timestamp < notBefore) revert IHubCoalition.TooEarlyToSeal(notBefore);
        notBefore = type(uint256).max;
        ++effects;
        return ++epoch;
    }

    function sealSet(uint256 commitment, uint256 root, uint8 capacity) external {
        uint64 sealedAt = uint64(block.timestamp);
        epochDigest[++epoch] = keccak256(abi.encode(commitment, capacity, sealedAt));
        emit IHubCoalition.EpochSealed(epoch, commitment, root, capacity, sealedAt);
    }

    function slashEquivocation(
        Attestation calldata,
        Attestation calldata,
        uint256,
        uint256,
        uint256 keyX,
        uint256 keyY,
        bytes32,
        Proof calldata
    ) external returns (ICoalition.SlashOutcome) {
        bytes32 keyId = keccak256(abi.encode(keyX, keyY));
        if (tombstoned[keyId]) return ICoalition.SlashOutcome.Already;
        tombstoned[keyId] = true;
        ++effects;
        return ICoalition.SlashOutcome.Slashed;
    }
}
