// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {AppState} from "../../src/cometbft/AppState.sol";
import {Ics23} from "../../src/cometbft/Ics23.sol";
import {Ics23Ops} from "../../src/cometbft/Ics23Ops.sol";

/// The libraries' calldata functions, called from outside.
contract Ics23Caller {
    function read(Ics23Ops.Tree tree, bytes32 root, bytes calldata key, bytes calldata proof)
        external
        view
        returns (bool, bytes memory)
    {
        return Ics23.read(tree, root, key, proof);
    }

    function readStore(
        bytes32 appHash,
        bytes calldata store,
        bytes calldata key,
        bytes calldata storeProof,
        bytes calldata rootProof
    ) external view returns (bool, bytes memory) {
        return AppState.read(appHash, store, key, storeProof, rootProof);
    }
}
