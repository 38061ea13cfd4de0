// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// Proofs that a key is absent from a Merkle-Patricia trie whose keys are all 32 bytes (Ethereum's state and
/// storage tries; Yellow Paper, appendices B and D). OpenZeppelin's TrieProof proves presence only.
///
/// A key is absent where its path provably ends: at a branch's empty child, at a leaf with another path, or at
/// an extension that turns off. Whatever else is wrong with a proof reverts, so no defect reads as absence.
/// Nodes are read where they lie in memory: this walk comes before every read, present or absent.
library TrieAbsence {
    /// keccak256(rlp("")): root of a trie without keys.
    bytes32 internal constant EMPTY_ROOT = 0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421;

    uint256 private constant KEY_NIBBLES = 64;
    uint256 private constant BRANCH_ITEMS = 17;
    uint256 private constant PATH_ITEMS = 2;

    // First bytes of RLP items.
    uint256 private constant EMPTY = 0x80;
    uint256 private constant WORD = 0xa0;
    uint256 private constant LONG_STRING = 0xb8;
    uint256 private constant LIST = 0xc0;
    uint256 private constant LONG_LIST = 0xf8;

    error TrieProofIncomplete(uint256 nodes);
    error TrieProofTooLong(uint256 used, uint256 given);
    error TrieNodeHashMismatch(uint256 index, bytes32 expected, bytes32 actual);
    error TrieNodeMalformed(uint256 index);

    /// Where the walk stands. `index` counts the proof's elements in use; `items` holds where the present node's
    /// items begin, and behind them where the last ends.
    struct Walk {
        bytes32 key;
        uint256 depth;
        uint256 index;
        uint256[18] items;
    }

    /// @param root   of the trie
    /// @param key    already hashed
    /// @param proof  nodes from the root down; one that is embedded in its parent may be repeated or left out
    /// @return absent  true if the proof shows that the key is absent, false if it leads to the key's leaf
    function isAbsent(bytes32 root, bytes32 key, bytes[] memory proof) internal pure returns (bool absent) {
        if (root == EMPTY_ROOT) return _emptyTrie(proof);

        Walk memory walk;
        walk.key = key;
        bytes32 wanted = root;
        while (true) {
            if (walk.index == proof.length) revert TrieProofIncomplete(proof.length);
            bytes memory node = proof[walk.index];
            bytes32 actual = keccak256(node);
            if (actual != wanted) revert TrieNodeHashMismatch(walk.index, wanted, actual);
            (uint256 from, uint256 to) = _span(node);
            ++walk.index;

            // Nodes below 32 bytes lie inside their parent, possibly several deep.
            while (true) {
                bool ended;
                (ended, absent, from, to) = _step(walk, from, to);
                if (ended) {
                    if (walk.index != proof.length) revert TrieProofTooLong(walk.index, proof.length);
                    return absent;
                }
                uint256 prefix = _byteAt(from);
                if (prefix == WORD) {
                    wanted = bytes32(_wordAt(from + 1));
                    break;
                }
                if (prefix < LIST || to - from >= 32) revert TrieNodeMalformed(walk.index - 1);
                if (walk.index < proof.length && _isRepeated(proof[walk.index], from, to)) ++walk.index;
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

    /// One node: either the path ends here, or [from, to) is the reference to follow.
    function _step(Walk memory walk, uint256 from, uint256 to)
        private
        pure
        returns (bool ended, bool absent, uint256 childFrom, uint256 childTo)
    {
        uint256 count = _split(walk, from, to);
        if (count == BRANCH_ITEMS) {
            // A branch at the key's end could only hold a value that no 32-byte key has.
            if (walk.depth == KEY_NIBBLES) revert TrieNodeMalformed(walk.index - 1);
            uint256 child = _nibble(walk.key, walk.depth);
            ++walk.depth;
            (childFrom, childTo) = (walk.items[child], walk.items[child + 1]);
            bool empty = _byteAt(childFrom) == EMPTY;
            return (empty, empty, childFrom, childTo);
        }
        if (count != PATH_ITEMS) revert TrieNodeMalformed(walk.index - 1);

        (bool isLeaf, uint256 nibbles, bool matches) = _comparePath(walk, walk.items[0], walk.items[1]);
        uint256 remaining = KEY_NIBBLES - walk.depth;
        if (isLeaf) {
            // With keys of one length a leaf's path is exactly what remains of it.
            if (nibbles != remaining) revert TrieNodeMalformed(walk.index - 1);
            return (true, !matches, 0, 0);
        }
        if (nibbles == 0 || nibbles >= remaining) revert TrieNodeMalformed(walk.index - 1);
        if (!matches) return (true, true, 0, 0);
        walk.depth += nibbles;
        return (false, false, walk.items[1], walk.items[2]);
    }

    /// Finds the items of the list that fills [from, to) exactly.
    function _split(Walk memory walk, uint256 from, uint256 to) private pure returns (uint256 count) {
        uint256 last = walk.index - 1;
        if (from >= to || _byteAt(from) < LIST || _itemEnd(last, from, to) != to) revert TrieNodeMalformed(last);
        uint256 prefix = _byteAt(from);
        uint256 next = prefix < LONG_LIST ? from + 1 : from + 2 + prefix - LONG_LIST;
        while (next < to) {
            // Nearly all items of nearly all nodes are empty or a hash.
            (next, count) = _splitPlain(walk.items, next, to, count);
            if (next >= to) break;
            if (count == BRANCH_ITEMS) revert TrieNodeMalformed(last);
            walk.items[count++] = next;
            next = _itemEnd(last, next, to);
        }
        if (next != to) revert TrieNodeMalformed(last);
        walk.items[count] = to;
    }

    /// Notes items that are one byte or a word, up to the first that is neither, or the last there is room for.
    /// The end may come out beyond `to`, which no item may.
    function _splitPlain(uint256[18] memory items, uint256 from, uint256 to, uint256 count)
        private
        pure
        returns (uint256 end, uint256 total)
    {
        assembly ("memory-safe") {
            end := from
            total := count
            for {} and(lt(end, to), lt(total, 17)) {} {
                let prefix := byte(0, mload(end))
                let size := add(lt(prefix, 0x81), mul(33, eq(prefix, 0xa0)))
                if iszero(size) { break }
                mstore(add(items, shl(5, total)), end)
                total := add(total, 1)
                end := add(end, size)
            }
        }
    }

    /// End of the RLP item at `from`; reverts if it reaches beyond `limit` or is not encoded the one right way.
    function _itemEnd(uint256 index, uint256 from, uint256 limit) private pure returns (uint256 end) {
        uint256 prefix = _byteAt(from);
        if (prefix == WORD) end = from + 33;
        else if (prefix == EMPTY) end = from + 1;
        else if (prefix < EMPTY) end = from + 1;
        else if (prefix < LONG_STRING) end = from + 1 + prefix - EMPTY;
        else if (prefix < LIST) end = _longEnd(index, from, prefix - LONG_STRING + 1);
        else if (prefix < LONG_LIST) end = from + 1 + prefix - LIST;
        else end = _longEnd(index, from, prefix - LONG_LIST + 1);
        if (end > limit) revert TrieNodeMalformed(index);
        // A single byte below 0x80 stands for itself.
        if (prefix == 0x81 && _byteAt(from + 1) < EMPTY) revert TrieNodeMalformed(index);
    }

    /// The same for an item of more than 55 bytes, whose length takes the next 1 to 8 bytes.
    function _longEnd(uint256 index, uint256 from, uint256 lengthBytes) private pure returns (uint256) {
        uint256 length = _wordAt(from + 1) >> (256 - 8 * lengthBytes);
        if (length < 56 || length >> (8 * (lengthBytes - 1)) == 0) revert TrieNodeMalformed(index);
        return from + 1 + lengthBytes + length;
    }

    /// Reads a hex-prefix path and compares it with the key from the walk's depth on, as far as both go.
    function _comparePath(Walk memory walk, uint256 from, uint256 to)
        private
        pure
        returns (bool isLeaf, uint256 nibbles, bool matches)
    {
        uint256 prefix = _byteAt(from);
        if (prefix >= EMPTY) {
            if (prefix == EMPTY || prefix >= LONG_STRING) revert TrieNodeMalformed(walk.index - 1);
            ++from;
        }
        uint256 first = _byteAt(from);
        uint256 flag = first >> 4;
        bool odd = flag & 1 == 1;
        // Flags above 3 do not exist, and an even path's second nibble is padding, always zero.
        if (flag > 3 || (!odd && first & 15 != 0)) revert TrieNodeMalformed(walk.index - 1);
        isLeaf = flag >= 2;

        uint256 skipped = odd ? 1 : 2;
        nibbles = 2 * (to - from) - skipped;
        uint256 compared = KEY_NIBBLES - walk.depth;
        if (nibbles < compared) compared = nibbles;
        if (compared == 0) return (isLeaf, nibbles, true);
        // Both aligned at the top of a word; the flag byte lies before the path's 32.
        uint256 path = odd ? (_wordAt(from) << 4) | (_byteAt(from + 32) >> 4) : _wordAt(from + 1);
        uint256 key = uint256(walk.key) << (4 * walk.depth);
        matches = (path ^ key) >> (256 - 4 * compared) == 0;
    }

    /// Whether the proof lists an embedded node again.
    function _isRepeated(bytes memory element, uint256 from, uint256 to) private pure returns (bool) {
        return element.length == to - from && bytes32(element) == bytes32(_wordAt(from) & ~(type(uint256).max >> (8 * (to - from))));
    }

    function _nibble(bytes32 key, uint256 index) private pure returns (uint256) {
        return (uint256(key) >> (252 - 4 * index)) & 15;
    }

    /// Where a node's bytes lie.
    function _span(bytes memory node) private pure returns (uint256 from, uint256 to) {
        assembly ("memory-safe") {
            from := add(node, 0x20)
            to := add(from, mload(node))
        }
    }

    /// What a caller reads beyond a node's end it must not use.
    function _wordAt(uint256 pointer) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(pointer)
        }
    }

    function _byteAt(uint256 pointer) private pure returns (uint256) {
        return _wordAt(pointer) >> 248;
    }
}
