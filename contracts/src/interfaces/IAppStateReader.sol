// SPDX-License-Identifier: MIT
pragma solidity >=0.8.24;

import {ICometBftLedger} from "./ICometBftLedger.sol";

/// Reads of a CometBFT chain's application state (a Cosmos SDK store), proved against a header that this chain's ledger
/// holds. A malformed or incomplete proof reverts; it never reads as absence. Reads while the ledger is frozen revert.
interface IAppStateReader {
    /// @param minAge  seconds since this chain's ledger accepted the header, at least
    /// @param maxAge  seconds since the header's own time, at most
    struct Age {
        uint64 minAge;
        uint64 maxAge;
    }

    error StateTooYoung(uint256 age, uint256 minAge);
    error StateTooOld(uint256 age, uint256 maxAge);

    /// What a store holds at a key, by the two proofs that a node answers to `abci_query` on `/store/<name>/key` with
    /// `prove`. The header of height H carries the state after block H - 1: ask for height H - 1, show the header H.
    /// @param store       name of the store
    /// @param key         not empty
    /// @param storeProof  CommitmentProof of the operation `ics23:iavl`: the value in the store, or its absence
    /// @param rootProof   CommitmentProof of the operation `ics23:simple`: the store's root in the app hash
    /// @return exists  false, and the value empty, if there is nothing at the key
    function readStore(
        ICometBftLedger.ConsensusState calldata state,
        string calldata store,
        bytes calldata key,
        bytes calldata storeProof,
        bytes calldata rootProof,
        Age calldata age
    ) external view returns (bool exists, bytes memory value);
}
