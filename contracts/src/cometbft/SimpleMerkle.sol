// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// CometBFT's Merkle tree (crypto/merkle, after RFC 6962): SHA-256, 0x00 before a leaf, 0x01 before two children, and
/// n > 1 leaves split at the largest power of two below n.
library SimpleMerkle {
    /// SHA-256 of nothing: the root of no leaves.
    bytes32 internal constant EMPTY_ROOT = 0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855;
    /// SHA-256 of 0x00: a leaf without content.
    bytes32 internal constant EMPTY_LEAF = 0x6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d;

    error PrecompileFailed();

    function leaf(bytes memory content) internal pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0), content));
    }

    /// Root over hashes of leaves. Uses the array up: neither its elements nor its length mean anything afterwards.
    ///
    /// Layer by layer: neighbours are paired and a last odd node moves up as it is. That gives the same tree as the
    /// split: the left part has 2^k leaves and so pairs within itself for k layers, and what is right of it, if odd in
    /// number, ends in the node that is left over.
    /// @dev The prefix of pair i is put over the byte before it. For i > 0 that byte belongs to pair i - 1, already
    /// hashed, and lies behind the i results so far; for i = 0 to the array's length.
    function root(bytes32[] memory leaves) internal view returns (bytes32 result) {
        if (leaves.length == 0) return EMPTY_ROOT;
        bool ok = true;
        assembly ("memory-safe") {
            let count := mload(leaves)
            let base := add(leaves, 32)
            for {} gt(count, 1) {} {
                let from := add(leaves, 31)
                let to := base
                for { let end := add(base, shl(5, shr(1, count))) } lt(to, end) { to := add(to, 32) } {
                    mstore8(from, 1)
                    ok := and(ok, staticcall(gas(), 2, from, 65, to, 32))
                    from := add(from, 64)
                }
                let odd := and(count, 1)
                if odd { mstore(to, mload(add(from, 1))) }
                count := add(shr(1, count), odd)
            }
            result := mload(base)
        }
        // The precompile fails only for want of gas, and then leaves what was there.
        if (!ok) revert PrecompileFailed();
    }
}
