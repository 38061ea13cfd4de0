// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";
import {TrieBuilder} from "./TrieBuilder.sol";

/// One path through a trie as large as one likes: the siblings on the way are hashes of nothing, as nobody looks
/// behind them.
library DeepTrie {
    /// @param full    branches with all sixteen children, from the root down
    /// @param sparse  branches with two other children, below them
    struct Shape {
        uint256 full;
        uint256 sparse;
    }

    /// A path that ends at a leaf with this key.
    function withLeaf(Shape memory shape, bytes32 key, bytes memory value)
        internal
        pure
        returns (bytes32 root, bytes[] memory proof)
    {
        bytes[] memory leaf = new bytes[](2);
        leaf[0] = RLP.encode(TrieBuilder.hexPrefix(key, shape.full + shape.sparse, 64, true));
        leaf[1] = RLP.encode(value);
        return _above(shape, key, RLP.encode(leaf));
    }

    /// A path that ends at an empty child of the last sparse branch.
    function withoutLeaf(Shape memory shape, bytes32 key) internal pure returns (bytes32 root, bytes[] memory proof) {
        return _above(shape, key, "");
    }

    function _above(Shape memory shape, bytes32 key, bytes memory last)
        private
        pure
        returns (bytes32 root, bytes[] memory proof)
    {
        uint256 depth = shape.full + shape.sparse;
        proof = new bytes[](last.length == 0 ? depth : depth + 1);
        if (last.length > 0) proof[depth] = last;
        bytes memory child = last.length == 0 ? bytes(hex"80") : RLP.encode(keccak256(last));
        while (depth > 0) {
            --depth;
            proof[depth] = _branch(key, depth, depth < shape.full, child);
            child = RLP.encode(keccak256(proof[depth]));
        }
        root = keccak256(proof[0]);
    }

    function _branch(bytes32 key, uint256 depth, bool full, bytes memory child) private pure returns (bytes memory) {
        bytes[] memory items = new bytes[](17);
        uint256 place = depth < 64 ? TrieBuilder.nibble(key, depth) : 0;
        for (uint256 i = 0; i < 16; ++i) {
            bool sibling = full || i == (place + 5) % 16 || i == (place + 11) % 16;
            items[i] = sibling ? RLP.encode(keccak256(abi.encode(key, depth, i))) : bytes(hex"80");
        }
        items[place] = child;
        items[16] = hex"80";
        return RLP.encode(items);
    }
}
