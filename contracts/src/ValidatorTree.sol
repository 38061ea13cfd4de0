// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICoalition} from "./interfaces/ICoalition.sol";
import {ValidatorSets} from "./lib/ValidatorSets.sol";

/// The hub's incremental Poseidon tree. One path costs about 200k gas to hash, too much for a slashing, so a change
/// only marks its leaf; hashing comes later, and leaves that changed together share their upper nodes.
/// The root is read only when nothing is marked.
abstract contract ValidatorTree {
    uint256 internal constant MAX_CAPACITY = 128;
    /// Keeps the bitmap's word non-zero: marking the first leaf then costs 5k gas, not 22k.
    uint256 private constant NEVER_ZERO = 1 << 255;

    uint256 private _changed = NEVER_ZERO;
    uint256[128] private _leaves;
    /// Nodes over 4 leaves, and over 16. What lies above is hashed on reading, so that growth moves nothing.
    uint256[32] private _groups;
    uint256[8] private _subtrees;

    /// What a leaf holds now; all zero if empty.
    function _leafContent(uint256 index) internal view virtual returns (ICoalition.Leaf memory);

    function _markLeaf(uint256 index) internal {
        _changed |= 1 << index;
    }

    function _changedLeaves() internal view returns (uint256) {
        return _changed ^ NEVER_ZERO;
    }

    /// Hashes up to maxGroups changed groups of four leaves, and the subtrees above them.
    function _syncTree(uint256 maxGroups) internal {
        uint256 changed = _changedLeaves();
        for (uint256 s = 0; s < 8 && maxGroups != 0; ++s) {
            if ((changed >> (16 * s)) & 0xffff == 0) continue;
            uint256[4] memory groups;
            for (uint256 i = 0; i < 4; ++i) {
                uint256 g = 4 * s + i;
                uint256 marks = (changed >> (4 * g)) & 0xf;
                if (marks != 0 && maxGroups != 0) {
                    _groups[g] = _hashGroup(g, marks);
                    changed ^= marks << (4 * g);
                    --maxGroups;
                }
                groups[i] = _groups[g];
            }
            _subtrees[s] = ValidatorSets.node(1, groups);
        }
        _changed = changed | NEVER_ZERO;
    }

    /// Root of the first `capacity` leaves; they are in step with _leafContent if no leaf is marked.
    function _root(uint8 capacity) internal view returns (uint256) {
        uint256[] memory subtrees = new uint256[](capacity / 16);
        for (uint256 s = 0; s < subtrees.length; ++s) {
            subtrees[s] = _subtrees[s];
        }
        return ValidatorSets.root(subtrees, capacity);
    }

    function _hashGroup(uint256 group, uint256 marks) private returns (uint256) {
        uint256[4] memory hashes;
        for (uint256 i = 0; i < 4; ++i) {
            uint256 index = 4 * group + i;
            if ((marks >> i) & 1 == 1) _leaves[index] = _leafHash(index);
            hashes[i] = _leaves[index];
        }
        return ValidatorSets.node(0, hashes);
    }

    function _leafHash(uint256 index) private view returns (uint256) {
        ICoalition.Leaf memory l = _leafContent(index);
        return l.stakeGwei == 0 ? 0 : ValidatorSets.leaf(l.keyX, l.keyY, l.stakeGwei);
    }
}
