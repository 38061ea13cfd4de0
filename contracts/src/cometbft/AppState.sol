// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Ics23} from "./Ics23.sol";
import {Ics23Ops} from "./Ics23Ops.sol";

/// The state of a Cosmos SDK application under its app hash: a simple tree from the names of stores to their roots, and
/// for each store an IAVL tree.
library AppState {
    error StoreAbsent(bytes store);
    error StoreRootMalformed(uint256 length);

    /// @param storeProof  in the store's tree: the value or its absence
    /// @param rootProof   in the app hash: the store's root
    function read(
        bytes32 appHash,
        bytes memory store,
        bytes memory key,
        bytes calldata storeProof,
        bytes calldata rootProof
    ) internal view returns (bool exists, bytes memory value) {
        (bool hasStore, bytes memory root) = Ics23.read(Ics23Ops.Tree.Simple, appHash, store, rootProof);
        if (!hasStore) revert StoreAbsent(store);
        if (root.length != 32) revert StoreRootMalformed(root.length);
        return Ics23.read(Ics23Ops.Tree.Iavl, bytes32(root), key, storeProof);
    }
}
