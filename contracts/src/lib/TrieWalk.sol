// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {RlpItem} from "./RlpItem.sol";

/// What a Merkle-Patricia trie whose keys are all 32 bytes holds under a key, or that it holds nothing (Ethereum's
/// state and storage tries; Yellow Paper, appendices B to D).
///
/// Why an answer can be believed:
/// 1. Every node is the one its parent names: the first by the root, each other by the hash in its parent, or by
///    lying inside its parent. So, short of a Keccak collision, root and key alone decide every byte that is read
///    here. A prover's only choice is whether to repeat embedded nodes, which are then compared and not read.
/// 2. Each step is a function of the node's bytes and of how many of the key's nibbles are used up. Hence no two
///    accepted proofs for one root and key differ in their answer, even under a root that commits to nonsense.
/// 3. Under the root of a real trie the steps are appendix D's, so that the answer is the trie's: nothing is there
///    at a branch's empty child, at a leaf with another path, at an extension that turns off; at a leaf with the
///    key's path its value is there.
/// 4. All else reverts, so that no defect reads as absence: whatever is not the one encoding of a node that such a
///    trie can have on the way, a proof that stops early, and one that goes on after the end.
library TrieWalk {
    using RlpItem for uint256;

    /// keccak256(rlp("")): root of a trie without keys.
    bytes32 internal constant EMPTY_ROOT = 0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421;

    uint256 private constant KEY_NIBBLES = 64;
    uint256 private constant CHILDREN = 16;
    /// Shorter nodes lie inside their parent.
    uint256 private constant MIN_HASHED = 32;
    /// A branch with all its children, each a hash: 3 bytes that say so, 16 times 33, and no value.
    uint256 private constant FULL_BRANCH = 532;
    /// No node is longer: an account's leaf has 148 bytes at most.
    uint256 private constant LONGEST_NODE = FULL_BRANCH;

    error TrieProofIncomplete(uint256 nodes);
    error TrieProofTooLong(uint256 used, uint256 given);
    error TrieNodeHashMismatch(uint256 index, bytes32 expected, bytes32 actual);
    error TrieNodeMalformed(uint256 index);

    /// What one node says of the key. Of a child or a value, [from, to) is where it lies.
    enum Step {
        Malformed,
        Absent,
        Value,
        Child
    }

    /// @param root   of the trie
    /// @param key    already hashed
    /// @param proof  nodes from the root down; one that is embedded in its parent may be repeated or left out
    /// @return from  where in memory the value begins; 0 if the trie does not hold the key
    /// @return to    where it ends: a value is never empty
    function find(bytes32 root, bytes32 key, bytes[] calldata proof) internal pure returns (uint256 from, uint256 to) {
        if (root == EMPTY_ROOT) {
            _requireEmptyTrie(proof);
            return (0, 0);
        }
        uint256 room = _allocate();
        uint256 depth = 0; // nibbles of the key that are used up
        uint256 used = 0; // elements of the proof
        while (used < proof.length) {
            uint256 length = _load(proof[used], room, root, used);
            ++used;
            if (length == FULL_BRANCH && depth < KEY_NIBBLES && _isFullBranch(room)) {
                root = bytes32((room + 4 + 33 * _nibble(key, depth++)).wordAt());
                continue;
            }

            Step step;
            (from, to) = (room, room + length);
            while (true) {
                (step, depth, from, to) = _step(key, depth, from, to);
                if (step != Step.Child || from.byteAt() < RlpItem.LIST) break;
                // A node inside this one, and perhaps another inside that.
                if (to - from >= MIN_HASHED) revert TrieNodeMalformed(used - 1);
                if (used < proof.length && _isRepeated(proof[used], from, to)) ++used;
            }
            if (step == Step.Child) {
                if (from.byteAt() != RlpItem.WORD) revert TrieNodeMalformed(used - 1);
                root = bytes32((from + 1).wordAt());
                continue;
            }
            if (step == Step.Malformed) revert TrieNodeMalformed(used - 1);
            if (used != proof.length) revert TrieProofTooLong(used, proof.length);
            return step == Step.Value ? (from, to) : (0, 0);
        }
        revert TrieProofIncomplete(proof.length);
    }

    /// An empty trie needs no node; some clients send its only one, the empty string.
    function _requireEmptyTrie(bytes[] calldata proof) private pure {
        if (proof.length > 1) revert TrieProofTooLong(1, proof.length);
        if (proof.length == 1 && keccak256(proof[0]) != EMPTY_ROOT) {
            revert TrieNodeHashMismatch(0, EMPTY_ROOT, keccak256(proof[0]));
        }
    }

    /// Room for one node, which the next overwrites.
    function _allocate() private pure returns (uint256 room) {
        assembly ("memory-safe") {
            room := mload(0x40)
            mstore(0x40, add(room, 544)) // LONGEST_NODE in whole words
        }
    }

    /// Copies a node to `room` if it is the one that is wanted.
    function _load(bytes calldata node, uint256 room, bytes32 wanted, uint256 index)
        private
        pure
        returns (uint256 length)
    {
        length = node.length;
        // Below 32 bytes only a root has a hash.
        if (length > LONGEST_NODE || (length < MIN_HASHED && index != 0)) revert TrieNodeMalformed(index);
        bytes32 actual;
        assembly ("memory-safe") {
            calldatacopy(room, node.offset, length)
            actual := keccak256(room, length)
        }
        if (actual != wanted) revert TrieNodeHashMismatch(index, wanted, actual);
    }

    /// Whether 532 bytes are a branch with 16 hashes and no value: what most nodes of a large trie's proof are.
    function _isFullBranch(uint256 from) private pure returns (bool full) {
        assembly ("memory-safe") {
            let other := xor(shr(232, mload(from)), 0xf90211)
            other := or(other, xor(byte(0, mload(add(from, 531))), 0x80))
            let word := shl(248, 0xa0)
            let differs := 0 // in the top byte only
            let end := add(from, 531)
            for { let p := add(from, 3) } lt(p, end) { p := add(p, 132) } {
                differs := or(differs, xor(mload(p), word))
                differs := or(differs, xor(mload(add(p, 33)), word))
                differs := or(differs, xor(mload(add(p, 66)), word))
                differs := or(differs, xor(mload(add(p, 99)), word))
            }
            full := iszero(or(other, shr(248, differs)))
        }
    }

    /// One node that fills [from, to).
    function _step(bytes32 key, uint256 depth, uint256 from, uint256 to)
        private
        pure
        returns (Step, uint256, uint256, uint256)
    {
        (uint256 first, uint256 end) = RlpItem.bounds(from, to);
        if (end != to || from.byteAt() < RlpItem.LIST) return (Step.Malformed, depth, 0, 0);
        (, uint256 second) = RlpItem.bounds(first, to);
        (, end) = RlpItem.bounds(second, to);
        if (end == to) return _path(key, depth, first, second, to);
        return _branch(key, depth, first, to);
    }

    /// 16 children and no value, since no key ends at a branch when all are of one length.
    function _branch(bytes32 key, uint256 depth, uint256 first, uint256 to)
        private
        pure
        returns (Step, uint256, uint256 child, uint256 end)
    {
        if (depth == KEY_NIBBLES) return (Step.Malformed, depth, 0, 0);
        uint256 nibble = _nibble(key, depth);
        child = _skip(first, to, nibble);
        (, end) = RlpItem.bounds(child, to);
        uint256 value = _skip(end, to, CHILDREN - 1 - nibble);
        if (value != to - 1 || value.byteAt() != RlpItem.EMPTY) return (Step.Malformed, depth, 0, 0);
        return (child.byteAt() == RlpItem.EMPTY ? Step.Absent : Step.Child, depth + 1, child, end);
    }

    /// A leaf or an extension: hex-prefix path in [first, second), value or child in [second, to).
    function _path(bytes32 key, uint256 depth, uint256 first, uint256 second, uint256 to)
        private
        pure
        returns (Step, uint256, uint256, uint256)
    {
        (bool isLeaf, uint256 nibbles, bool matches) = _hexPrefix(first, second, key, depth);
        uint256 remaining = KEY_NIBBLES - depth;
        if (isLeaf) {
            (uint256 payload,) = RlpItem.bounds(second, to);
            // With keys of one length a leaf's path is exactly what remains of it, and its value is a string.
            if (nibbles != remaining || payload == to || second.byteAt() >= RlpItem.LIST) {
                return (Step.Malformed, depth, 0, 0);
            }
            return (matches ? Step.Value : Step.Absent, depth, payload, to);
        }
        if (nibbles == 0 || nibbles >= remaining) return (Step.Malformed, depth, 0, 0);
        return (matches ? Step.Child : Step.Absent, depth + nibbles, second, to);
    }

    /// Reads a path and compares it with the key's nibbles from `depth` on.
    /// A path that is malformed or goes on beyond the key comes out as an extension of none, which is no node either.
    function _hexPrefix(uint256 from, uint256 to, bytes32 key, uint256 depth)
        private
        pure
        returns (bool isLeaf, uint256 nibbles, bool matches)
    {
        (uint256 payload,) = RlpItem.bounds(from, to);
        if (payload == to || from.byteAt() >= RlpItem.LIST) return (false, 0, false);
        uint256 flag = payload.byteAt() >> 4;
        uint256 odd = flag & 1;
        // Flags above 3 do not exist, and an even path's second nibble is padding, always zero.
        if (flag > 3 || (odd == 0 && payload.byteAt() != flag << 4)) return (false, 0, false);
        nibbles = 2 * (to - payload) - 2 + odd;
        if (nibbles > KEY_NIBBLES - depth) return (false, 0, false);
        // Both aligned at the top of a word, and shifted down until only the path is left.
        uint256 path = odd == 1 ? payload.wordAt() << 4 : (payload + 1).wordAt();
        matches = (path ^ (uint256(key) << (4 * depth))) >> (256 - 4 * nibbles) == 0;
        return (flag > 1, nibbles, matches);
    }

    /// Where the item begins that comes `count` items later; NOWHERE, or beyond `to`, if there are fewer.
    function _skip(uint256 from, uint256 to, uint256 count) private pure returns (uint256 next) {
        next = from;
        while (true) {
            (next, count) = _skipPlain(next, to, count);
            if (count == 0) return next;
            (, next) = RlpItem.bounds(next, to);
            if (next == RlpItem.NOWHERE) return next;
            --count;
        }
    }

    /// The same as far as items are empty or a hash, as nearly all are. An item that ends beyond `to` is the last.
    function _skipPlain(uint256 from, uint256 to, uint256 count) private pure returns (uint256 next, uint256 left) {
        assembly ("memory-safe") {
            next := from
            left := count
            for {} and(lt(next, to), gt(left, 0)) {} {
                let prefix := byte(0, mload(next))
                // 0x80 and 0xa0 differ in one bit, worth the 32 bytes that follow.
                if iszero(eq(or(prefix, 0x20), 0xa0)) { break }
                next := add(next, add(1, and(prefix, 0x20)))
                left := sub(left, 1)
            }
        }
    }

    /// Whether the proof lists an embedded node again.
    function _isRepeated(bytes calldata element, uint256 from, uint256 to) private pure returns (bool) {
        uint256 length = to - from; // below 32
        return
            element.length == length
                && bytes32(element) == bytes32(from.wordAt() & ~(type(uint256).max >> (8 * length)));
    }

    function _nibble(bytes32 key, uint256 index) private pure returns (uint256) {
        return (uint256(key) >> (252 - 4 * index)) & 15;
    }
}
