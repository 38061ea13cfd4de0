// SPDX-License-Identifier: GPL-3.0-or-later
pragma solidity 0.8.37;

import {TrieProof} from "@openzeppelin/contracts/utils/cryptography/TrieProof.sol";
import {RlpItem} from "../../src/lib/RlpItem.sol";
import {TrieWalk} from "../../src/lib/TrieWalk.sol";

/// The walk, and OpenZeppelin's proof of presence as an independent check, each behind an external call: the walk
/// reads calldata, and a test can see either revert.
contract WalkCaller {
    enum Verdict {
        Refused,
        Absent,
        Present
    }

    /// The value is empty if the key is absent.
    function find(bytes32 root, bytes32 key, bytes[] calldata proof)
        public
        pure
        returns (bool present, bytes memory value)
    {
        (uint256 from, uint256 to) = TrieWalk.find(root, key, proof);
        value = new bytes(to - from);
        for (uint256 i = 0; i < value.length; ++i) {
            value[i] = bytes1(uint8(RlpItem.byteAt(from + i)));
        }
        return (from != 0, value);
    }

    function findByOpenZeppelin(bytes32 root, bytes32 key, bytes[] memory proof) external pure returns (bytes memory) {
        return TrieProof.traverse(root, abi.encodePacked(key), proof);
    }

    function ours(bytes32 root, bytes32 key, bytes[] calldata proof) external view returns (Verdict, bytes memory) {
        try this.find(root, key, proof) returns (bool present, bytes memory value) {
            return (present ? Verdict.Present : Verdict.Absent, value);
        } catch {
            return (Verdict.Refused, "");
        }
    }

    /// OpenZeppelin's knows no absence: what it does not find it refuses.
    function theirs(bytes32 root, bytes32 key, bytes[] calldata proof) external view returns (Verdict, bytes memory) {
        try this.findByOpenZeppelin(root, key, proof) returns (bytes memory value) {
            return (Verdict.Present, value);
        } catch {
            return (Verdict.Refused, "");
        }
    }
}
