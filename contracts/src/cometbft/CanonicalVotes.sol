// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {Protobuf} from "./Protobuf.sol";

/// What a CometBFT validator signs, behind its length (types/canonical.go, VoteSignBytes): CanonicalVote { 1 type,
/// 2 height sfixed64, 3 round sfixed64, 4 block_id, 5 timestamp, 6 chain_id }. Votes of one commit differ in the
/// timestamp alone, so what comes before and after it is encoded once.
library CanonicalVotes {
    uint8 internal constant PREVOTE = 1;
    uint8 internal constant PRECOMMIT = 2;

    error HeightOutOfRange(uint64 height);
    error RoundOutOfRange(uint32 round);

    /// A vote's fields but for the timestamp.
    /// @param head  type, height, round and block id
    /// @param tail  chain id
    struct Frame {
        bytes head;
        bytes tail;
    }

    /// @param voteType    PREVOTE or PRECOMMIT
    /// @param height      in [0, 2^63)
    /// @param round       in [0, 2^31)
    /// @param blockHash   zero for a nil vote, whatever the parts are then
    /// @param chainId     1 to 50 bytes
    function frame(
        uint8 voteType,
        uint64 height,
        uint32 round,
        bytes32 blockHash,
        uint32 partsTotal,
        bytes32 partsHash,
        bytes memory chainId
    ) internal pure returns (Frame memory f) {
        if (height > uint64(type(int64).max)) revert HeightOutOfRange(height);
        if (round > uint32(type(int32).max)) revert RoundOutOfRange(round);
        f.head = bytes.concat(
            abi.encodePacked(uint8(0x08), voteType),
            _fixed64Field(0x11, height),
            _fixed64Field(0x19, round),
            blockHash == 0 ? bytes("") : _blockIdField(blockHash, partsTotal, partsHash)
        );
        f.tail = abi.encodePacked(uint8(0x32), uint8(chainId.length), chainId);
    }

    function _fixed64Field(uint8 tag, uint64 value) private pure returns (bytes memory) {
        return value == 0 ? bytes("") : abi.encodePacked(tag, Protobuf.littleEndian(value));
    }

    /// CanonicalBlockID { 1 hash, 2 part_set_header: { 1 total, 2 hash } }.
    function _blockIdField(bytes32 blockHash, uint32 partsTotal, bytes32 partsHash)
        private
        pure
        returns (bytes memory)
    {
        bytes memory parts = abi.encodePacked(Protobuf.varintField(0x08, partsTotal), uint16(0x1220), partsHash);
        return abi.encodePacked(
            uint8(0x22), uint8(36 + parts.length), uint16(0x0a20), blockHash, uint8(0x12), uint8(parts.length), parts
        );
    }
}
