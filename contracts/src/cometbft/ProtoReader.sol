// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// Fields of a protobuf message that lies in calldata, in the order in which encoders write them.
library ProtoReader {
    /// What is left of a message: places in calldata.
    struct Cursor {
        uint256 place;
        uint256 end;
    }

    error FieldMissing(uint8 tag);
    error LengthOutOfRange(uint8 tag);

    function over(bytes calldata message) internal pure returns (Cursor memory c) {
        assembly ("memory-safe") {
            mstore(c, message.offset)
            mstore(add(c, 32), add(message.offset, message.length))
        }
    }

    function over(uint256 start, uint256 length) internal pure returns (Cursor memory) {
        return Cursor(start, start + length);
    }

    function isDone(Cursor memory c) internal pure returns (bool) {
        return c.place == c.end;
    }

    /// The next byte, which is the tag of a field number below 16; 0, which is no tag, at the end.
    function tag(Cursor memory c) internal pure returns (uint8) {
        return isDone(c) ? 0 : uint8(uint256(_word(c.place)) >> 248);
    }

    /// The content of a field of wire type 2 that must come next.
    function take(Cursor memory c, uint8 expected) internal pure returns (uint256 start, uint256 length) {
        if (tag(c) != expected) revert FieldMissing(expected);
        uint256 shift;
        uint256 group;
        ++c.place;
        do {
            // Lengths below 2^28, which no transaction reaches.
            if (isDone(c) || shift == 28) revert LengthOutOfRange(expected);
            group = uint256(_word(c.place++)) >> 248;
            length |= (group & 0x7f) << shift;
            shift += 7;
        } while (group > 0x7f);
        start = c.place;
        if (length > c.end - start) revert LengthOutOfRange(expected);
        c.place = start + length;
    }

    function load(uint256 start, uint256 length) internal pure returns (bytes memory content) {
        content = new bytes(length);
        assembly ("memory-safe") {
            calldatacopy(add(content, 32), start, length)
        }
    }

    function _word(uint256 place) private pure returns (bytes32 word) {
        assembly ("memory-safe") {
            word := calldataload(place)
        }
    }
}
