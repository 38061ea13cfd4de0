// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ProtoReader} from "./ProtoReader.sol";

/// The leaf and inner operations of ICS-23 proofs, in the one form that each tree gives them. All hash by SHA-256.
///
/// A leaf's preimage is prefix, key and SHA-256 of the value, each of the two behind its length. An inner node's is
/// prefix, child and suffix. No bytes are both: a leaf's first is 0x00, an inner node's is not. Nor can a node be read
/// with its children elsewhere, since prefix and suffix have the lengths, and the length bytes, of one side.
library Ics23Ops {
    using ProtoReader for ProtoReader.Cursor;

    /// Iavl: stores of the Cosmos SDK. Simple: CometBFT's tree, over the stores.
    enum Tree {
        Iavl,
        Simple
    }

    uint8 private constant LEAF_PREFIX = 0x2a;
    uint8 private constant INNER_PREFIX = 0x12;
    uint8 private constant INNER_SUFFIX = 0x1a;
    /// LeafOp { hash: SHA256, prehash_value: SHA256, length: VAR_PROTO }, without its prefix.
    bytes6 private constant LEAF_OP = 0x080118012001;
    /// InnerOp { hash: SHA256 }, without prefix and suffix.
    bytes2 private constant INNER_OP = 0x0801;
    /// Bytes before a left child of an IAVL node: three numbers and the length of the child, by ICS-23's spec.
    uint256 private constant MIN_IAVL_PREFIX = 4;
    uint256 private constant MAX_IAVL_PREFIX = 12;

    error KeyEmpty();
    error ValueEmpty();
    error LeafOpUnsupported();
    error LeafPrefixMalformed();
    error InnerOpUnsupported(uint256 layer);
    error InnerPrefixMalformed(uint256 layer);
    error InnerSuffixMalformed(uint256 layer);

    /// The hash of a leaf.
    /// @param c  the LeafOp message
    function leaf(Tree tree, ProtoReader.Cursor memory c, bytes memory key, bytes memory value)
        internal
        pure
        returns (bytes32)
    {
        if (key.length == 0) revert KeyEmpty();
        if (value.length == 0) revert ValueEmpty();
        if (c.end - c.place < 6 || bytes6(_word(c.place)) != LEAF_OP) revert LeafOpUnsupported();
        c.place += 6;
        (uint256 start, uint256 length) = c.take(LEAF_PREFIX);
        if (!c.isDone()) revert LeafOpUnsupported();
        bool wellFormed;
        if (tree == Tree.Simple) {
            wellFormed = length == 1 && bytes1(_word(start)) == 0x00;
        } else {
            // Height 0, size 1, a version of at most ten bytes.
            (bool found, uint256 next) = _number(start + 2, start + length);
            wellFormed = bytes2(_word(start)) == 0x0002 && length <= 12 && found && next == start + length;
        }
        if (!wellFormed) revert LeafPrefixMalformed();
        return sha256(
            abi.encodePacked(ProtoReader.load(start, length), _varint(key.length), key, uint8(32), sha256(value))
        );
    }

    /// The hash of an inner node over a child.
    /// @param start,length  where the InnerOp message lies in calldata
    /// @param layer         1 for a parent of the leaf, and so on
    /// @return node  the hash
    /// @return step  identity of the operation, its lowest bit 1 if the child is the left one
    function inner(Tree tree, uint256 start, uint256 length, uint256 layer, bytes32 child)
        internal
        view
        returns (bytes32 node, uint256 step)
    {
        ProtoReader.Cursor memory c = ProtoReader.over(start, length);
        if (length < 2 || bytes2(_word(start)) != INNER_OP) revert InnerOpUnsupported(layer);
        c.place += 2;
        (uint256 prefix, uint256 prefixLength) = c.take(INNER_PREFIX);
        (uint256 suffix, uint256 suffixLength) = (0, 0);
        if (!c.isDone()) (suffix, suffixLength) = c.take(INNER_SUFFIX);
        if (!c.isDone()) revert InnerOpUnsupported(layer);
        bool fromLeft = suffixLength != 0;
        if (tree == Tree.Simple) _requireSimple(prefix, prefixLength, fromLeft, suffixLength, layer);
        else _requireIavl(prefix, prefixLength, fromLeft, suffix, suffixLength, layer);

        bool ok;
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, start, length)
            step := or(and(keccak256(free, length), not(1)), fromLeft)
            calldatacopy(free, prefix, prefixLength)
            mstore(add(free, prefixLength), child)
            calldatacopy(add(add(free, prefixLength), 32), suffix, suffixLength)
            ok := staticcall(gas(), 2, free, add(add(prefixLength, 32), suffixLength), 0, 32)
            node := mload(0)
        }
        if (!ok) revert InnerOpUnsupported(layer);
    }

    /// 01 | left | right.
    function _requireSimple(uint256 prefix, uint256 prefixLength, bool fromLeft, uint256 suffixLength, uint256 layer)
        private
        pure
    {
        bool wellFormed = prefixLength == (fromLeft ? 1 : 33) && bytes1(_word(prefix)) == 0x01;
        if (!wellFormed) revert InnerPrefixMalformed(layer);
        if (fromLeft && suffixLength != 32) revert InnerSuffixMalformed(layer);
    }

    /// Height, size, version | 20 | left | 20 | right.
    function _requireIavl(
        uint256 prefix,
        uint256 prefixLength,
        bool fromLeft,
        uint256 suffix,
        uint256 suffixLength,
        uint256 layer
    ) private pure {
        uint256 end = prefix + prefixLength;
        // As high as there are layers below, at least. One byte, since no tree is of height 64.
        uint256 height = uint8(bytes1(_word(prefix)));
        bool wellFormed = height & 1 == 0 && height < 0x80 && height >> 1 >= layer;
        (bool hasSize, uint256 afterSize) = _number(prefix + 1, end);
        (bool hasVersion, uint256 place) = _number(afterSize, end);
        wellFormed = wellFormed && hasSize && hasVersion && end - place == (fromLeft ? 1 : 34)
            && bytes1(_word(place)) == 0x20 && bytes1(_word(end - 1)) == 0x20;
        uint256 length = place + 1 - prefix;
        if (!wellFormed || length < MIN_IAVL_PREFIX || length > MAX_IAVL_PREFIX) revert InnerPrefixMalformed(layer);
        if (fromLeft && (suffixLength != 33 || bytes1(_word(suffix)) != 0x20)) revert InnerSuffixMalformed(layer);
    }

    /// A signed number that is not negative, in Go's varint encoding: zigzag, so its lowest bit is 0.
    /// @return found  whether there is one before `end`
    /// @return next   the place after it; `end` if there is none
    function _number(uint256 place, uint256 end) private pure returns (bool found, uint256 next) {
        if (place >= end || uint8(bytes1(_word(place))) & 1 == 1) return (false, end);
        next = place;
        while (next < end && uint8(bytes1(_word(next))) > 0x7f) ++next;
        return next < end ? (true, next + 1) : (false, end);
    }

    function _varint(uint256 value) private pure returns (bytes memory) {
        return value < 0x80
            ? abi.encodePacked(uint8(value))
            : abi.encodePacked(uint8(value & 0x7f | 0x80), _varint(value >> 7));
    }

    function _word(uint256 place) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(place)
        }
    }
}
