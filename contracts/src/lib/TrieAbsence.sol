// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Memory} from "@openzeppelin/contracts/utils/Memory.sol";
import {RLP} from "@openzeppelin/contracts/utils/RLP.sol";

/// Proofs that a key is absent from a Merkle-Patricia trie whose keys are all 32 bytes (Ethereum's state and
/// storage tries; Yellow Paper, appendix D). OpenZeppelin's TrieProof proves presence only.
///
/// A key is absent where its path provably ends: at a branch's empty child, at a leaf with another path, or at
/// an extension that turns off. Whatever else is wrong with a proof reverts, so no defect reads as absence.
library TrieAbsence {
    using Memory for Memory.Slice;
    using RLP for Memory.Slice;
    using RLP for bytes;

    /// keccak256(rlp("")): root of a trie without keys.
    bytes32 internal constant EMPTY_ROOT = 0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421;

    uint256 private constant KEY_NIBBLES = 64;
    uint256 private constant BRANCH_ITEMS = 17;
    uint256 private constant PATH_ITEMS = 2;
    bytes1 private constant RLP_EMPTY = 0x80;
    bytes1 private constant RLP_WORD = 0xa0;
    bytes1 private constant RLP_LIST = 0xc0;

    error TrieProofIncomplete(uint256 nodes);
    error TrieProofTooLong(uint256 used, uint256 given);
    error TrieNodeHashMismatch(uint256 index, bytes32 expected, bytes32 actual);
    error TrieNodeMalformed(uint256 index);

    /// Where the walk stands. `index` counts the proof's elements in use.
    struct Walk {
        bytes32 key;
        uint256 depth;
        uint256 index;
    }

    /// @param root   of the trie
    /// @param key    already hashed
    /// @param proof  nodes from the root down; one that is embedded in its parent may be repeated or left out
    /// @return absent  true if the proof shows that the key is absent, false if it leads to the key's leaf
    function isAbsent(bytes32 root, bytes32 key, bytes[] memory proof) internal pure returns (bool absent) {
        if (root == EMPTY_ROOT) return _emptyTrie(proof);

        Walk memory walk = Walk(key, 0, 0);
        bytes32 wanted = root;
        while (true) {
            if (walk.index == proof.length) revert TrieProofIncomplete(proof.length);
            bytes memory node = proof[walk.index];
            if (keccak256(node) != wanted) revert TrieNodeHashMismatch(walk.index, wanted, keccak256(node));
            Memory.Slice[] memory items = node.decodeList();
            ++walk.index;

            // Nodes below 32 bytes lie inside their parent, possibly several deep.
            while (true) {
                bool ended;
                Memory.Slice child;
                (ended, absent, child) = _step(walk, items);
                if (ended) {
                    if (walk.index != proof.length) revert TrieProofTooLong(walk.index, proof.length);
                    return absent;
                }
                bytes1 prefix = bytes1(child.load(0));
                if (prefix == RLP_WORD && child.length() == 33) {
                    wanted = child.readBytes32();
                    break;
                }
                if (prefix < RLP_LIST || child.length() >= 32) revert TrieNodeMalformed(walk.index - 1);
                if (walk.index < proof.length && child.equal(Memory.asSlice(proof[walk.index]))) ++walk.index;
                items = child.readList();
            }
        }
    }

    /// An empty trie needs no node; some clients send its only one, the empty string.
    function _emptyTrie(bytes[] memory proof) private pure returns (bool) {
        if (proof.length > 1) revert TrieProofTooLong(1, proof.length);
        if (proof.length == 1 && keccak256(proof[0]) != EMPTY_ROOT) {
            revert TrieNodeHashMismatch(0, EMPTY_ROOT, keccak256(proof[0]));
        }
        return true;
    }

    /// One node: either the path ends here, or `child` is the reference to follow.
    function _step(Walk memory walk, Memory.Slice[] memory items)
        private
        pure
        returns (bool ended, bool absent, Memory.Slice child)
    {
        if (items.length == BRANCH_ITEMS) {
            // A branch at the key's end could only hold a value that no 32-byte key has.
            if (walk.depth == KEY_NIBBLES) revert TrieNodeMalformed(walk.index - 1);
            child = items[_nibble(walk.key, walk.depth)];
            ++walk.depth;
            if (bytes1(child.load(0)) == RLP_EMPTY && child.length() == 1) return (true, true, child);
            return (false, false, child);
        }
        if (items.length != PATH_ITEMS) revert TrieNodeMalformed(walk.index - 1);

        (bool isLeaf, uint256 pathNibbles, bool matches) = _comparePath(walk, items[0].readBytes());
        uint256 remaining = KEY_NIBBLES - walk.depth;
        if (isLeaf) {
            // With keys of one length a leaf's path is exactly what remains of it.
            if (pathNibbles != remaining) revert TrieNodeMalformed(walk.index - 1);
            return (true, !matches, child);
        }
        if (pathNibbles == 0 || pathNibbles >= remaining) revert TrieNodeMalformed(walk.index - 1);
        if (!matches) return (true, true, child);
        walk.depth += pathNibbles;
        return (false, false, items[1]);
    }

    /// Reads a hex-prefix path and compares it with the key from the walk's depth on, as far as both go.
    function _comparePath(Walk memory walk, bytes memory path)
        private
        pure
        returns (bool isLeaf, uint256 nibbles, bool matches)
    {
        if (path.length == 0) revert TrieNodeMalformed(walk.index - 1);
        uint256 first = uint8(path[0]);
        uint256 flag = first >> 4;
        bool odd = flag & 1 == 1;
        // Flags above 3 do not exist, and an even path's second nibble is padding, always zero.
        if (flag > 3 || (!odd && first & 15 != 0)) revert TrieNodeMalformed(walk.index - 1);
        isLeaf = flag >= 2;

        uint256 start = odd ? 1 : 2;
        nibbles = 2 * path.length - start;
        matches = true;
        for (uint256 i = 0; i < nibbles && walk.depth + i < KEY_NIBBLES; ++i) {
            uint256 pair = uint8(path[(start + i) / 2]);
            uint256 nibble = (start + i) % 2 == 0 ? pair >> 4 : pair & 15;
            if (nibble != _nibble(walk.key, walk.depth + i)) return (isLeaf, nibbles, false);
        }
    }

    function _nibble(bytes32 key, uint256 index) private pure returns (uint256) {
        return (uint256(key) >> (252 - 4 * index)) & 15;
    }
}
