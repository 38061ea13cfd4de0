// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {Checkpoint} from "./Types.sol";

/// Reads of another chain's accounts and storage, proved against a checkpoint that this chain's ledger holds.
/// A malformed or incomplete proof reverts; it never reads as absence. Reads of a frozen chain revert.
interface IStateReader {
    /// As the state trie holds it. All zero with `exists` false if the account is absent.
    struct Account {
        bool exists;
        uint64 nonce;
        uint256 balance;
        bytes32 storageRoot;
        bytes32 codeHash;
    }

    /// @param minAge  seconds since this chain's ledger accepted the checkpoint, at least
    /// @param maxAge  seconds since the source block's own timestamp, at most
    struct Age {
        uint64 minAge;
        uint64 maxAge;
    }

    error CheckpointTooYoung(uint256 age, uint256 minAge);
    error CheckpointTooOld(uint256 age, uint256 maxAge);

    /// @param accountProof  nodes from the state root down, as eth_getProof gives them
    function readAccount(
        Checkpoint calldata checkpoint,
        address account,
        bytes[] calldata accountProof,
        Age calldata age
    ) external view returns (Account memory);

    /// One word of storage. `exists` is false, and `value` zero, if it is proved absent: the account is absent,
    /// its storage is empty, or the slot is absent, which is how Ethereum stores a zero.
    /// @param storageProof  nodes from the storage root down; empty if the account is absent or has no storage
    function readStorage(
        Checkpoint calldata checkpoint,
        address account,
        bytes32 slot,
        bytes[] calldata accountProof,
        bytes[] calldata storageProof,
        Age calldata age
    ) external view returns (bool exists, uint256 value);
}
