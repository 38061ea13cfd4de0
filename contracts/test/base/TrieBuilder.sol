// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

/// Builds Merkle-Patricia tries over 32-byte keys and proofs of any key in them, present or absent: the model
/// that the readers are tested against. Written from the Yellow Paper's appendix D, not from the readers.
library TrieBuilder {
    struct Trie {
        bytes32[] keys;
        bytes[] values;
    }

    function root(Trie memory trie) internal pure returns (bytes32) {
        return keccak256(_node(trie, _all(trie), 0));
    }

    /// @param withInline  also lists nodes that are embedded in their parent, as some clients do
    function prove(Trie memory trie, bytes32 key, bool withInline) internal pure returns (bytes[] memory proof) {
        proof = new bytes[](0);
        uint256[] memory members = _all(trie);
        uint256 depth = 0;
        while (true) {
            bytes memory node = _node(trie, members, depth);
            if (depth == 0 || node.length >= 32 || withInline) proof = _append(proof, node);
            if (members.length <= 1) return proof;
            uint256 shared = _shared(trie, members, depth);
            if (shared > 0) {
                for (uint256 i = 0; i < shared; ++i) {
                    if (nibble(trie.keys[members[0]], depth + i) != nibble(key, depth + i)) return proof;
                }
                depth += shared;
                node = _node(trie, members, depth);
                if (node.length >= 32 || withInline) proof = _append(proof, node);
            }
            members = _child(trie, members, depth, nibble(key, depth));
            if (members.length == 0) return proof;
            ++depth;
        }
    }

    function nibble(bytes32 key, uint256 i) internal pure returns (uint256) {
        return (uint256(key) >> (252 - 4 * i)) & 15;
    }

    function _node(Trie memory trie, uint256[] memory members, uint256 depth) private pure returns (bytes memory) {
        if (members.length == 0) return hex"80";
        if (members.length == 1) {
            bytes[] memory leaf = new bytes[](2);
            leaf[0] = RLP.encode(hexPrefix(trie.keys[members[0]], depth, 64, true));
            leaf[1] = RLP.encode(trie.values[members[0]]);
            return RLP.encode(leaf);
        }
        uint256 shared = _shared(trie, members, depth);
        if (shared > 0) {
            bytes[] memory extension = new bytes[](2);
            extension[0] = RLP.encode(hexPrefix(trie.keys[members[0]], depth, depth + shared, false));
            extension[1] = _reference(_node(trie, members, depth + shared));
            return RLP.encode(extension);
        }
        bytes[] memory branch = new bytes[](17);
        for (uint256 i = 0; i < 16; ++i) {
            branch[i] = _reference(_node(trie, _child(trie, members, depth, i), depth + 1));
        }
        branch[16] = hex"80";
        return RLP.encode(branch);
    }

    function _reference(bytes memory node) private pure returns (bytes memory) {
        return node.length < 32 ? node : RLP.encode(keccak256(node));
    }

    function hexPrefix(bytes32 key, uint256 from, uint256 to, bool leaf) internal pure returns (bytes memory path) {
        uint256 length = to - from;
        path = new bytes(length / 2 + 1);
        uint256 flag = (leaf ? 2 : 0) + length % 2;
        path[0] = bytes1(uint8(flag << 4));
        uint256 cursor = length % 2 == 0 ? 2 : 1;
        for (uint256 i = from; i < to; ++i) {
            uint256 n = nibble(key, i);
            path[cursor / 2] |= bytes1(uint8(cursor % 2 == 0 ? n << 4 : n));
            ++cursor;
        }
    }

    function _shared(Trie memory trie, uint256[] memory members, uint256 depth) private pure returns (uint256 n) {
        for (; depth + n < 64; ++n) {
            uint256 first = nibble(trie.keys[members[0]], depth + n);
            for (uint256 i = 1; i < members.length; ++i) {
                if (nibble(trie.keys[members[i]], depth + n) != first) return n;
            }
        }
    }

    function _child(Trie memory trie, uint256[] memory members, uint256 depth, uint256 which)
        private
        pure
        returns (uint256[] memory out)
    {
        uint256 count = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            if (nibble(trie.keys[members[i]], depth) == which) ++count;
        }
        out = new uint256[](count);
        count = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            if (nibble(trie.keys[members[i]], depth) == which) out[count++] = members[i];
        }
    }

    function _all(Trie memory trie) private pure returns (uint256[] memory members) {
        members = new uint256[](trie.keys.length);
        for (uint256 i = 0; i < members.length; ++i) {
            members[i] = i;
        }
    }

    function _append(bytes[] memory list, bytes memory last) private pure returns (bytes[] memory longer) {
        longer = new bytes[](list.length + 1);
        for (uint256 i = 0; i < list.length; ++i) {
            longer[i] = list[i];
        }
        longer[list.length] = last;
    }
}
