// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// What a LockBox stores for one deposit, and where: the agreement between it and a MintBridge.
library Locks {
    /// @param token        on the source chain; zero for its native coin
    /// @param destination  chain key of the chain to mint on
    /// @param bridge       the MintBridge there
    struct Lock {
        uint256 nonce;
        address token;
        uint256 amount;
        address recipient;
        bytes31 destination;
        address bridge;
    }

    /// LockBox's mapping is its first variable; a test checks this.
    uint256 internal constant MAPPING_SLOT = 0;

    /// Binds every field, the destination included, so that one deposit mints in one place.
    function digest(Lock memory lock) internal pure returns (bytes32) {
        return keccak256(abi.encode(lock));
    }

    function slotOf(uint256 nonce) internal pure returns (bytes32) {
        return keccak256(abi.encode(nonce, MAPPING_SLOT));
    }
}
