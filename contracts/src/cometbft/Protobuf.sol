// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

/// The parts of proto3's wire format that CometBFT hashes and signs. A field whose value is zero is left out; where
/// that is so, the caller sees to it.
///
/// The `write` functions put bytes at a place in memory that the caller owns and return the first place after them.
library Protobuf {
    /// Range of google.protobuf.Timestamp: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59.999999999Z.
    int64 internal constant MIN_SECONDS = -62_135_596_800;
    int64 internal constant MAX_SECONDS = 253_402_300_799;
    uint32 internal constant MAX_NANOS = 999_999_999;
    /// Bytes of the longest timestamp: a tag and a negative number, a tag and 30 bits.
    uint256 internal constant MAX_TIMESTAMP = 17;

    error SecondsOutOfRange(int64 secs);
    error NanosOutOfRange(uint32 nanos);

    /// Base 128, lowest group first; one to ten bytes for 64 bits. Two at a time, which spares half the jumps.
    function writeVarint(uint256 place, uint256 value) internal pure returns (uint256 end) {
        assembly ("memory-safe") {
            for {} gt(value, 0x3fff) { value := shr(14, value) } {
                mstore8(place, or(value, 0x80)) // takes the lowest eight bits
                mstore8(add(place, 1), or(shr(7, value), 0x80))
                place := add(place, 2)
            }
            if gt(value, 0x7f) {
                mstore8(place, or(value, 0x80))
                place := add(place, 1)
                value := shr(7, value)
            }
            mstore8(place, value)
            end := add(place, 1)
        }
    }

    function varint(uint64 value) internal pure returns (bytes memory encoded) {
        encoded = new bytes(10);
        uint256 start;
        assembly ("memory-safe") {
            start := add(encoded, 32)
        }
        uint256 end = writeVarint(start, value);
        assembly ("memory-safe") {
            mstore(encoded, sub(end, start))
        }
    }

    /// A field of wire type 0, or nothing for zero.
    function varintField(uint8 tag, uint64 value) internal pure returns (bytes memory) {
        return value == 0 ? bytes("") : abi.encodePacked(tag, varint(value));
    }

    /// The content of a Timestamp message: at most MAX_TIMESTAMP bytes.
    function writeTimestamp(uint256 place, int64 secs, uint32 nanos) internal pure returns (uint256 end) {
        if (secs < MIN_SECONDS || secs > MAX_SECONDS) revert SecondsOutOfRange(secs);
        if (nanos > MAX_NANOS) revert NanosOutOfRange(nanos);
        end = place;
        if (secs != 0) {
            assembly ("memory-safe") {
                mstore8(end, 0x08)
            }
            // A negative number is written as its 64 bits in two's complement.
            unchecked {
                end = writeVarint(end + 1, uint64(secs));
            }
        }
        if (nanos != 0) {
            assembly ("memory-safe") {
                mstore8(end, 0x10)
            }
            unchecked {
                end = writeVarint(end + 1, nanos);
            }
        }
    }

    function timestamp(int64 secs, uint32 nanos) internal pure returns (bytes memory encoded) {
        encoded = new bytes(MAX_TIMESTAMP);
        uint256 start;
        assembly ("memory-safe") {
            start := add(encoded, 32)
        }
        uint256 end = writeTimestamp(start, secs, nanos);
        assembly ("memory-safe") {
            mstore(encoded, sub(end, start))
        }
    }

    /// Lowest byte first, as fixed64 fields have it.
    function littleEndian(uint64 value) internal pure returns (bytes8) {
        value = ((value & 0x00ff00ff00ff00ff) << 8) | ((value >> 8) & 0x00ff00ff00ff00ff);
        value = ((value & 0x0000ffff0000ffff) << 16) | ((value >> 16) & 0x0000ffff0000ffff);
        return bytes8((value << 32) | (value >> 32));
    }
}
