// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {PoseidonT3} from "poseidon-solidity/PoseidonT3.sol";
import {PoseidonT4} from "poseidon-solidity/PoseidonT4.sol";
import {PoseidonT5} from "poseidon-solidity/PoseidonT5.sol";
import {ICoalition} from "../interfaces/ICoalition.sol";

/// Hashes of a validator set, as the quorum circuit has them: Poseidon with circomlib's parameters.
/// Inputs are < FR, or the library would reduce them and two keys share a hash; callers enforce it.
/// At every level 0 stands for a subtree without a leaf, so storage that was never written reads right.
library ValidatorSets {
    /// Order of BN254's scalar field.
    uint256 internal constant FR = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    /// Roots of empty 4-ary trees of 1, 2 and 3 levels: E1 = Poseidon(0, 0, 0, 0), E2 = Poseidon(E1, E1, E1, E1), ...
    uint256 internal constant E1 = 2351654555892372227640888372176282444150254868378439619268573230312091195718;
    uint256 internal constant E2 = 13867732332339151465497925642082178974038372652152621168903203076445231043372;
    uint256 internal constant E3 = 12482638920258770416445069396084160696706909713694235655126678204295434816978;

    function isCapacity(uint8 capacity) internal pure returns (bool) {
        return capacity == 16 || capacity == 64 || capacity == 128;
    }

    function leaf(uint256 keyX, uint256 keyY, uint64 stakeGwei) internal pure returns (uint256) {
        return PoseidonT4.hash([keyX, keyY, uint256(stakeGwei)]);
    }

    /// Binds root, capacity and epoch into what validators name when they vote.
    function commitment(uint256 root_, uint8 capacity, uint64 epoch) internal pure returns (uint256) {
        return PoseidonT4.hash([root_, uint256(capacity), uint256(epoch)]);
    }

    /// Parent of four nodes.
    /// @param level  of the children: 0 for leaves
    function node(uint256 level, uint256[4] memory children) internal pure returns (uint256) {
        if (children[0] | children[1] | children[2] | children[3] == 0) return 0;
        uint256 none = emptyAt(level);
        for (uint256 i = 0; i < 4; ++i) {
            if (children[i] == 0) children[i] = none;
        }
        return PoseidonT5.hash(children);
    }

    /// Root over subtrees of 16 leaves.
    /// @param subtrees  capacity / 16 of them
    function root(uint256[] memory subtrees, uint8 capacity) internal pure returns (uint256) {
        if (capacity == 16) return orEmpty(2, subtrees[0]);
        uint256 left = orEmpty(3, node(2, [subtrees[0], subtrees[1], subtrees[2], subtrees[3]]));
        if (capacity == 64) return left;
        uint256 right = orEmpty(3, node(2, [subtrees[4], subtrees[5], subtrees[6], subtrees[7]]));
        return PoseidonT3.hash([left, right]);
    }

    /// Commitment of a set that is given whole.
    /// @param leaves  `capacity` of them
    function commitmentOf(ICoalition.Leaf[] calldata leaves, uint8 capacity, uint64 epoch)
        internal
        pure
        returns (uint256)
    {
        uint256[] memory subtrees = new uint256[](capacity / 16);
        for (uint256 s = 0; s < subtrees.length; ++s) {
            uint256[4] memory groups;
            for (uint256 g = 0; g < 4; ++g) {
                uint256[4] memory hashes;
                for (uint256 i = 0; i < 4; ++i) {
                    hashes[i] = _leafHash(leaves[16 * s + 4 * g + i], 16 * s + 4 * g + i);
                }
                groups[g] = node(0, hashes);
            }
            subtrees[s] = node(1, groups);
        }
        return commitment(root(subtrees, capacity), capacity, epoch);
    }

    function orEmpty(uint256 level, uint256 hash) internal pure returns (uint256) {
        return hash == 0 ? emptyAt(level) : hash;
    }

    function emptyAt(uint256 level) internal pure returns (uint256) {
        return level == 0 ? 0 : level == 1 ? E1 : level == 2 ? E2 : E3;
    }

    function _leafHash(ICoalition.Leaf calldata l, uint256 index) private pure returns (uint256) {
        if (l.keyX >= FR || l.keyY >= FR) revert ICoalition.LeafNotCanonical(index);
        if (l.keyX | l.keyY | l.stakeGwei == 0) return 0;
        return leaf(l.keyX, l.keyY, l.stakeGwei);
    }
}
