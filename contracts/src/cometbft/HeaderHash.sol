// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICometBftLedger} from "../interfaces/ICometBftLedger.sol";
import {Protobuf} from "./Protobuf.sol";
import {SimpleMerkle} from "./SimpleMerkle.sol";

/// The hash of a CometBFT header: the Merkle root over its fourteen fields, each encoded by protobuf (types/block.go,
/// Header.Hash), single values wrapped as a message with that value in field 1, and empty where the value is.
library HeaderHash {
    /// @param chainId  not empty, at most 127 bytes
    /// @param h        absent hashes are zero; the height is one of CometBFT's, below 2^63
    function hash(bytes memory chainId, ICometBftLedger.Header calldata h) internal view returns (bytes32) {
        bytes32[] memory leaves = new bytes32[](14);
        uint256 buffer; // above the free memory: 0x00, then a leaf's content
        assembly ("memory-safe") {
            buffer := mload(0x40)
            mstore8(buffer, 0)
        }
        uint256 content = buffer + 1;
        leaves[0] = _hash(buffer, _number(_number(content, 0x08, h.blockVersion), 0x10, h.appVersion));
        leaves[1] = _hash(buffer, _chainId(content, chainId));
        leaves[2] = _hash(buffer, _number(content, 0x08, h.height));
        leaves[3] = _hash(buffer, Protobuf.writeTimestamp(content, h.secs, h.nanos));
        leaves[4] = _hash(buffer, _blockId(content, h.lastBlockId));
        leaves[5] = _hash(buffer, _digest(content, h.lastCommitHash));
        leaves[6] = _hash(buffer, _digest(content, h.dataHash));
        leaves[7] = _hash(buffer, _digest(content, h.validatorsHash));
        leaves[8] = _hash(buffer, _digest(content, h.nextValidatorsHash));
        leaves[9] = _hash(buffer, _digest(content, h.consensusHash));
        leaves[10] = _hash(buffer, _digest(content, h.appHash));
        leaves[11] = _hash(buffer, _digest(content, h.lastResultsHash));
        leaves[12] = _hash(buffer, _digest(content, h.evidenceHash));
        leaves[13] = _hash(buffer, _address(content, h.proposer));
        return SimpleMerkle.root(leaves);
    }

    // Each writes a field at a place in memory, if its value is not empty, and returns the place after it.

    function _number(uint256 place, uint8 tag, uint64 value) private pure returns (uint256) {
        if (value == 0) return place;
        assembly ("memory-safe") {
            mstore8(place, tag)
        }
        unchecked {
            return Protobuf.writeVarint(place + 1, value);
        }
    }

    function _digest(uint256 place, bytes32 value) private pure returns (uint256) {
        return _digest(place, 0x0a, value);
    }

    function _digest(uint256 place, uint8 tag, bytes32 value) private pure returns (uint256) {
        if (value == 0) return place;
        assembly ("memory-safe") {
            mstore8(place, tag)
            mstore8(add(place, 1), 32)
            mstore(add(place, 2), value)
        }
        unchecked {
            return place + 34;
        }
    }

    function _address(uint256 place, bytes20 value) private pure returns (uint256) {
        assembly ("memory-safe") {
            mstore(place, shl(240, 0x0a14))
            mstore(add(place, 2), value)
        }
        return place + 22;
    }

    function _chainId(uint256 place, bytes memory chainId) private pure returns (uint256 end) {
        assembly ("memory-safe") {
            mstore8(place, 0x0a)
            mstore8(add(place, 1), mload(chainId))
            mcopy(add(place, 2), add(chainId, 32), mload(chainId))
            end := add(add(place, 2), mload(chainId))
        }
    }

    /// BlockID { hash, part_set_header: PartSetHeader { total, hash } }; the inner message is always there.
    function _blockId(uint256 place, ICometBftLedger.BlockId calldata id) private pure returns (uint256 end) {
        place = _digest(place, 0x0a, id.hash);
        end = _digest(_number(place + 2, 0x08, id.partsTotal), 0x12, id.partsHash);
        assembly ("memory-safe") {
            mstore8(place, 0x12)
            mstore8(add(place, 1), sub(end, add(place, 2)))
        }
    }

    function _hash(uint256 start, uint256 end) private view returns (bytes32 result) {
        bool ok;
        assembly ("memory-safe") {
            ok := staticcall(gas(), 2, start, sub(end, start), 0, 32)
            result := mload(0)
        }
        if (!ok) revert SimpleMerkle.PrecompileFailed();
    }
}
