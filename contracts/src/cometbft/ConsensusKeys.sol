// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {SimpleMerkle} from "./SimpleMerkle.sol";

/// A CometBFT validator set of Ed25519 keys, packed: for each validator 32 bytes of key and 8 of voting power,
/// big-endian, in the set's own order. Keys are their encodings: two encodings of one point are two validators, as on
/// the chain.
library ConsensusKeys {
    uint256 internal constant SIZE = 40;
    /// CometBFT's MaxTotalVotingPower: (2^63 - 1) / 8, rounded down.
    uint256 internal constant MAX_TOTAL_POWER = (1 << 60) - 1;

    error ValidatorsMalformed(uint256 length);
    error TotalPowerTooLarge(uint256 actual, uint256 max);
    /// A key signed at two places of a set, which CometBFT makes no set with.
    error ValidatorRepeated(bytes32 key);

    /// The set's hash, as headers have it, and the sum of its powers, in [0, MAX_TOTAL_POWER]. A leaf is
    /// SimpleValidator { pub_key: PublicKey { ed25519: key }, voting_power }.
    /// @return root  also binds the number of validators, since leaves and inner nodes are hashed apart
    function hash(bytes calldata set) internal view returns (bytes32 root, uint256 totalPower) {
        if (set.length % SIZE != 0) revert ValidatorsMalformed(set.length);
        bytes32[] memory leaves = new bytes32[](set.length / SIZE);
        bool ok = true;
        assembly ("memory-safe") {
            // 0x00 | 0a 22 | 0a 20 | key | 10 | power, at most 48 bytes, above the free memory.
            let buffer := mload(0x40)
            mstore(buffer, shl(216, 0x000a220a20))
            mstore8(add(buffer, 37), 0x10)
            let to := add(leaves, 32)
            let from := set.offset
            for { let last := add(from, set.length) } lt(from, last) { from := add(from, 40) } {
                mstore(add(buffer, 5), calldataload(from))
                let power := shr(192, calldataload(add(from, 32)))
                totalPower := add(totalPower, power) // calldata holds too few numbers of 64 bits for an overflow
                let end := add(buffer, 37)
                if power {
                    // As Protobuf.writeVarint.
                    end := add(end, 1)
                    for {} gt(power, 0x3fff) { power := shr(14, power) } {
                        mstore8(end, or(power, 0x80))
                        mstore8(add(end, 1), or(shr(7, power), 0x80))
                        end := add(end, 2)
                    }
                    if gt(power, 0x7f) {
                        mstore8(end, or(power, 0x80))
                        end := add(end, 1)
                        power := shr(7, power)
                    }
                    mstore8(end, power)
                    end := add(end, 1)
                }
                ok := and(ok, staticcall(gas(), 2, buffer, sub(end, buffer), to, 32))
                to := add(to, 32)
            }
        }
        if (!ok) revert SimpleMerkle.PrecompileFailed();
        // Each power is then in range, too.
        if (totalPower > MAX_TOTAL_POWER) revert TotalPowerTooLarge(totalPower, MAX_TOTAL_POWER);
        root = SimpleMerkle.root(leaves);
    }

    function count(bytes calldata set) internal pure returns (uint256) {
        return set.length / SIZE;
    }

    /// @param index  < count(set), which the caller has checked
    function atNoCheck(bytes calldata set, uint256 index) internal pure returns (bytes32 key, uint64 power) {
        assembly ("memory-safe") {
            let at := add(set.offset, mul(index, 40))
            key := calldataload(at)
            power := shr(192, calldataload(add(at, 32)))
        }
    }
}
