// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {SetRecord} from "../interfaces/Types.sol";

/// Where the hub's Coalition keeps its sealed epochs, so that a ledger on another chain can be shown one
/// by storage proof. The slot is fixed by ERC-7201 and does not move with the contract's other variables.
library EpochDigests {
    /// @custom:storage-location erc7201:phalanx.coalition.epochs
    struct Epochs {
        mapping(uint256 epoch => bytes32 digest) digests;
    }

    /// keccak256(abi.encode(uint256(keccak256("phalanx.coalition.epochs")) - 1)) & ~0xff; a test recomputes it.
    bytes32 internal constant SLOT = 0x9ed3d95cbc381b6a6ea82513188a0b636fd8e48b589eecf15d2766458ead8900;

    function epochs() internal pure returns (Epochs storage l) {
        assembly ("memory-safe") {
            l.slot := SLOT
        }
    }

    /// Storage slot of one epoch's digest.
    function slotOf(uint64 epoch) internal pure returns (bytes32) {
        return keccak256(abi.encode(uint256(epoch), SLOT));
    }

    /// What is stored: binds commitment, capacity and sealing time; the epoch is the mapping's key.
    function digest(SetRecord memory set) internal pure returns (bytes32) {
        return keccak256(abi.encode(set.commitment, set.capacity, set.sealedAt));
    }
}
