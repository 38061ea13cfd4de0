// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {ICometBftLedger} from "../../src/interfaces/ICometBftLedger.sol";

/// CometBFT's hashes and sign bytes as its specification words them, slow and plain, for comparison.
library NaiveCometBft {
    uint256 private constant FR = 21888242871839275222246405745257275088548364400416034343698204186575808495617;

    function root(bytes[] memory leaves) internal pure returns (bytes32) {
        return _root(leaves, 0, leaves.length);
    }

    function _root(bytes[] memory leaves, uint256 from, uint256 to) private pure returns (bytes32) {
        if (to == from) return sha256("");
        if (to - from == 1) return sha256(bytes.concat(hex"00", leaves[from]));
        uint256 split = 1;
        while (2 * split < to - from) split *= 2;
        return sha256(bytes.concat(hex"01", _root(leaves, from, from + split), _root(leaves, from + split, to)));
    }

    function varint(uint256 v) internal pure returns (bytes memory) {
        return v < 128 ? bytes.concat(bytes1(uint8(v))) : bytes.concat(bytes1(uint8(v % 128 + 128)), varint(v / 128));
    }

    /// A number's field; left out at zero.
    function number(uint256 field, uint256 v) internal pure returns (bytes memory) {
        return v == 0 ? bytes("") : bytes.concat(varint(field << 3), varint(v));
    }

    /// A string's, bytes' or message's field, present whatever it holds.
    function message(uint256 field, bytes memory content) internal pure returns (bytes memory) {
        return bytes.concat(varint(field << 3 | 2), varint(content.length), content);
    }

    function fixed64(uint256 field, uint64 v) internal pure returns (bytes memory out) {
        if (v == 0) return "";
        out = varint(field << 3 | 1);
        for (uint256 i = 0; i < 8; ++i) {
            out = bytes.concat(out, bytes1(uint8(v >> (8 * i))));
        }
    }

    function optional(uint256 field, bytes32 v) internal pure returns (bytes memory) {
        return v == 0 ? bytes("") : message(field, bytes.concat(v));
    }

    function time(int64 secs, uint32 nanos) internal pure returns (bytes memory) {
        return bytes.concat(number(1, uint64(secs)), number(2, nanos));
    }

    function validator(bytes32 key, uint64 power) internal pure returns (bytes memory) {
        return bytes.concat(message(1, message(1, bytes.concat(key))), number(2, power));
    }

    function header(string memory chainId, ICometBftLedger.Header memory h) internal pure returns (bytes32) {
        bytes[] memory f = new bytes[](14);
        f[0] = bytes.concat(number(1, h.blockVersion), number(2, h.appVersion));
        f[1] = message(1, bytes(chainId));
        f[2] = number(1, h.height);
        f[3] = time(h.secs, h.nanos);
        f[4] = bytes.concat(
            optional(1, h.lastBlockId.hash),
            message(2, bytes.concat(number(1, h.lastBlockId.partsTotal), optional(2, h.lastBlockId.partsHash)))
        );
        f[5] = optional(1, h.lastCommitHash);
        f[6] = optional(1, h.dataHash);
        f[7] = optional(1, h.validatorsHash);
        f[8] = optional(1, h.nextValidatorsHash);
        f[9] = optional(1, h.consensusHash);
        f[10] = optional(1, h.appHash);
        f[11] = optional(1, h.lastResultsHash);
        f[12] = optional(1, h.evidenceHash);
        f[13] = message(1, bytes.concat(h.proposer));
        return root(f);
    }

    struct Vote {
        uint8 voteType;
        uint64 height;
        uint32 round;
        ICometBftLedger.BlockId id;
        int64 secs;
        uint32 nanos;
        string chainId;
    }

    function signBytes(Vote memory v) internal pure returns (bytes memory out) {
        bytes memory parts = bytes.concat(number(1, v.id.partsTotal), message(2, bytes.concat(v.id.partsHash)));
        bytes memory id = bytes.concat(message(1, bytes.concat(v.id.hash)), message(2, parts));
        out = bytes.concat(number(1, v.voteType), fixed64(2, v.height), fixed64(3, v.round));
        if (v.id.hash != 0) out = bytes.concat(out, message(4, id));
        out = bytes.concat(out, message(5, time(v.secs, v.nanos)), message(6, bytes(v.chainId)));
        return bytes.concat(varint(out.length), out);
    }

    function slot(bytes32 key, bytes memory signed) internal pure returns (bytes memory) {
        return bytes.concat(bytes1(uint8(signed.length)), key, signed, new bytes(217 - 33 - signed.length));
    }

    /// Sum of w_k x^k mod r over words of 31 bytes.
    function evaluate(bytes memory slots, uint256 x) internal pure returns (uint256 sum) {
        uint256 power = 1;
        for (uint256 at_ = 0; at_ < slots.length; at_ += 31) {
            uint256 word;
            for (uint256 i = 0; i < 31; ++i) {
                word = word << 8 | uint8(slots[at_ + i]);
            }
            sum = addmod(sum, mulmod(word, power, FR), FR);
            power = mulmod(power, x, FR);
        }
    }
}
