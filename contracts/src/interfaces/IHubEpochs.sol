// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

/// The part of the hub's Coalition that ledgers depend on.
interface IHubEpochs {
    /// keccak256(abi.encode(uint256 commitment, uint8 capacity, uint64 sealedAt)) of a sealed epoch, else zero.
    /// It lies in storage at keccak256(abi.encode(uint256 epoch, ERC-7201 slot of "phalanx.coalition.epochs")).
    function epochDigest(uint64 epoch) external view returns (bytes32);
}
