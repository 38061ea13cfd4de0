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
        leaves[0] = SimpleMerkle.leaf(
            bytes.concat(Protobuf.varintField(0x08, h.blockVersion), Protobuf.varintField(0x10, h.appVersion))
        );
        leaves[1] = SimpleMerkle.leaf(abi.encodePacked(uint8(0x0a), uint8(chainId.length), chainId));
        leaves[2] = SimpleMerkle.leaf(Protobuf.varintField(0x08, h.height));
        leaves[3] = SimpleMerkle.leaf(Protobuf.timestamp(h.secs, h.nanos));
        leaves[4] = SimpleMerkle.leaf(_blockId(h.lastBlockId));
        leaves[5] = _hashLeaf(h.lastCommitHash);
        leaves[6] = _hashLeaf(h.dataHash);
        leaves[7] = _hashLeaf(h.validatorsHash);
        leaves[8] = _hashLeaf(h.nextValidatorsHash);
        leaves[9] = _hashLeaf(h.consensusHash);
        leaves[10] = _hashLeaf(h.appHash);
        leaves[11] = _hashLeaf(h.lastResultsHash);
        leaves[12] = _hashLeaf(h.evidenceHash);
        leaves[13] = SimpleMerkle.leaf(abi.encodePacked(uint16(0x0a14), h.proposer));
        return SimpleMerkle.root(leaves);
    }

    /// BytesValue, or nothing.
    function _hashLeaf(bytes32 value) private view returns (bytes32 result) {
        if (value == 0) return SimpleMerkle.EMPTY_LEAF;
        bool ok;
        assembly ("memory-safe") {
            mstore(0, shl(232, 0x000a20))
            mstore(3, value)
            ok := staticcall(gas(), 2, 0, 35, 0, 32)
            result := mload(0)
        }
        if (!ok) revert SimpleMerkle.PrecompileFailed();
    }

    /// BlockID { hash, part_set_header: PartSetHeader { total, hash } }; the inner message is always there.
    function _blockId(ICometBftLedger.BlockId calldata id) private pure returns (bytes memory) {
        bytes memory parts =
            bytes.concat(Protobuf.varintField(0x08, id.partsTotal), _bytes32Field(0x12, id.partsHash));
        return abi.encodePacked(_bytes32Field(0x0a, id.hash), uint8(0x12), uint8(parts.length), parts);
    }

    function _bytes32Field(uint8 tag, bytes32 value) private pure returns (bytes memory) {
        return value == 0 ? bytes("") : abi.encodePacked(tag, uint8(32), value);
    }
}
