// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// Items of Recursive Length Prefix encoding, read where they lie in memory (Yellow Paper, appendix B). Strict: each
/// string and each list has one encoding, and what is not it has no end.
library RlpItem {
    /// End of an item that is malformed: beyond every limit, and no item begins there.
    uint256 internal constant NOWHERE = type(uint256).max;

    /// First bytes. A string's are below LIST, a single byte below EMPTY stands for itself.
    uint256 internal constant EMPTY = 0x80;
    uint256 internal constant WORD = 0xa0;
    uint256 internal constant LIST = 0xc0;

    uint256 private constant LONGEST_SHORT = 55;

    /// @param from   where the item begins, in memory
    /// @param limit  end of the list or value that it lies in
    /// @return payload  where its content begins
    /// @return end      where it ends, at most `limit`; NOWHERE if nothing well-formed lies there
    function bounds(uint256 from, uint256 limit) internal pure returns (uint256 payload, uint256 end) {
        if (from >= limit) return (from, NOWHERE);
        uint256 prefix = byteAt(from);
        // Places in memory and lengths below 2^64: no sum overflows, and a prefix is judged before it is taken off.
        unchecked {
            if (prefix < EMPTY) return (from, from + 1);
            // Strings (from 0x80) and lists (from 0xc0) count alike in the lower six bits.
            uint256 length = prefix & 0x3f;
            payload = from + 1;
            if (length > LONGEST_SHORT) {
                uint256 lengthBytes = length - LONGEST_SHORT;
                length = wordAt(payload) >> (256 - 8 * lengthBytes);
                // Neither a length that has a shorter form nor one with leading zeros.
                if (length <= LONGEST_SHORT || length >> (8 * (lengthBytes - 1)) == 0) return (payload, NOWHERE);
                payload += lengthBytes;
            }
            end = payload + length;
            if (end > limit || (prefix == 0x81 && byteAt(payload) < EMPTY)) end = NOWHERE;
        }
    }

    /// A scalar: big-endian, at most `maxBytes` (up to 32), without leading zeros, so that zero is the empty string.
    /// @return value  undefined if the end is NOWHERE
    /// @return end    as of `bounds`
    function scalar(uint256 from, uint256 limit, uint256 maxBytes) internal pure returns (uint256 value, uint256 end) {
        uint256 payload;
        (payload, end) = bounds(from, limit);
        if (end > limit) return (0, NOWHERE);
        uint256 length = end - payload;
        if (length == 0) return byteAt(from) == EMPTY ? (0, end) : (0, NOWHERE);
        if (byteAt(from) >= LIST || length > maxBytes || byteAt(payload) == 0) return (0, NOWHERE);
        value = wordAt(payload) >> (256 - 8 * length);
    }

    /// A string of exactly 32 bytes.
    /// @return value  undefined if the end is NOWHERE
    /// @return end    as of `bounds`
    function word(uint256 from, uint256 limit) internal pure returns (bytes32 value, uint256 end) {
        if (from >= limit || limit - from < 33 || byteAt(from) != WORD) return (0, NOWHERE);
        return (bytes32(wordAt(from + 1)), from + 33);
    }

    function byteAt(uint256 pointer) internal pure returns (uint256) {
        return wordAt(pointer) >> 248;
    }

    /// What a caller reads beyond an item's end it must not use.
    function wordAt(uint256 pointer) internal pure returns (uint256 word_) {
        assembly ("memory-safe") {
            word_ := mload(pointer)
        }
    }
}
